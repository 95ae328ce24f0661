import Foundation
import Shards
import Skeleton

/// An array in somebody's npy or npz file, read where it is asked for.
///
/// The file is mapped, so memory holds what is being looked at. Only the header is trusted, and only after the file
/// has turned out to be long enough for what it says.
public struct NumpyInput: Sendable {
  /// What messages call the array: the file, and the member of an npz.
  public let name: String
  /// What the bytes are.
  public let header: NPYHeader
  private let bytes: Data
  private let start: Int

  /// Opens an npy file.
  public init(npy url: URL) throws {
    _ = try OpenFile(url)  // A pipe would be waited for.
    let bytes: Data
    do {
      bytes = try Data(contentsOf: url, options: .alwaysMapped)
    } catch {
      throw InputError(url.path, found: "cannot be read (\(error.localizedDescription))", kind: .noInput)
    }
    try self.init(bytes, name: url.path)
  }

  /// Opens a member of an npz file: it is unpacked into a file without a name, and its checksum compared.
  ///
  /// - Parameter member: the array's name, without `.npy`.
  public init(npz url: URL, member: String) throws {
    try self.init(
      try NPZMember.unpack(member, of: url), name: "\(url.path): \(member)")
  }

  /// The names of the arrays in an npz file, without `.npy`.
  public static func members(ofNPZ url: URL) throws -> [String] { try NPZMember.names(in: url) }

  /// An array in memory: the bytes of an npy file.
  ///
  /// - Parameter name: what messages call it.
  /// - Throws: an `InputError` for bytes that are no such file, or end too early.
  public init(_ bytes: Data, name: String) throws {
    let (header, size) = try NPYHeader.parse(Array(bytes.prefix(NPYHeader.longestText + 12)), name: name)
    guard bytes.count - size >= header.dataBytes else {
      throw InputError(
        name, at: "byte \(bytes.count)", found: "the end of the file",
        expected:
          "\(header.dataBytes) bytes of data after a header of \(size), for the shape \(header.shape)",
        hint: "a copy that broke off looks like this")
    }
    self.name = name
    self.header = header
    self.bytes = bytes
    start = size
  }

  /// Elements that stand one after another in C order, as `Float`; wherever the file has them.
  ///
  /// - Throws: `InputError` for an array of texts.
  public func floats(_ range: Range<Int>) throws -> [Float] {
    precondition(range.lowerBound >= 0 && range.upperBound <= header.count, "\(range) of \(header.count)")
    switch header.element {
    case .float16: return raw(range, of: UInt16.self).map { Float(Float16(bitPattern: $0)) }
    case .float32: return raw(range, of: UInt32.self).map { Float(bitPattern: $0) }
    case .float64: return raw(range, of: UInt64.self).map { Float(Double(bitPattern: $0)) }
    case .uint8: return raw(range, of: UInt8.self).map { Float($0) }
    case .int32: return raw(range, of: UInt32.self).map { Float(Int32(bitPattern: $0)) }
    case .int64: return raw(range, of: UInt64.self).map { Float(Int64(bitPattern: $0)) }
    case .text:
      throw InputError(name, found: "texts", expected: "numbers")
    }
  }

  /// All elements as whole numbers.
  ///
  /// - Throws: `InputError` for an array of anything else.
  public func integers() throws -> [Int] {
    switch header.element {
    case .uint8: return raw(0..<header.count, of: UInt8.self).map { Int($0) }
    case .int32: return raw(0..<header.count, of: UInt32.self).map { Int(Int32(bitPattern: $0)) }
    case .int64: return raw(0..<header.count, of: UInt64.self).map { Int(Int64(bitPattern: $0)) }
    default:
      throw InputError(name, found: "elements of the type \(header.element.code)", expected: "whole numbers")
    }
  }

  /// All elements as texts.
  ///
  /// - Throws: `InputError` for an array of anything else.
  public func texts() throws -> [String] {
    guard case .text(let length) = header.element else {
      throw InputError(name, found: "elements of the type \(header.element.code)", expected: "texts")
    }
    return (0..<header.count).map { index in
      let first = start + index * 4 * length
      let characters = stride(from: first, to: first + 4 * length, by: 4).map {
        number(at: $0, of: UInt32.self)
      }
      let scalars = characters.prefix { $0 != 0 }.map { Unicode.Scalar($0) ?? "\u{fffd}" }
      return String(String.UnicodeScalarView(scalars))
    }
  }

  /// The bits of elements in C order.
  private func raw<Bits: FixedWidthInteger & UnsignedInteger>(_ range: Range<Int>, of type: Bits.Type)
    -> [Bits]
  {
    let size = Bits.bitWidth / 8
    if !header.isFortranOrder || header.shape.count < 2 {
      return range.map { number(at: start + $0 * size, of: type) }
    }
    // In Fortran order the first axis varies fastest: the place is that of the reversed index in the reversed shape.
    var strides: [Int] = []
    var stride = 1
    for extent in header.shape {
      strides.append(stride)
      stride *= extent
    }
    return range.map { index in
      var rest = index
      var place = 0
      for (extent, stride) in zip(header.shape, strides).reversed() {
        place += rest % extent * stride
        rest /= extent
      }
      return number(at: start + place * size, of: type)
    }
  }

  private func number<Bits: FixedWidthInteger & UnsignedInteger>(at place: Int, of type: Bits.Type) -> Bits {
    // The mapping's own bounds are checked; numbers need not be aligned in a file.
    let bits = unsafe bytes.withUnsafeBytes { buffer in
      unsafe buffer.loadUnaligned(fromByteOffset: place, as: type)
    }
    return header.isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits)
  }
}
