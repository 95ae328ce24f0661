import Skeleton

/// Reads Python's pickles of texts, numbers, lists and tuples, of all protocols from 0 to 5; numpy's numbers, texts and
/// arrays of one axis are numbers, texts and lists.
///
/// What would run code or build other objects is refused by name. Lists stand in a table and values only point to them,
/// so that memory is bounded by the file, whatever a list says that it holds.
struct PickleReader {
  enum Value: Sendable {
    case none
    case text(String)
    /// Bytes, or a text of Python 2.
    case bytes(ArraySlice<UInt8>)
    case integer(Int)
    case number(Double)
    /// A list or a tuple, by its place in `lists`.
    case list(Int)
    /// One of numpy's functions, by its module and name.
    case function(NumpyFunction)
    /// A type of numbers, by its place in `types`.
    case type(Int)

    var text: String? {
      switch self {
      case .text(let text): text
      case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
      default: nil
      }
    }

    /// A whole number; some programs store labels as floating point.
    var number: Int? {
      switch self {
      case .integer(let value): value
      case .number(let value): Int(exactly: value)
      default: nil
      }
    }
  }

  /// What is in each list and tuple.
  var lists: [[Value]] = []
  /// The types of numpy's numbers.
  var types: [NumpyType] = []
  /// The bytes that were made of others: as many as the file has are enough for a file that says each thing once.
  var unpacked = 0

  let bytes: [UInt8]
  private let name: String
  private var position = 0
  private var stack: [Value] = []
  private var marks: [Int] = []
  private var memo: [Int: Value] = [:]

  init(_ bytes: [UInt8], name: String) {
    self.bytes = bytes
    self.name = name
  }

  /// The value of the whole file.
  mutating func value() throws -> Value {
    while true {
      let start = position
      let code = try byte()
      switch code {
      case 0x80: _ = try take(1)  // PROTO
      case 0x95: _ = try take(8)  // FRAME
      case UInt8(ascii: "."):
        guard stack.count == 1, marks.isEmpty else { throw fault(at: start, "an end too early") }
        return stack[0]
      case UInt8(ascii: "N"): stack.append(.none)
      case 0x88, 0x89: stack.append(.integer(code == 0x88 ? 1 : 0))
      case UInt8(ascii: "J"): stack.append(.integer(Int(Int32(truncatingIfNeeded: try integer(4)))))
      case UInt8(ascii: "K"): stack.append(.integer(try integer(1)))
      case UInt8(ascii: "M"): stack.append(.integer(try integer(2)))
      case 0x8a: stack.append(.integer(try longInteger()))
      case UInt8(ascii: "G"):
        let bits = try take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        stack.append(.number(Double(bitPattern: bits)))
      case UInt8(ascii: "X"): stack.append(try text(length: try integer(4)))
      case 0x8c: stack.append(try text(length: try integer(1)))
      case 0x8d: stack.append(try text(length: try integer(8)))
      case UInt8(ascii: "T"), UInt8(ascii: "B"): stack.append(.bytes(try take(try integer(4))))
      case UInt8(ascii: "U"), UInt8(ascii: "C"): stack.append(.bytes(try take(try integer(1))))
      case 0x8e, 0x96: stack.append(.bytes(try take(try integer(8))))
      case UInt8(ascii: "I"), UInt8(ascii: "L"): stack.append(.integer(try writtenInteger(at: start)))
      case UInt8(ascii: "F"):
        guard let number = Double(try line()) else { throw fault(at: start, "no number") }
        stack.append(.number(number))
      case UInt8(ascii: "S"): stack.append(.bytes(try writtenText(at: start)[...]))
      case UInt8(ascii: "V"): stack.append(.text(try writtenUnicode(at: start)))
      case UInt8(ascii: "p"): try remember(try writtenInteger(at: start), at: start)
      case UInt8(ascii: "g"): try recall(try writtenInteger(at: start), at: start)
      case UInt8(ascii: "q"): try remember(try integer(1), at: start)
      case UInt8(ascii: "r"): try remember(try integer(4), at: start)
      case 0x94: try remember(memo.count, at: start)
      case UInt8(ascii: "h"): try recall(try integer(1), at: start)
      case UInt8(ascii: "j"): try recall(try integer(4), at: start)
      case UInt8(ascii: "("): marks.append(stack.count)
      case UInt8(ascii: "]"), UInt8(ascii: ")"): make([])
      case UInt8(ascii: "a"): try extend(by: try popped(1, at: start), at: start)
      case UInt8(ascii: "e"): try extend(by: try poppedToMark(at: start), at: start)
      case UInt8(ascii: "t"), UInt8(ascii: "l"): make(try poppedToMark(at: start))
      case 0x85, 0x86, 0x87: make(try popped(Int(code) - 0x84, at: start))
      case UInt8(ascii: "c"):
        let module = try line()
        stack.append(.function(try function(module, try line(), at: start)))
      case 0x93:
        let names = try popped(2, at: start).compactMap(\.text)
        guard names.count == 2 else { throw fault(at: start, "a function without a name") }
        stack.append(.function(try function(names[0], names[1], at: start)))
      case UInt8(ascii: "R"):
        let call = try popped(2, at: start)
        stack.append(try result(of: call[0], call[1], at: start))
      case UInt8(ascii: "b"):
        let state = try popped(1, at: start)[0]
        guard let object = stack.last else { throw fault(at: start, "nothing to complete") }
        try complete(object, with: state, at: start)
      default:
        throw fault(
          at: start, "the operation \(code), which makes other things than lists of names and numbers")
      }
    }
  }

  private mutating func make(_ list: [Value]) { stack.append(added(list)) }

  /// A list that was put into the table.
  mutating func added(_ list: [Value]) -> Value {
    lists.append(list)
    return .list(lists.count - 1)
  }

  /// The rest of a line, as protocol 0 writes values.
  private mutating func line() throws -> String {
    guard let end = bytes[position...].firstIndex(of: 0x0a) else {
      throw fault(at: bytes.count, "the end of the file")
    }
    defer { position = end + 1 }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }

  private mutating func writtenInteger(at start: Int) throws -> Int {
    var text = try line()
    if text.hasSuffix("L") { text.removeLast() }
    guard let number = Int(text) else { throw fault(at: start, "no whole number") }
    return number
  }

  /// A text of which each byte is a character, and others are `\u00e9` or `\U0001f600`.
  private mutating func writtenUnicode(at start: Int) throws -> String {
    guard let end = bytes[position...].firstIndex(of: 0x0a) else {
      throw fault(at: bytes.count, "the end of the file")
    }
    defer { position = end + 1 }
    var text = String.UnicodeScalarView()
    var rest = bytes[position..<end]
    while let byte = rest.popFirst() {
      var code = UInt32(byte)
      let digits = rest.first == UInt8(ascii: "u") ? 4 : rest.first == UInt8(ascii: "U") ? 8 : 0
      if byte == UInt8(ascii: "\\"), digits > 0 {
        let word = String(decoding: rest.dropFirst().prefix(digits), as: UTF8.self)
        guard word.utf8.count == digits, let value = UInt32(word, radix: 16) else {
          throw fault(at: start, "no character in hexadecimal")
        }
        code = value
        rest = rest.dropFirst(1 + digits)
      }
      guard let scalar = Unicode.Scalar(code) else { throw fault(at: start, "no character") }
      text.append(scalar)
    }
    return String(text)
  }

  /// A text of Python 2 between quotation marks, in which a backslash stands before what cannot be written.
  private mutating func writtenText(at start: Int) throws -> [UInt8] {
    let line = Array(try line().utf8)
    guard line.count >= 2, let quote = line.first, quote == line.last, [0x22, 0x27].contains(quote) else {
      throw fault(at: start, "no text between quotation marks")
    }
    var text: [UInt8] = []
    var rest = line[1..<(line.count - 1)]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let next = rest.popFirst() else {
        text.append(byte)
        continue
      }
      switch next {
      case UInt8(ascii: "x"):
        guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
          throw fault(at: start, "no byte in hexadecimal")
        }
        text.append(value)
        rest = rest.dropFirst(2)
      case UInt8(ascii: "n"): text.append(0x0a)
      case UInt8(ascii: "r"): text.append(0x0d)
      case UInt8(ascii: "t"): text.append(0x09)
      default: text.append(next)
      }
    }
    return text
  }

  private mutating func byte() throws -> UInt8 { UInt8(try integer(1)) }

  private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count >= 0, count <= bytes.count - position else {
      throw fault(at: bytes.count, "the end of the file")
    }
    position += count
    return bytes[(position - count)..<position]
  }

  private mutating func integer(_ size: Int) throws -> Int {
    let number = try take(size).reversed().reduce(0) { $0 << 8 | Int($1) }
    if number < 0 { throw fault(at: position - size, "a number of 64 bits") }
    return number
  }

  /// LONG1: up to eight bytes, with a sign.
  private mutating func longInteger() throws -> Int {
    let start = position
    let size = try integer(1)
    guard size <= 8 else { throw fault(at: start, "a number of \(size) bytes") }
    let digits = try take(size)
    let negative = digits.last.map { $0 >= 128 } ?? false
    return digits.reversed().reduce(negative ? -1 : 0) { $0 << 8 | Int($1) }
  }

  private mutating func text(length: Int) throws -> Value {
    .text(String(decoding: try take(length), as: UTF8.self))
  }

  private mutating func remember(_ key: Int, at start: Int) throws {
    guard let top = stack.last else { throw fault(at: start, "nothing to remember") }
    memo[key] = top
  }

  private mutating func recall(_ key: Int, at start: Int) throws {
    guard let value = memo[key] else { throw fault(at: start, "nothing remembered under \(key)") }
    stack.append(value)
  }

  private mutating func popped(_ count: Int, at start: Int) throws -> [Value] {
    guard stack.count - count >= marks.last ?? 0 else { throw fault(at: start, "too few values") }
    let values = Array(stack.suffix(count))
    stack.removeLast(count)
    return values
  }

  private mutating func poppedToMark(at start: Int) throws -> [Value] {
    guard let mark = marks.popLast() else { throw fault(at: start, "no mark") }
    let values = Array(stack[mark...])
    stack.removeLast(values.count)
    return values
  }

  private mutating func extend(by values: [Value], at start: Int) throws {
    guard stack.count > marks.last ?? 0, case .list(let list)? = stack.last else {
      throw fault(at: start, "no list to add to")
    }
    lists[list] += values
  }

  func fault(at place: Int, _ found: String) -> InputError {
    InputError(
      name, at: "byte \(place)", found: found, expected: "a pickle of two lists, names and labels",
      hint: "give the names as a text file instead, one a line")
  }
}
