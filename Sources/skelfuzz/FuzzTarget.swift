import Foundation
import Shards
import Skeleton

/// A reader, and what must be true of whatever it accepts.
struct FuzzTarget: Sendable {
  /// What came of an input.
  enum Outcome {
    /// It is not a file of the kind, and the reader said so.
    case refused
    /// It was read, and what was read holds together.
    case read
  }

  /// A reader accepted something and made nonsense of it.
  struct Contradiction: Error, CustomStringConvertible {
    let description: String
  }

  /// Where a reader of files finds what it needs.
  struct Place {
    /// A path of this thread's own, to put an input at.
    let file: URL
    /// The folder of all files to start from, in which some belong together.
    let corpus: URL
  }

  let name: String
  /// Whether lines and words are changed too, and not bytes alone.
  var isText = false
  /// Words to put in.
  let words: [[UInt8]]
  /// Within how many of its first bytes an input is changed most often; nil where no part matters more.
  var head: Int?
  /// How many bytes a reader may hold beside four times those of its input: the limit that it states.
  var allowance = 2 << 20
  /// Makes checksums right that would otherwise hide what is behind them.
  var repair: (@Sendable (inout [UInt8]) -> Void)?
  /// Reads the bytes.
  let read: @Sendable (_ bytes: [UInt8], _ place: Place) throws -> Outcome

  static let all: [FuzzTarget] = [
    .ntu, .pku, .labels, .zip, .tar, .gzip, .shard, .safetensors, .checkpoint, .state, .head, .recipe,
    .manifest, .split, .npy, .npz, .pickle, .table, .poseJSON, .labelTable, .layout,
  ]

  /// The most memory that reading an input may take.
  func limit(_ input: [UInt8]) -> Int { 4 * input.count + allowance }

  /// Numbers at the edges of types and of the scanner's fast paths, and what is no number.
  static let numbers: [[UInt8]] = [
    "0", "-0", "1", "-1", "25", "24", "26", "255", "65536", "2147483647", "2147483648", "4294967296",
    "9007199254740993", "9223372036854775807", "9223372036854775808", "18446744073709551615",
    "18446744073709551616", "99999999999999999999999999999999999999", "007", "+7", "1e3", "1e-3", "1E+22",
    "1e23",
    "1e308", "1e309", "-1e400", "4.9e-324", "1e-400", "1e99999999999999999999", "0.1e", ".5", "5.", ".", "-",
    "+-1",
    "nan", "-NaN", "inf", "Infinity", "0x10", "1,5", "1_000", "\u{feff}1", "\u{0}", "\r", "\t", "\n", " ",
    "\r\n", ",",
    "0.1234567890123456789012345678901234567890", "123456789012345678.9", "-72057594037931101",
  ].map { Array($0.utf8) }
}
