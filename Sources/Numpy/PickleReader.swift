import Skeleton

/// Reads Python's pickles of texts, numbers, lists and tuples, of all protocols from 1 to 5.
///
/// What would run code or build objects is refused by name. Lists stand in a table and values only point to them, so
/// that memory is bounded by the file, whatever a list says that it holds.
struct PickleReader {
  enum Value: Sendable {
    case none
    case text(String)
    case integer(Int)
    case number(Double)
    /// A list or a tuple, by its place in `lists`.
    case list(Int)

    var text: String? { if case .text(let text) = self { text } else { nil } }

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
  private(set) var lists: [[Value]] = []

  private let bytes: [UInt8]
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
      case UInt8(ascii: "J"): stack.append(.integer(Int(Int32(truncatingIfNeeded: try integer(4)))))
      case UInt8(ascii: "K"): stack.append(.integer(try integer(1)))
      case UInt8(ascii: "M"): stack.append(.integer(try integer(2)))
      case 0x8a: stack.append(.integer(try longInteger()))
      case UInt8(ascii: "G"):
        let bits = try take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        stack.append(.number(Double(bitPattern: bits)))
      case UInt8(ascii: "X"), UInt8(ascii: "T"): stack.append(try text(length: try integer(4)))
      case 0x8c, UInt8(ascii: "U"): stack.append(try text(length: try integer(1)))
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
      default:
        throw fault(
          at: start, "the operation \(code), which makes other things than lists of names and numbers")
      }
    }
  }

  private mutating func make(_ list: [Value]) {
    lists.append(list)
    stack.append(.list(lists.count - 1))
  }

  private mutating func byte() throws -> UInt8 { UInt8(try integer(1)) }

  private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count <= bytes.count - position else { throw fault(at: bytes.count, "the end of the file") }
    position += count
    return bytes[(position - count)..<position]
  }

  private mutating func integer(_ size: Int) throws -> Int {
    try take(size).reversed().reduce(0) { $0 << 8 | Int($1) }
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

  private func fault(at place: Int, _ found: String) -> InputError {
    InputError(
      name, at: "byte \(place)", found: found, expected: "a pickle of two lists, names and labels",
      hint: "give the names as a text file instead, one a line")
  }
}
