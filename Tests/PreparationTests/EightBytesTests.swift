import Skeleton
import Testing

@testable import Formats

/// Eight bytes at once against one after another.
@Suite struct EightBytesTests {
  /// Bytes near those that matter, and any others.
  private static func bytes(_ random: inout KeyedRandom) -> [UInt8] {
    let edges: [UInt8] = [0, 9, 10, 13, 31, 32, 33, 47, 48, 49, 57, 58, 127, 128, 160, 176, 185, 186, 255]
    return (0..<8).map { _ in
      random.integer(below: 3) == 0
        ? UInt8(random.integer(below: 256)) : edges[random.integer(below: edges.count)]
    }
  }

  private func flags(_ bits: UInt64) -> [Bool] { (0..<8).map { bits >> UInt64(8 * $0 + 7) & 1 == 1 } }

  @Test func answersForEachByte() throws {
    var random = KeyedRandom(seed: 3, sample: "eight", view: "bytes")
    for _ in 0..<20_000 {
      let bytes = Self.bytes(&random)
      let found = EightBytes(in: bytes.span, at: 0)
      let eight = try #require(found)
      #expect(flags(eight.atMostSpace) == bytes.map { $0 <= 32 })
      for byte in [UInt8(32), 10, 0, 255] {
        #expect(flags(eight.equal(to: byte)) == bytes.map { $0 == byte })
      }
      #expect(EightBytes.count(eight.atMostSpace) == bytes.count { $0 <= 32 })
      #expect(eight.leadingDigits == bytes.prefix { (48...57).contains($0) }.count)
    }
  }

  @Test func readsDigits() throws {
    var random = KeyedRandom(seed: 3, sample: "eight", view: "digits")
    for _ in 0..<5000 {
      let count = random.integer(below: 9)
      let digits = (0..<count).map { _ in UInt8(48 + random.integer(below: 10)) }
      let bytes = digits + [UInt8](repeating: 0x2e, count: 8 - count)
      let found = EightBytes(in: bytes.span, at: 0)
      let eight = try #require(found)
      #expect(eight.leadingDigits == count)
      #expect(eight.number(ofDigits: count) == digits.reduce(0) { $0 * 10 + UInt64($1 - 48) })
    }
  }

  @Test func thereMustBeEight() {
    let bytes = [UInt8](repeating: 48, count: 9)
    let (last, none) = (EightBytes(in: bytes.span, at: 1), EightBytes(in: bytes.span, at: 2))
    #expect(last != nil && none == nil)
  }

  /// Decimals of all lengths, at all distances from the end of the text, against the standard library.
  @Test func decimalsAreTheNearestDoubles() throws {
    var random = KeyedRandom(seed: 3, sample: "eight", view: "decimals")
    func digits(_ most: Int) -> String {
      (0..<random.integer(below: most + 1)).map { _ in "\(random.integer(below: 10))" }.joined()
    }
    for _ in 0..<20_000 {
      let whole = digits(random.integer(below: 4) == 0 ? 20 : 2)
      let decimals = digits(random.integer(below: 4) == 0 ? 25 : 9)
      guard !(whole + decimals).isEmpty else { continue }
      let exponent = random.integer(below: 5) == 0 ? "e\(random.integer(below: 60) - 30)" : ""
      let decimal = (random.integer(below: 2) == 0 ? "-" : "") + "\(whole).\(decimals)\(exponent)"
      let text = Array((decimal + String(repeating: " ", count: random.integer(below: 10))).utf8)
      var position = 0
      let found = DecimalScanner.number(in: text.span, at: &position)
      // The standard library wants a digit before the point.
      let expected = try #require(
        Double(
          decimal.replacing("-.", with: "-0.").replacing(#/^\./#, with: "0.").replacing(".e", with: ".0e")
            + (decimal.hasSuffix(".") ? "0" : "")), "\(decimal)")
      #expect(found == .finite(expected), "\(decimal)")
      #expect(position == decimal.utf8.count, "\(decimal)")
    }
  }

  private func parse(_ bytes: [UInt8]) throws -> Recording { try NTUSkeletonText.parse(bytes.span) }

  /// Lines that end at every place in eight bytes, with one word too few, just enough and one too many.
  @Test func wordsAreCountedWhereverTheLineEnds() throws {
    for length in 1...20 {
      for words in 11...13 {
        let rest = (3..<words).map { String(repeating: "9", count: 1 + ($0 * length) % 11) }.joined(
          separator: " ")
        let pad = String(repeating: "7", count: length)
        let first = "1 2 3 \(pad)\(rest)"
        let text = "1\n1\n7 0 1 1 1 1 0 0.1 0.2 2\n25\n" + String(repeating: first + "\n", count: 25)
        let bytes = Array(text.utf8)
        if words == 12 {
          #expect(try parse(bytes).joints.count == 75)
        } else {
          let start = text.prefix { $0 != "\u{1}" }.utf8.count - 25 * (first.utf8.count + 1)
          #expect(
            throws: SkeletonTextError(.wordCount(found: words, expected: 12), at: start + first.utf8.count)
          ) { try parse(bytes) }
        }
      }
    }
  }
}
