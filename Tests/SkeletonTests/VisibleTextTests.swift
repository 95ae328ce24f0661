import Skeleton
import Testing

/// Other people's text as it is shown.
@Suite struct VisibleTextTests {
  @Test(arguments: [
    ("S001C001P001R001A001", "S001C001P001R001A001"), ("größer 日本 👩‍🔬 ❤️", "größer 日本 👩‍🔬 ❤️"),
    ("a\u{1B}[2Jb", "a\\u{1B}[2Jb"), ("a\rb\u{7}\u{0}", "a\\u{D}b\\u{7}\\u{0}"),
    ("\u{9B}31m", "\\u{9B}31m"), ("exe.\u{202E}gpj", "exe.\\u{202E}gpj"),
    ("\u{200F}\u{2066}", "\\u{200F}\\u{2066}"),
    // Each of these is one character with the one before it.
    ("a\u{301}\u{200E}", "a\u{301}\\u{200E}"), ("\r\n", "\\u{D}\n"), ("\u{600}\u{1B}", "\u{600}\\u{1B}"),
    ("line\nnext\tcolumn", "line\nnext\tcolumn"),
  ])
  func controlsAreWrittenOut(text: String, shown: String) {
    #expect(Array(text.visible.unicodeScalars) == Array(shown.unicodeScalars))
    #expect(text.visible.visible == text.visible)
  }

  @Test func aLineStaysOne() {
    #expect("a\nb\tc\u{2028}d".visibleLine == "a\\u{A}b\\u{9}c\\u{2028}d")
  }

  @Test func errorsShowWhatTheyName() {
    let error = InputError(
      "a\u{1B}[31m\nb", at: "line\u{202E} 1", found: "x\u{8}\ny", expected: "\u{9B}", hint: "\u{7}")
    #expect(
      error.description
        == "a\\u{1B}[31m\\u{A}b: line\\u{202E} 1: x\\u{8}\ny; expected \\u{9B}\n  hint: \\u{7}")
  }
}
