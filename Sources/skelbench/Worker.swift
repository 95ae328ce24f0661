import ArgumentParser
import Foundation

/// A program that answers lines on its standard input with lines of JSON, one at a time, and waits meanwhile.
final class Worker {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private let name: String
  private var unread = Data()

  /// Starts the program, found as the shell finds it, and waits until it says that it is ready.
  init(_ words: [String]) throws {
    name = words.joined(separator: " ")
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    _ = try line()
  }

  /// The answer to a line.
  func ask<Answer: Decodable>(_ question: String, as type: Answer.Type = Answer.self) throws -> Answer {
    try input.fileHandleForWriting.write(contentsOf: Data("\(question)\n".utf8))
    return try JSONDecoder().decode(type, from: try line())
  }

  /// The most memory that was resident at a time since the start, in MiB.
  var peakMebibytes: Double {
    let status =
      (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return (Double(line.split(whereSeparator: \.isWhitespace).dropFirst().first ?? "") ?? .nan) / 1024
  }

  /// Ends the program, by the end of its input.
  func end() {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  private func line() throws -> Data {
    while true {
      if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
        defer { unread = Data(unread[(end + 1)...]) }
        return Data(unread[..<end])
      }
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { throw ValidationError("\(name) ended") }
      unread += more
    }
  }
}
