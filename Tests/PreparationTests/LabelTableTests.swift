import Formats
import Testing

/// Tables of labels, and what is said of those that are none.
@Suite struct LabelTableTests {
  private func parse(_ text: String) throws -> LabelTable { try LabelTable.parse(Array(text.utf8).span) }

  @Test func columnsStandInAnyOrder() throws {
    let table = try parse(
      "Class;file;Subject;end;start;note\n\"sit; down\";a b.csv;S10;20;5;x\nfall;b;S2;;;\n")
    #expect(table.rows.count == 2)
    #expect(table.rows[0].name == "a b.csv" && table.rows[0].label == "sit; down")
    #expect(table.rows[0].start == 5 && table.rows[0].end == 20 && table.rows[1].start == nil)
    #expect(
      table.classes == ["fall", "sit; down"] && table.subjects == ["S2", "S10"] && table.cameras == [])
    #expect(try parse("name,class\na,10\nb,9\nc,10\n").classes == ["9", "10"])
  }

  @Test(arguments: [
    ("", "empty"), ("name,class\n", "empty"), ("class,subject\nfall,S1\n", "no-column"),
    ("name,name\na,b\n", "no-column"), ("name,class\na\n", "word-count"),
    ("name,class\n,fall\n", "bad-token"),
    ("name,class,start\na,fall,-1\n", "bad-token"), ("name,class,start,end\na,fall,5,5\n", "bad-token"),
    ("name,class\na,fa\u{7}ll\n", "bad-token"),
    ("name,class\na,\(String(repeating: "x", count: 300))\n", "bad-token"),
  ])
  func whatIsNoTableIsNamed(text: String, kind: String) {
    #expect { try parse(text) } throws: { ($0 as? PoseFileError)?.kind == kind }
  }
}
