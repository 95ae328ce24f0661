import Crypto
import Foundation

/// A SHA-256 that grows with what it is given, written as 64 hexadecimal digits.
public struct Digest: Sendable {
  private var hash = SHA256()

  /// The digest of nothing yet.
  public init() {}

  /// The digest of bytes.
  public static func of(_ bytes: some Sequence<UInt8>) -> String {
    var digest = Digest()
    digest.add(Array(bytes))
    return digest.hexadecimal
  }

  /// Goes on with bytes.
  public mutating func add(_ bytes: [UInt8]) {
    // The buffer is read before the call returns, and not kept.
    unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
  }

  /// Goes on with the bytes of numbers, little-endian.
  public mutating func add<Number: BitwiseCopyable>(_ numbers: [Number]) {
    // Numbers of machines that Swift on Linux runs on are little-endian in memory; the buffer is not kept.
    unsafe numbers.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
  }

  /// The digest so far.
  public var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    let bytes = hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: bytes, as: UTF8.self)
  }
}
