/// Why a text is not a recording, and at which byte that shows.
public struct SkeletonTextError: Error, Equatable, Sendable {
  /// What is wrong with a text.
  public enum Reason: Equatable, Sendable {
    /// There is nothing in the file.
    case empty
    /// A NUL byte: the usual trace of a copy that was cut off before its data reached the disk.
    case nulByte
    /// Text of two bytes a character, as some programs on Windows write it.
    case utf16
    /// The file ends before the counts in it are fulfilled.
    case truncated
    /// A word that is not what stands here.
    case badToken(expected: String)
    /// A number that is written as not-a-number or infinite, where there is no place for it.
    case notFinite
    /// A number beyond what a Double holds.
    case outOfRange
    /// A body of another number of joints than 25.
    case jointCount(Int)
    /// A line of too few or too many words.
    case wordCount(found: Int, expected: Int)
    /// Something follows the last frame.
    case trailingData
    /// The file is larger than a recording can be.
    case tooLarge(limit: Int)
    /// There are more frames, or rows of labels, than a recording can have.
    case tooLong(limit: Int)
    /// The checksum of the archive or of gzip is another one.
    case checksum
    /// The archive states another size.
    case sizeMismatch(claimed: UInt64)
    /// What the archive says of the file and what stands before it there differ.
    case headerMismatch
    /// No deflated data, or damaged ones.
    case badCompression
    /// It unpacks to so many times its stored size as no recording does.
    case expansion(ratio: Int)
  }

  /// What is wrong.
  public let reason: Reason
  /// The byte, from 0, at which it shows.
  public let offset: Int

  /// Describes what is wrong.
  public init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  /// One word for tables and totals.
  public var kind: String {
    switch reason {
    case .empty: "empty"
    case .nulByte: "nul-byte"
    case .utf16: "utf-16"
    case .truncated: "truncated"
    case .badToken: "bad-token"
    case .notFinite: "not-finite"
    case .outOfRange: "out-of-range"
    case .jointCount: "joint-count"
    case .wordCount: "word-count"
    case .trailingData: "trailing-data"
    case .tooLarge: "too-large"
    case .tooLong: "too-long"
    case .checksum: "checksum"
    case .sizeMismatch: "size-mismatch"
    case .headerMismatch: "header-mismatch"
    case .badCompression: "bad-compression"
    case .expansion: "expansion"
    }
  }

  /// Place, found and expected, as a sentence without the file's name.
  public var sentence: String {
    let (found, expected): (String, String?) =
      switch reason {
      case .empty: ("the file is empty", nil)
      case .nulByte: ("a NUL byte", "text")
      case .utf16: ("text in UTF-16", "plain text: save it as ASCII or UTF-8")
      case .truncated: ("the end of the file", "the rest of what it announces")
      case .badToken(let expected): ("another word", expected)
      case .notFinite: ("a number that is not finite", "a confidence")
      case .outOfRange: ("a number that is too large", "a confidence")
      case .jointCount(let count): ("\(count) joints", "25")
      case .wordCount(let found, let expected): ("\(found) words in the line", "\(expected)")
      case .trailingData: ("text after the last frame", "the end of the file")
      case .tooLarge(let limit): ("more than \(limit) bytes", "a recording of some megabytes")
      case .tooLong(let limit): ("more than \(limit) frames or rows", "a recording of some minutes")
      case .checksum: ("data with another checksum", "the one that is stated")
      case .sizeMismatch(let claimed): ("data of another size", "\(claimed) bytes, as the archive states")
      case .headerMismatch: ("a header that is not that of the directory", "the same name in both")
      case .badCompression: ("no deflated data, or damaged ones", nil)
      case .expansion(let ratio): ("data that grow more than \(ratio) times", "a recording of some megabytes")
      }
    return "byte \(offset): \(found)" + (expected.map { "; expected \($0)" } ?? "")
  }
}
