/// The types of elements that are written and read here, little-endian unless a header says otherwise.
public enum NPYElement: Sendable, Equatable {
  /// IEEE floating point.
  case float16, float32, float64
  /// Whole numbers.
  case uint8, int32, int64
  /// Text of so many characters, four bytes each, filled up with zeros.
  case text(Int)

  /// The type as numpy writes it: `<f4`.
  public var code: String {
    switch self {
    case .float16: "<f2"
    case .float32: "<f4"
    case .float64: "<f8"
    case .uint8: "|u1"
    case .int32: "<i4"
    case .int64: "<i8"
    case .text(let length): "<U\(length)"
    }
  }

  /// Bytes of one element.
  public var byteCount: Int {
    switch self {
    case .uint8: 1
    case .float16: 2
    case .float32, .int32: 4
    case .float64, .int64: 8
    case .text(let length): 4 * length
    }
  }

  /// Reads numpy's code, and whether the bytes of an element come in the other order; nil for other types, and for texts
  /// without characters, of which a file of a hundred bytes could claim any number.
  static func reading(_ code: String) -> (element: NPYElement, isBigEndian: Bool)? {
    guard let order = code.first, "<>|=".contains(order) else { return nil }
    let rest = code.dropFirst()
    let known: [Substring: NPYElement] = [
      "f2": .float16, "f4": .float32, "f8": .float64, "u1": .uint8, "b1": .uint8, "i4": .int32, "i8": .int64,
    ]
    if let element = known[rest] { return (element, order == ">") }
    if rest.first == "U", let length = Int(rest.dropFirst()), (1...65536).contains(length) {
      return (.text(length), order == ">")
    }
    return nil
  }
}
