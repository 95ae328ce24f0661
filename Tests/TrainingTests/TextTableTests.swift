import Reporting
import Testing

/// Tables and histograms of other people's names.
@Suite struct TextTableTests {
  @Test func cellsStayInTheirPlace() {
    let table = TextTable(header: ["na\u{1B}me", "n"], rows: [["a\nb\u{202E}", "1"], ["c", "22"]])
    let lines = table.description.split(separator: "\n")
    #expect(lines.count == 4 && Set(lines.map(\.count)).count == 1)
    #expect(lines[0].hasPrefix("na\\u{1B}me") && lines[2].hasPrefix("a\\u{A}b\\u{202E}"))
    #expect(TextHistogram([("x\u{1B}", 1)]).description.hasPrefix("x\\u{1B}"))
  }
}
