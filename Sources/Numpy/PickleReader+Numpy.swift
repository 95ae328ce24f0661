import Skeleton

/// What numpy's numbers and arrays are pickled as: calls of a few functions, none of which is run.
enum NumpyFunction: Sendable {
  /// `scalar(dtype, bytes)`: a number or a text.
  case scalar
  /// `dtype("f8", …)`, whose order of bytes comes later.
  case dtype
  /// `_reconstruct(ndarray, …)`: an array, whose shape and numbers come later.
  case reconstruct
  /// `_frombuffer(bytes, dtype, shape, …)`: an array.
  case fromBuffer
  /// `encode(text, "latin1")`: how protocol 2 writes bytes.
  case encode
  /// `ndarray`, an argument of others.
  case ndarray
}

/// The type of numpy's numbers: `<f8`.
struct NumpyType: Sendable {
  /// `f`, `i`, `u`, `b`, or `U` and `S` for texts.
  let kind: Character
  /// Bytes of a value; of `U` four for each character.
  let size: Int
  var isBigEndian: Bool

  /// `f8`, `U12`, `<i8`; nil for types of other things than numbers and texts.
  init?(_ name: String) {
    var name = name[...]
    isBigEndian = name.first == ">"
    if let order = name.first, "<>=|".contains(order) { name = name.dropFirst() }
    guard let kind = name.first, "fiubUS".contains(kind), let count = Int(name.dropFirst()),
      (1...1024).contains(count)
    else { return nil }
    if kind == "f" && ![4, 8].contains(count) || "iub".contains(kind) && ![1, 2, 4, 8].contains(count) {
      return nil
    }
    self.kind = kind
    size = kind == "U" ? 4 * count : count
  }

  /// The value that the bytes are, as many as ``size``; nil for a text that is none.
  func value(_ bytes: ArraySlice<UInt8>) -> PickleReader.Value? {
    let bits = (isBigEndian ? Array(bytes) : bytes.reversed()).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    switch kind {
    case "f": return .number(size == 4 ? Double(Float(bitPattern: UInt32(bits))) : Double(bitPattern: bits))
    case "i":
      let unused = UInt64(64 - 8 * size)
      return .integer(Int(Int64(bitPattern: bits << unused) >> Int64(unused)))
    case "u", "b": return Int(exactly: bits).map { .integer($0) }
    case "S": return .bytes(bytes.prefix { $0 != 0 })
    default:
      var text = ""
      for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: 4) {
        let four = bytes[start..<(start + 4)]
        let code = (isBigEndian ? Array(four) : four.reversed()).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        if code == 0 { break }
        guard let scalar = Unicode.Scalar(code) else { return nil }
        text.unicodeScalars.append(scalar)
      }
      return .text(text)
    }
  }
}

extension PickleReader {
  /// The function of that name, if it makes numbers.
  func function(_ module: String, _ name: String, at start: Int) throws -> NumpyFunction {
    // numpy 2 has moved its modules.
    switch (module.replacing("._core.", with: ".core."), name) {
    case ("numpy.core.multiarray", "scalar"): .scalar
    case ("numpy.core.multiarray", "_reconstruct"): .reconstruct
    case ("numpy.core.numeric", "_frombuffer"): .fromBuffer
    case ("numpy", "dtype"): .dtype
    case ("numpy", "ndarray"): .ndarray
    case ("_codecs", "encode"): .encode
    default:
      throw fault(at: start, "\(module).\(name), which makes other things than lists of names and numbers")
    }
  }

  /// What a call makes.
  mutating func result(of function: Value, _ arguments: Value, at start: Int) throws -> Value {
    guard case .function(let function) = function, case .list(let list) = arguments else {
      throw fault(at: start, "a call of something that is no function")
    }
    let values = lists[list]
    switch (function, values.first) {
    case (.dtype, let name?):
      guard let type = name.text.flatMap({ NumpyType($0) }) else {
        throw fault(at: start, "a type of numbers that is not read: \(name.text ?? "")")
      }
      types.append(type)
      return .type(types.count - 1)
    case (.scalar, .type(let type)?) where values.count == 2:
      guard case .bytes(let bytes) = values[1], bytes.count == types[type].size || types[type].kind == "S",
        let value = types[type].value(bytes)
      else { throw fault(at: start, "a number of another size than its type") }
      return value
    case (.encode, .text(let text)?):
      // Latin-1: each character is a byte.
      try unpack(text.utf8.count, at: start)
      let bytes = text.unicodeScalars.compactMap { UInt8(exactly: $0.value) }
      guard bytes.count == text.unicodeScalars.count else {
        throw fault(at: start, "a text that is no bytes")
      }
      return .bytes(bytes[...])
    case (.reconstruct, .function(.ndarray)?): return added([])
    case (.fromBuffer, .bytes(let bytes)?) where values.count >= 3:
      return added(try numbers(bytes, type: values[1], shape: values[2], at: start))
    default: throw fault(at: start, "a call that makes other things than lists of names and numbers")
    }
  }

  /// Completes an object that a call has made: a type's order of bytes, an array's numbers.
  mutating func complete(_ object: Value, with state: Value, at start: Int) throws {
    guard case .list(let list) = state, lists[list].count >= 5 || lists[list].count == 3 else {
      throw fault(at: start, "an object that is completed by other things than numpy's")
    }
    let values = lists[list]
    switch object {
    case .type(let type): types[type].isBigEndian = values[1].text == ">"
    case .list(let array) where values.count == 5:
      guard lists[array].isEmpty, case .bytes(let bytes) = values[4] else {
        throw fault(at: start, "an array without its bytes")
      }
      lists[array] = try numbers(bytes, type: values[2], shape: values[1], at: start)
    default: throw fault(at: start, "an object that is completed by other things than numpy's")
    }
  }

  /// The values of an array of one axis.
  private mutating func numbers(
    _ bytes: ArraySlice<UInt8>, type: Value, shape: Value, at start: Int
  ) throws -> [Value] {
    guard case .type(let place) = type, case .list(let axes) = shape, lists[axes].count == 1,
      let count = lists[axes][0].number
    else { throw fault(at: start, "an array of other things than numbers, or of several axes") }
    let type = types[place]
    guard count >= 0, count.multipliedReportingOverflow(by: type.size) == (bytes.count, false) else {
      throw fault(at: start, "an array of \(bytes.count) bytes for \(count) numbers of \(type.size)")
    }
    try unpack(bytes.count, at: start)
    let values = stride(from: bytes.startIndex, to: bytes.endIndex, by: type.size).compactMap {
      type.value(bytes[$0..<($0 + type.size)])
    }
    guard values.count == count else { throw fault(at: start, "a text that is none") }
    return values
  }

  /// Counts bytes of which others are made, which a file could ask for again and again.
  private mutating func unpack(_ count: Int, at start: Int) throws {
    unpacked += count
    if unpacked > bytes.count { throw fault(at: start, "the same bytes over and over") }
  }
}
