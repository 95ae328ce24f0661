import Skeleton
import Foundation
import Testing

@testable import Formats

@Suite struct NTUSkeletonTextTests {
  private func parse(_ text: [UInt8]) throws -> Recording { try NTUSkeletonText.parse(text.span) }
  private func parse(_ text: String) throws -> Recording { try parse(Array(text.utf8)) }

  /// The error of a text, nil for a good one.
  private func failure(_ text: [UInt8]) -> SkeletonTextError? {
    do {
      _ = try parse(text)
      return nil
    } catch let error as SkeletonTextError {
      return error
    } catch {
      return nil
    }
  }

  @Test func readsEveryJointInOrder() throws {
    let recording = try parse(Texts.small)
    #expect(recording.frameCount == 1)
    #expect(recording.bodyIDs == [7])
    let expected: [Double] = (0..<25).flatMap { joint in
      [Double(joint), Double(joint) + 0.25, -Double(joint)]
    }
    #expect(recording.joints == expected)
  }

  @Test func tellsNeighbouringIdsApartBeyondDoubles() throws {
    let ids: [UInt64] = [72_057_594_037_930_243, 72_057_594_037_930_244, .max]
    let text = "1\n3\n" + ids.map { Texts.body(id: $0) { _ in (1, 1, 1) } }.joined()
    #expect(try parse(text).bodyIDs == ids)
  }

  @Test func keepsFramesRagged() throws {
    let body = Texts.body { _ in (1, 2, 3) }
    let recording = try parse("4\n0\n1\n" + body + "0\n3\n" + body + body + body)
    #expect(recording.frameStarts == [0, 0, 1, 1, 4])
  }

  private static let spellings = [
    Texts.small.replacing("\n", with: "\r\n"),
    String(Texts.small.dropLast()),
    Texts.small + "\n \r\n\n",
    Texts.small.replacing(" ", with: "\t"),
    Texts.small.replacing(" ", with: "  "),
    Texts.small.replacing("\n25\n", with: "\n 25 \n"),
    Texts.small.replacing("\n25\n", with: "\n0025\n"),
    Texts.small.replacing("\n1.0 1.25 ", with: "\n+1 12.5e-1 "),
    Texts.small.replacing("\n1.0 1.25 ", with: "\n1. 1.250000000000000000000000000 "),
    "\u{FEFF}" + Texts.small,
  ]

  @Test func readsOtherSpellingsOfTheSame() throws {
    let expected = try parse(Texts.small)
    for (index, text) in Self.spellings.enumerated() {
      let found = try parse(text)
      #expect(found == expected, "spelling \(index)")
    }
  }

  /// Joint 1 becomes one that was not seen; the others stay as they are.
  @Test func coordinatesThatAreNoPlaceAreNotSeen() throws {
    let whole = try parse(Texts.small)
    for word in [
      "NaN", "nan", "-nan", "inf", "-Infinity", "nan(ind)", "-nan(ind)", "1.#QNAN", "-1.#IND000", "1.#INF",
      "1e400",
      "-1e999999999999", "1e39", "1e30", "-1000.5", "1000.001",
    ] {
      let text = Texts.small.replacing("\n1.0 1.25 ", with: "\n1.0 \(word) ")
      let recording = try parse(text)
      #expect(recording.lostJoints == [1], "\(word)")
      #expect(recording.joints[3..<6] == [0, 0, 0], "\(word)")
      #expect(recording.joints[..<3] == whole.joints[..<3] && recording.joints[6...] == whole.joints[6...])
    }
    #expect(try parse(Texts.small.replacing("\n1.0 1.25 ", with: "\n1.0 1000 ")).lostJoints.isEmpty)
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    let what: String
    let text: [UInt8]
    let error: SkeletonTextError
    var testDescription: String { what }

    init(_ what: String, _ text: String, _ reason: SkeletonTextError.Reason, at offset: Int) {
      self.what = what
      self.text = Array(text.utf8)
      error = SkeletonTextError(reason, at: offset)
    }
  }

  /// Where the first joint's line starts in `Texts.small`.
  private static let joint = "1\n1\n7 0 1 1 1 1 0 0.1 0.2 2\n25\n".utf8.count
  private static let size = Texts.small.utf8.count

  /// The small text with its first joint's line replaced.
  private static func first(_ line: String) -> String {
    Texts.small.replacing(Texts.joint("0.0", "0.25", "-0.0"), with: line)
  }

  static let bad = [
    Bad("nothing", "", .empty, at: 0),
    Bad("blanks", " \r\n\n", .empty, at: 0),
    Bad("NULs", "\0\0\0\0", .nulByte, at: 0),
    Bad("NULs after a line", "1\n\0\0\0", .nulByte, at: 2),
    Bad("NUL in a skipped word", first("0 0 0 1 2 3 \u{0} 0 0 0 0 2\n"), .nulByte, at: joint + 12),
    Bad("NUL in a number", first("0 0.\u{0} 0 1 2 3 4 0 0 0 0 2\n"), .nulByte, at: joint + 4),
    Bad("NULs at the end", Texts.small + "\0", .nulByte, at: size),
    Bad("nothing but a byte order mark", "\u{FEFF}", .empty, at: 0),
    Bad("a byte order mark within", "1\n\u{FEFF}1\n" + Texts.small, .badToken(expected: "a count"), at: 2),
    Bad(
      "nan and more", first("nans 0 0 1 2 3 4 0 0 0 0 2\n"), .badToken(expected: "a coordinate"), at: joint),
    Bad(
      "1.# and more", first("1.#x 0 0 1 2 3 4 0 0 0 0 2\n"), .badToken(expected: "a coordinate"), at: joint),
    Bad("only a count", "1\n", .truncated, at: 2),
    Bad("count without frames", "3", .truncated, at: 1),
    Bad("cut in a joint", String(Texts.small.prefix(joint + 9)), .truncated, at: joint + 9),
    Bad("cut between joints", String(Texts.small.prefix(joint)), .truncated, at: joint),
    Bad("frames promised", "2" + Texts.small.dropFirst(), .truncated, at: size),
    Bad("2^31 frames", "2147483648" + Texts.small.dropFirst(), .truncated, at: size + 9),
    Bad("2^63 frames", "9223372036854775808\n", .truncated, at: 20),
    Bad("2^64 frames", "18446744073709551616\n", .badToken(expected: "a count"), at: 0),
    Bad("10^9 bodies", "1\n1000000000" + Texts.small.dropFirst(3), .truncated, at: size + 9),
    Bad("negative frames", "-1" + Texts.small.dropFirst(), .badToken(expected: "a count"), at: 0),
    Bad("1e3 frames", "1e3" + Texts.small.dropFirst(), .badToken(expected: "a count"), at: 0),
    Bad("no frames, then some", "0" + Texts.small.dropFirst(), .trailingData, at: 2),
    Bad("two words for a count", "1 1" + Texts.small.dropFirst(), .wordCount(found: 2, expected: 1), at: 3),
    Bad("24 joints", Texts.small.replacing("\n25\n", with: "\n24\n"), .jointCount(24), at: joint - 3),
    Bad("no joints", Texts.small.replacing("\n25\n", with: "\n0\n"), .jointCount(0), at: joint - 3),
    Bad("trailing line", Texts.small + "1\n", .trailingData, at: size),
    Bad("trailing word", Texts.small + "\n\n  x", .trailingData, at: size + 4),
    Bad("no x", first("\n"), .wordCount(found: 0, expected: 12), at: joint),
    Bad("2 words", first("1 2\n"), .wordCount(found: 2, expected: 12), at: joint + 3),
    Bad("11 words", first("1 2 3 4 5 6 7 8 9 10 11\n"), .wordCount(found: 11, expected: 12), at: joint + 23),
    Bad(
      "13 words", first("1 2 3 4 5 6 7 8 9 10 11 12 13\n"), .wordCount(found: 13, expected: 12),
      at: joint + 29),
    Bad("a word", first("0 left 0 1 2 3 4 0 0 0 0 2\n"), .badToken(expected: "a coordinate"), at: joint + 2),
    Bad("a comma", first("0,5 0 0 1 2 3 4 0 0 0 0 2\n"), .badToken(expected: "a coordinate"), at: joint),
    Bad(
      "two points", first("0 0 1.2.3 1 2 3 4 0 0 0 0 2\n"), .badToken(expected: "a coordinate"), at: joint + 4
    ),
    Bad("a sign alone", first("- 0 0 1 2 3 4 0 0 0 0 2\n"), .badToken(expected: "a coordinate"), at: joint),
    Bad("a point alone", first(". 0 0 1 2 3 4 0 0 0 0 2\n"), .badToken(expected: "a coordinate"), at: joint),
    Bad("no exponent", first("1e 0 0 1 2 3 4 0 0 0 0 2\n"), .badToken(expected: "a coordinate"), at: joint),
    Bad(
      "hexadecimal", first("0x1p3 0 0 1 2 3 4 0 0 0 0 2\n"), .badToken(expected: "a coordinate"), at: joint),
    Bad(
      "id of 65 bits", Texts.small.replacing("\n7 ", with: "\n18446744073709551616 "),
      .badToken(expected: "a body id of 64 bits"), at: 4),
    Bad(
      "9 words for a body", Texts.small.replacing(" 0.2 2\n", with: " 2\n"),
      .wordCount(found: 9, expected: 10),
      at: joint - 8),
  ]

  @Test(arguments: bad) func refuses(_ bad: Bad) {
    #expect(failure(bad.text) == bad.error)
  }

  @Test func refusesEveryProperPrefixAsTruncated() {
    // The last words of the last line can go without being missed: they are not looked at, but counted.
    let text = Array(Texts.small.utf8)
    for length in 1..<(text.count - 2) {
      let error = failure(Array(text.prefix(length)))
      #expect(error?.reason == .truncated, "\(length) bytes")
      #expect(error?.offset == length)
    }
  }

  @Test func survivesAnyByteAnywhere() {
    var random = KeyedRandom(seed: 5, view: "mutation")
    let text = Array(Texts.small.utf8)
    for _ in 0..<2000 {
      var damaged = text
      for _ in 0...random.integer(below: 3) {
        damaged[random.integer(below: text.count)] = UInt8(random.integer(below: 256))
      }
      if let error = failure(damaged) { #expect((0...damaged.count).contains(error.offset)) }
    }
  }
}

@Suite struct DecimalScannerTests {
  private func scan(_ text: String) -> (DecimalScanner.Number, Int) {
    let bytes = Array(text.utf8)
    var position = 0
    let number = DecimalScanner.number(in: bytes.span, at: &position)
    return (number, position)
  }

  @Test(arguments: [
    "0", "-0", "1", "-1.5", "0.1", ".5", "5.", "2.181153E-01", "-9.404495E-05", "1e22", "1e23",
    "9007199254740993",
    "9007199254740992", "123456789012345678901234567890", "0.000000000000000000000000000001", "4.9e-324",
    "2e-324",
    "1.7976931348623157e308", "2.2250738585072011e-308", "8.988465674311579e307",
    "0.3000000000000000166533453694",
    "5e-22", "1e-23", "179769313486231580793e288", "1.00000000000000011102230246251565404236316680908203125",
    "1.00000000000000011102230246251565404236316680908203124", "00000000000000000000000000000000000012.5",
  ])
  func equalsTheStandardLibrary(text: String) throws {
    let expected = try #require(Double(text))
    let (number, position) = scan(text + " 9")
    #expect(position == text.utf8.count)
    guard case .finite(let value) = number else {
      Issue.record("\(text) gives \(number)")
      return
    }
    #expect(value.bitPattern == expected.bitPattern)
  }

  @Test func equalsTheStandardLibraryOnRandomDecimals() throws {
    var random = KeyedRandom(seed: 11, view: "decimals")
    for _ in 0..<20_000 {
      var text = random.integer(below: 2) == 0 ? "-" : ""
      for _ in 0...random.integer(below: 12) { text += "\(random.integer(below: 10))" }
      text += "."
      for _ in 0..<random.integer(below: 14) { text += "\(random.integer(below: 10))" }
      if random.integer(below: 3) == 0 { text += "E\(random.integer(in: -40...40))" }
      let expected = try #require(Double(text))
      #expect(scan(text).0 == .finite(expected), "\(text)")
    }
  }
}
