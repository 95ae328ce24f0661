import Skeleton

/// Reads the one sentence of Python that is in an npy file: a dictionary of a type, an order and a shape.
struct NPYHeaderText {
  private let bytes: ArraySlice<UInt8>
  private let name: String
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>, name: String) {
    self.bytes = bytes
    self.name = name
    position = bytes.startIndex
  }

  /// The header; every one of the three entries must be there once, and nothing else.
  mutating func header() throws -> NPYHeader {
    var type: (element: NPYElement, isBigEndian: Bool)?
    var order: Bool?
    var shape: [Int]?
    try expect("{")
    while try !takes("}") {
      let start = position
      let key = try text()
      try expect(":")
      switch key {
      case "descr" where type == nil: type = try self.type()
      case "fortran_order" where order == nil: order = try truth()
      case "shape" where shape == nil: shape = try extents()
      default: throw fault(at: start, "the entry '\(key)'", "descr, fortran_order and shape, once each")
      }
      if try !takes(",") {
        try expect("}")
        break
      }
    }
    skipBlanks()
    guard position == bytes.endIndex else { throw fault(at: position, "more than a dictionary", "its end") }
    guard let type, let order, let shape else {
      throw fault(at: position, "the end of the header", "descr, fortran_order and shape")
    }
    var header = NPYHeader(type.element, shape: shape)
    header.isBigEndian = type.isBigEndian
    header.isFortranOrder = order
    return header
  }

  private mutating func type() throws -> (element: NPYElement, isBigEndian: Bool) {
    skipBlanks()
    let start = position
    guard position < bytes.endIndex,
      bytes[position] == UInt8(ascii: "'") || bytes[position] == UInt8(ascii: "\"")
    else { throw fault(at: start, "a type of several fields", "a single type such as '<f4'") }
    let code = try text()
    guard let type = NPYElement.reading(code) else {
      throw fault(at: start, "elements of the type '\(code)'", "numbers, such as '<f4'")
    }
    return type
  }

  private mutating func truth() throws -> Bool {
    skipBlanks()
    let start = position
    let word = self.word()
    guard word == "True" || word == "False" else { throw fault(at: start, "'\(word)'", "True or False") }
    return word == "True"
  }

  /// A tuple of whole numbers whose product, with eight bytes each and more, is a possible size.
  private mutating func extents() throws -> [Int] {
    skipBlanks()
    let start = position
    var extents: [Int] = []
    var count = 1
    try expect("(")
    while try !takes(")") {
      let place = position
      var digits = word()
      if digits.last == "L" { digits.removeLast() }  // Python 2 wrote long numbers so.
      guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }), let extent = Int(digits)
      else {
        throw fault(at: place, "'\(digits)'", "an extent of the shape")
      }
      extents.append(extent)
      let (product, overflow) = count.multipliedReportingOverflow(by: max(1, extent))
      guard !overflow, product < 1 << 44, extents.count <= 32 else {
        throw fault(at: start, "a shape of too many elements", "one that a file can hold")
      }
      count = product
      if try !takes(",") {
        try expect(")")
        break
      }
    }
    return extents
  }

  /// A string in quotes, without escapes.
  private mutating func text() throws -> String {
    skipBlanks()
    let start = position
    guard position < bytes.endIndex, let quote = Optional(bytes[position]),
      quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"")
    else { throw fault(at: start, "no text", "a text in quotes") }
    guard let end = bytes[(start + 1)...].firstIndex(of: quote), end - start <= 64 else {
      throw fault(at: start, "a text without an end", "a text in quotes")
    }
    position = end + 1
    return String(decoding: bytes[(start + 1)..<end], as: UTF8.self)
  }

  /// Letters and digits, up to something else.
  private mutating func word() -> String {
    skipBlanks()
    let start = position
    while position < bytes.endIndex, position - start < 32,
      (48...57).contains(bytes[position]) || (65...90).contains(bytes[position])
        || (97...122).contains(bytes[position])
    { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func takes(_ character: Unicode.Scalar) throws -> Bool {
    skipBlanks()
    guard position < bytes.endIndex else {
      throw fault(at: position, "the end of the header", "'\(character)'")
    }
    guard bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws {
    let start = position
    if try !takes(character) { throw fault(at: start, "something else", "'\(character)'") }
  }

  private mutating func skipBlanks() {
    while position < bytes.endIndex, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) { position += 1 }
  }

  private func fault(at place: Int, _ found: String, _ expected: String) -> InputError {
    InputError(name, at: "byte \(place)", found: found, expected: expected)
  }
}
