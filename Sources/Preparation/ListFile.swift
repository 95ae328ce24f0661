import Foundation
import Shards
import Skeleton

/// A small text file of names or numbers that a user gives.
enum ListFile {
  /// The words of a text are parted by these: line breaks, blanks, commas, semicolons.
  static func parts(_ character: Character) -> Bool {
    character.isWhitespace || character == "," || character == ";"
  }

  /// The text of a file, without the byte order mark that some editors leave.
  ///
  /// - Parameters:
  ///   - what: what it should hold, for messages: `a list of samples`.
  ///   - hint: what the option takes.
  /// - Throws: ``InputError`` if it cannot be read, or is no text of UTF-8.
  static func text(_ path: String, _ what: String, hint: String = "") throws -> String {
    let data: Data
    do {
      data = try Disk.read(URL(fileURLWithPath: path))
    } catch {
      throw InputError(path, found: "\(what) that cannot be read", hint: hint, kind: .noInput)
    }
    return try text(data, path)
  }

  /// The text of a file's bytes.
  static func text(_ data: Data, _ path: String) throws -> String {
    if data.starts(with: [0xff, 0xfe]) || data.starts(with: [0xfe, 0xff]) {
      throw InputError(
        path, found: "text in UTF-16", expected: "plain text", hint: "save it as ASCII or UTF-8")
    }
    guard
      let text = String(
        data: data.starts(with: [0xef, 0xbb, 0xbf]) ? data.dropFirst(3) : data, encoding: .utf8)
    else { throw InputError(path, found: "bytes that are no text", expected: "ASCII or UTF-8") }
    return text
  }
}
