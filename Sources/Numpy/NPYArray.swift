/// An array that is going to be written: its name, the type of its elements, its shape. C order.
public struct NPYArray: Sendable, Equatable {
  /// The name inside an npz file.
  public let name: String
  /// The type of the elements.
  public let element: NPYElement
  /// The extents, slowest first.
  public let shape: [Int]

  /// An array of this name.
  public init(_ name: String, _ element: NPYElement, shape: [Int]) {
    self.name = name
    self.element = element
    self.shape = shape
  }

  var header: NPYHeader { NPYHeader(element, shape: shape) }
}

/// Values as the bytes of an array.
public enum NPYBytes {
  /// Numbers, little-endian as every platform is that this builds for.
  public static func of<Value: BitwiseCopyable>(_ values: [Value]) -> [UInt8] {
    unsafe values.withUnsafeBytes { unsafe Array($0) }
  }

  /// Texts of at most `length` characters each, which are ASCII here.
  public static func of(_ texts: [String], length: Int) -> [UInt8] {
    var characters: [UInt32] = []
    characters.reserveCapacity(texts.count * length)
    for text in texts {
      let scalars = text.unicodeScalars.map(\.value)
      precondition(scalars.count <= length, "\(text) is longer than \(length) characters")
      characters += scalars + [UInt32](repeating: 0, count: length - scalars.count)
    }
    return of(characters)
  }
}
