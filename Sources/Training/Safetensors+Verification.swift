import Crypto
import Foundation
import Shards
import Skeleton

extension Safetensors {
  /// The texts of a file, without its arrays being read or checked; none if it is no safetensors file.
  ///
  /// - Throws: an `InputError` if it is not there or cannot be read.
  public static func metadata(of url: URL) throws -> [String: String] {
    try header(OpenFile(url))?.header.metadata ?? [:]
  }

  /// Reads a file piece by piece and compares it with the digests in its texts, in little memory.
  ///
  /// - Returns: the file's texts.
  /// - Throws: an `InputError` for a file that is not there, is no safetensors file, differs from its digests, or has
  ///   numbers that are not finite.
  public static func verify(_ url: URL) throws -> [String: String] {
    func refuse(_ found: String, _ expected: String = "") -> InputError {
      InputError(url.path, found: found, expected: expected, hint: "the file is damaged")
    }
    let file = try OpenFile(url)
    guard let (header, length) = try header(file) else {
      throw refuse("a header that is no JSON object of arrays")
    }
    guard let stored = header.metadata["sha256"] else { throw refuse("no SHA-256 in the texts") }
    if let stored = header.metadata["header_sha256"] {
      let digest = try header.digest
      guard digest == stored else { throw refuse("a header with SHA-256 \(digest)", stored) }
    }
    var hash = SHA256()
    var end = 0
    for (name, array) in header.ordered {
      guard array.data_offsets.count == 2, array.data_offsets[0] == end, array.data_offsets[1] >= end else {
        throw refuse("\(name) at \(array.data_offsets)", "it to start at \(end)")
      }
      while end < array.data_offsets[1] {
        let piece = try file.bytes(at: 8 + length + end, min(array.data_offsets[1] - end, 1 << 22))
        if piece.isEmpty { throw refuse("\(name) up to \(array.data_offsets[1]), behind the end") }
        hash.update(data: piece)
        end += piece.count
        if array.dtype == "F32" && !numbers(piece, zero: Float(0)).allSatisfy(\.isFinite) {
          throw InputError(
            url.path, at: name, found: "a number that is not finite",
            hint: "the weights are of a run that diverged, or the file is damaged")
        }
      }
    }
    guard 8 + length + end == file.size else { throw refuse("bytes after the last array") }
    let digest = hash.finalize().hexadecimal
    guard digest == stored else { throw refuse("arrays with SHA-256 \(digest)", stored) }
    return header.metadata
  }

  /// A file's header and its length in bytes; nil if there is none.
  private static func header(_ file: OpenFile) throws -> (header: Header, length: Int)? {
    let start = try file.bytes(at: 0, 8)
    let length = headerLength(start)
    guard start.count == 8, length <= largestHeader, Int(length) <= file.size - 8 else { return nil }
    return Header(try file.bytes(at: 8, Int(length))).map { ($0, Int(length)) }
  }
}

extension Digest {
  /// The bytes as text, two digits each.
  var hexadecimal: String { map { String(format: "%02x", $0) }.joined() }
}
