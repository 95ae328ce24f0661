import Crypto
import Foundation

/// SHA-256 of bytes that arrive piece by piece; numbers count as their little-endian bytes.
public struct SHA256Digest: Sendable {
  private var state = SHA256()

  /// The digest of nothing yet.
  public init() {}

  /// Takes in bytes.
  public mutating func update(_ bytes: some DataProtocol) {
    state.update(data: bytes)
  }

  /// Takes in bytes that make up whole numbers or texts.
  public mutating func update(_ text: String) {
    state.update(data: Array(text.utf8))
  }

  /// Takes in numbers, four bytes each.
  public mutating func update(_ numbers: [Float]) {
    unsafe numbers.withUnsafeBytes { bytes in
      unsafe state.update(bufferPointer: bytes)  // Every platform that this builds for is little-endian.
    }
  }

  /// Takes in one number of as many bytes as its type has.
  public mutating func update(_ number: some FixedWidthInteger) {
    unsafe withUnsafeBytes(of: number.littleEndian) { bytes in
      unsafe state.update(bufferPointer: bytes)
    }
  }

  /// The digest of everything taken in so far, as 64 lower-case hexadecimal digits.
  public var hex: String { Self.text(state.finalize()) }

  /// The digest of bytes, as 64 lower-case hexadecimal digits.
  public static func hex(of bytes: some DataProtocol) -> String { text(SHA256.hash(data: bytes)) }

  /// Whether the text has the form of a digest.
  public static func isDigest(_ text: String) -> Bool {
    text.utf8.count == 64 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }

  private static func text(_ digest: SHA256.Digest) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let bytes = digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: bytes, as: UTF8.self)
  }
}
