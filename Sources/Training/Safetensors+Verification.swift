import Crypto
import Foundation
import Skeleton

extension Safetensors {
  /// The texts of a file, without its arrays being read or checked.
  public static func metadata(of url: URL) throws -> [String: String] {
    let file = try FileHandle(forReadingFrom: url)
    defer { try? file.close() }
    return try header(file)?.header.metadata ?? [:]
  }

  /// Reads a file piece by piece and compares it with the digests in its texts, in little memory.
  ///
  /// - Returns: the file's texts.
  /// - Throws: an `InputError` for a file that is not there, is no safetensors file, or differs from its digests.
  public static func verify(_ url: URL) throws -> [String: String] {
    func refuse(_ found: String, _ expected: String = "") -> InputError {
      InputError(url.path, found: found, expected: expected, hint: "the file is damaged")
    }
    let file: FileHandle
    do { file = try FileHandle(forReadingFrom: url) } catch {
      throw InputError(url.path, found: "cannot be read: \(error.localizedDescription)", kind: .noInput)
    }
    defer { try? file.close() }
    do {
      guard let (header, length) = try header(file) else {
        throw refuse("a header that is no JSON object of arrays")
      }
      guard let stored = header.metadata["sha256"] else { throw refuse("no SHA-256 in the texts") }
      if let stored = header.metadata["header_sha256"] {
        let digest = try header.digest
        guard digest == stored else { throw refuse("a header with SHA-256 \(digest)", stored) }
      }
      try file.seek(toOffset: UInt64(8 + length))
      var hash = SHA256()
      while let piece = try file.read(upToCount: 1 << 22), !piece.isEmpty { hash.update(data: piece) }
      let digest = hash.finalize().hexadecimal
      guard digest == stored else { throw refuse("arrays with SHA-256 \(digest)", stored) }
      return header.metadata
    } catch let error as InputError {
      throw error
    } catch {
      throw InputError(
        url.path, found: "cannot be read: \(error.localizedDescription)", kind: .inputOutput)
    }
  }

  /// A file's header and its length in bytes; nil if there is none.
  private static func header(_ file: FileHandle) throws -> (header: Header, length: Int)? {
    let start = try file.read(upToCount: 8) ?? Data()
    let length = start.enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << (8 * UInt64($1.offset)) }
    guard start.count == 8, length <= largestHeader else { return nil }
    let text = try file.read(upToCount: Int(length)) ?? Data()
    return (try? JSONDecoder().decode(Header.self, from: text)).map { ($0, Int(length)) }
  }
}

extension Digest {
  /// The bytes as text, two digits each.
  var hexadecimal: String { map { String(format: "%02x", $0) }.joined() }
}
