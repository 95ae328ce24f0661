import Foundation
import Testing

/// What `Tests/skipped.sh` makes of the output of a run of the tests.
@Suite struct SkippedTests {
  private func summary(of output: String) throws -> [String] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let process = Process()
    process.executableURL = root.appendingPathComponent("skipped.sh")
    let (input, result) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput) = (input, result)
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(output.utf8))
    try input.fileHandleForWriting.close()
    let text = try result.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test func whatIsSkippedIsCountedAndNamed() throws {
    let lines = try summary(
      of: """
        ◇ Test readsSkippedRows() started.
        ➜ Suite OracleTests skipped: "no x*.h5 in folder"
        ➜ Test one(path:) skipped: "no x*.h5 in folder"
        ➜ Test two() skipped: "no x*.h5 in folder"
        ➜ Test three() skipped.
        skipped: python3 has no numpy
        kill.py: skipped: no strace
        ✔ Test readsSkippedRows() passed after 0.1 seconds.
        """)
    #expect(
      lines == [
        "5 tests were skipped:", "     2  no x*.h5 in folder (one(path:), two())",
        "     1  no reason given (three())", "     1  python3 has no numpy", "     1  kill.py: no strace",
      ])
  }

  /// A test whose cases are files says why it has none, and Swift Testing says so once more; one that says nothing counts.
  @Test func withoutCasesIsNotWithoutWord() throws {
    let said = "skipped: no y*.h5 in folder\n➜ Test y(url:) skipped: \"No test cases found.\"\n"
    #expect(
      try summary(of: said) == [
        "1 test was skipped:", "     1  no y*.h5 in folder", "without cases: y(url:)",
      ])
    #expect(
      try summary(of: said + "➜ Test z(url:) skipped: \"No test cases found.\"\n") == [
        "2 tests were skipped:", "     1  no y*.h5 in folder", "     1  no case, and no word why",
        "without cases: y(url:), z(url:)",
      ])
  }

  @Test func nothingIsSaidToo() throws {
    #expect(try summary(of: "✔ Test run with 2 tests passed\n") == ["no test was skipped"])
  }
}
