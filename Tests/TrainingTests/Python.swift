import Foundation
import Testing

/// Python programs that look at our files.
enum Python {
  /// Runs a program, and expects it to succeed.
  ///
  /// - Returns: what it printed, or nil, with a message, where a module that it needs is missing.
  static func run(_ program: String, needing module: String, _ arguments: [String]) throws -> String? {
    guard try start("import \(module)", []).status == 0 else {
      print("skipped: python3 has no \(module)")
      return nil
    }
    let (status, text) = try start(program, arguments)
    #expect(status == 0, "\(text)")
    return text
  }

  private static func start(
    _ program: String, _ arguments: [String]
  ) throws -> (status: Int32, text: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }
}
