import Skeleton

/// The start of an npy file: what its bytes are. Format: numpy's NEP 1.
public struct NPYHeader: Sendable, Equatable {
  /// The type of the elements.
  public var element: NPYElement
  /// Whether the bytes of each element come highest first.
  public var isBigEndian = false
  /// Whether the first axis is the one that varies fastest.
  public var isFortranOrder = false
  /// The extents; empty for a single value.
  public var shape: [Int]

  /// The header of an array in C order.
  public init(_ element: NPYElement, shape: [Int]) {
    self.element = element
    self.shape = shape
  }

  /// The number of elements; a header that was read has one that fits.
  public var count: Int { shape.reduce(1, *) }
  /// The bytes of all elements.
  public var dataBytes: Int { count * element.byteCount }

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// Longer headers are refused, as numpy itself does.
  static let longestText = 10_000

  /// The bytes in front of the data, a multiple of 64.
  public var bytes: [UInt8] {
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let order = isFortranOrder ? "True" : "False"
    var text = Array(
      "{'descr': '\(element.code)', 'fortran_order': \(order), 'shape': (\(extents)), }".utf8)
    let unpadded = NPYHeader.magic.count + 4 + text.count + 1
    text += [UInt8](repeating: UInt8(ascii: " "), count: (64 - unpadded % 64) % 64)
    text.append(UInt8(ascii: "\n"))
    return NPYHeader.magic + [1, 0, UInt8(text.count & 255), UInt8(text.count >> 8)] + text
  }

  /// Reads a header from the first bytes of a file.
  ///
  /// - Parameters:
  ///   - start: the file's start, at least as much of it as the header takes.
  ///   - name: what messages call the file.
  /// - Returns: the header, and the number of bytes that it takes.
  /// - Throws: `InputError` with the byte that is wrong.
  public static func parse(_ start: [UInt8], name: String) throws -> (header: NPYHeader, size: Int) {
    guard start.count >= 10, start.starts(with: magic) else {
      throw InputError(name, at: "byte 0", found: "no numpy array", expected: "\\x93NUMPY")
    }
    let version = start[6]
    guard (1...3).contains(version), start[7] == 0 else {
      throw InputError(
        name, at: "byte 6", found: "version \(version).\(start[7])", expected: "1.0, 2.0 or 3.0")
    }
    let textStart = version == 1 ? 10 : 12
    guard start.count >= textStart else { throw cut(name, start.count) }
    let length = start[8..<textStart].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= longestText else {
      throw InputError(
        name, at: "byte 8", found: "a header of \(length) bytes", expected: "at most \(longestText)")
    }
    guard start.count >= textStart + length else { throw cut(name, start.count) }
    var reader = NPYHeaderText(start[textStart..<(textStart + length)], name: name)
    return (try reader.header(), textStart + length)
  }

  private static func cut(_ name: String, _ count: Int) -> InputError {
    InputError(
      name, at: "byte \(count)", found: "the end of the file", expected: "the rest of the header")
  }
}
