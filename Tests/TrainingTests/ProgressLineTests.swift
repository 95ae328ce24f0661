import Testing

@testable import Reporting

@Suite struct ProgressLineTests {
  @Test func onlyATerminalThatErasesIsRedrawn() {
    #expect(ProgressLine.canRedraw("xterm-256color"))
    for terminal in ["dumb", "", nil] { #expect(!ProgressLine.canRedraw(terminal)) }
  }

  @Test func aRedrawnLineFitsItsTerminal() {
    #expect(ProgressLine.fitting("12345", columns: 6) == "12345")
    #expect(ProgressLine.fitting("123456", columns: 6) == "1234…")
    #expect(ProgressLine.fitting("123456", columns: 0) == "…")
  }
}
