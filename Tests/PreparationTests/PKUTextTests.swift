import Foundation
import Skeleton
import Testing

@testable import Formats

/// The error of a text, nil for a good one.
private func failure(_ text: [UInt8], _ parse: (Span<UInt8>) throws -> Void) -> SkeletonTextError? {
  do {
    try parse(text.span)
    return nil
  } catch {
    return error as? SkeletonTextError
  }
}

@Suite struct PKUSkeletonTextTests {
  private func parse(_ text: String) throws -> Recording { try PKUSkeletonText.parse(Array(text.utf8).span) }

  /// A row of 150 numbers: number i is `first + i` in the bodies that are there, and 0 in the others.
  private static func row(bodies: Set<Int>, first: Int = 1) -> String {
    (0..<150).map { bodies.contains($0 / 75) ? "\(first + $0).5" : "0.000000" }.joined(separator: " ") + "\n"
  }

  @Test func keepsEachBodyInItsPlace() throws {
    let recording = try parse(
      [[], [0], [0, 1], [1], []].map { Self.row(bodies: $0) }.joined())
    #expect(recording.frameStarts == [0, 0, 1, 3, 5, 5])
    #expect(recording.bodyIDs == [0, 0, 1, 0, 1])
    let first = (0..<75).map { Double($0) + 1.5 }
    let second = (75..<150).map { Double($0) + 1.5 }
    let absent = [Double](repeating: 0, count: 75)
    #expect(recording.joints == first + first + second + absent + second)
  }

  @Test func readsOtherSpellingsOfTheSame() throws {
    let text = Self.row(bodies: [0]) + Self.row(bodies: [0, 1], first: 7)
    let expected = try parse(text)
    for (index, other) in [
      text.replacing("\n", with: "\r\n"), String(text.dropLast()),
      "\n \r\n" + text.replacing("\n", with: "\n\n"),
      text.replacing(" ", with: "\t"), text.replacing(" ", with: "  "), text.replacing("\n", with: " \n "),
      text.replacing("0.000000", with: "-0"), text.replacing(" 8.5 ", with: " +.85e1 "), text + "\n\n \r\n",
      "\u{FEFF}" + text,
    ].enumerated() {
      #expect(try parse(other) == expected, "spelling \(index)")
    }
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    let what: String
    let text: String
    let error: SkeletonTextError
    var testDescription: String { what }

    init(_ what: String, _ text: String, _ reason: SkeletonTextError.Reason, at offset: Int) {
      (self.what, self.text, error) = (what, text, SkeletonTextError(reason, at: offset))
    }
  }

  private static let good = row(bodies: [0])
  private static let size = good.utf8.count
  private static let body = good.dropFirst(4)  // all but the first number, "1.5 "

  static let bad = [
    Bad("nothing", "", .empty, at: 0),
    Bad("blanks", " \r\n\n", .empty, at: 0),
    Bad("NULs", "\0\0\0", .nulByte, at: 0),
    Bad("NULs at the end", good + "\0\0", .nulByte, at: size),
    Bad("NUL in a number", good + "1.\u{0}5 " + body, .nulByte, at: size + 2),
    Bad("149 numbers", good + body, .wordCount(found: 149, expected: 150), at: size + body.utf8.count - 1),
    Bad("151 numbers", good + "7 " + good, .wordCount(found: 151, expected: 150), at: size + 2 + size - 1),
    Bad("cut between rows' numbers", good + good.prefix(12), .truncated, at: size + 12),
    Bad("cut in a number", good + good.prefix(10), .truncated, at: size + 10),
    Bad("a comma", good + "1,5 " + body, .badToken(expected: "a coordinate"), at: size),
    Bad("labels", "33,43,69,2\n", .badToken(expected: "a coordinate"), at: 0),
    Bad("a word", good + "x " + body, .badToken(expected: "a coordinate"), at: size),
    Bad("NaN and more", good + "NaNs " + body, .badToken(expected: "a coordinate"), at: size),
    Bad("NTU text", "103\n1\n", .wordCount(found: 1, expected: 150), at: 3),
  ]

  @Test(arguments: bad) func refuses(_ bad: Bad) {
    #expect(failure(Array(bad.text.utf8)) { _ = try PKUSkeletonText.parse($0) } == bad.error)
  }

  @Test func coordinatesThatAreNoPlaceAreNotSeen() throws {
    for word in ["NaN", "-inf", "1e400", "1.#IND", "-2e6"] {
      let recording = try parse(Self.good + word + " " + Self.body + Self.row(bodies: [0, 1]))
      #expect(recording.lostJoints == [25], "\(word)")
      #expect(recording.joints[75..<81] == [0, 0, 0, 4.5, 5.5, 6.5])
      #expect(recording.frames(1..<3).lostJoints == [0] && recording.frames(2..<3).lostJoints.isEmpty)
    }
    // A body of which nothing else is there is noted too, and is nobody.
    let nobody = try parse("nan " + String(repeating: "0 ", count: 149) + "\n" + Self.good)
    #expect(nobody.lostJoints == [0] && nobody.frameStarts == [0, 1, 2])
  }

  @Test func refusesMoreFramesThanARecordingCanHave() {
    let row = String(repeating: "0 ", count: 150) + "\n"
    let most = String(repeating: row, count: Recording.frameLimit)
    let error = failure(Array((most + row).utf8)) { _ = try PKUSkeletonText.parse($0) }
    #expect(error == SkeletonTextError(.tooLong(limit: 36_000), at: most.utf8.count))
    #expect(error?.kind == "too-long")
    // NTU's text can announce any number of frames; only those that are there are counted.
    let frames = Recording.frameLimit
    for (count, text, expected) in [
      (frames, frames, nil), (frames + 1, frames + 1, SkeletonTextError.Reason.tooLong(limit: frames)),
      (frames + 1, frames - 1, .truncated),
    ] as [(Int, Int, SkeletonTextError.Reason?)] {
      let bytes = Array(("\(count)\n" + String(repeating: "0\n", count: text)).utf8)
      #expect(failure(bytes) { _ = try NTUSkeletonText.parse($0) }?.reason == expected)
    }
  }

  @Test func survivesAnyByteAnywhere() {
    var random = KeyedRandom(seed: 6, view: "mutation")
    let text = Array((Self.row(bodies: [0, 1]) + Self.row(bodies: [1])).utf8)
    for _ in 0..<1000 {
      var damaged = text
      for _ in 0...random.integer(below: 3) {
        damaged[random.integer(below: text.count)] = UInt8(random.integer(below: 256))
      }
      damaged.removeLast(random.integer(below: 2) * random.integer(below: text.count))
      if let error = failure(damaged, { _ = try PKUSkeletonText.parse($0) }) {
        #expect((0...damaged.count).contains(error.offset))
      }
    }
  }

  /// A genuine recording of part II, against a reading by other means.
  @Test func readsAGenuineRecording() throws {
    let url = Outside.data.appendingPathComponent("pku/A10N08-L.txt")
    guard Outside.has(url) else {
      print("skipped: no \(url.path)")
      return
    }
    let data = try Data(contentsOf: url)
    let recording = try PKUSkeletonText.parse(Array(data).span)
    let rows = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).map { line in
      line.split(separator: " ").map { Double($0) ?? .nan }
    }
    #expect(recording.frameCount == 1040 && rows.count == 1040)
    #expect((0..<1040).count { recording.bodies(inFrame: $0).count == 2 } == 728)
    for (frame, row) in rows.enumerated() {
      let bodies = recording.bodies(inFrame: frame)
      let joints = Array(recording.joints[(bodies.lowerBound * 75)..<(bodies.upperBound * 75)])
      #expect(joints == Array(row.prefix(joints.count)), "frame \(frame)")
      #expect(row.dropFirst(joints.count).allSatisfy { $0 == 0 }, "frame \(frame)")
    }
  }
}

@Suite struct PKULabelTextTests {
  private func parse(_ text: String) throws -> [PKULabelText.Row] {
    try PKULabelText.parse(Array(text.utf8).span)
  }

  @Test func readsRowsWithTheirLines() throws {
    let expected = [
      PKULabelText.Row(line: 1, label: 33, start: 43, end: 69, confidence: 2),
      PKULabelText.Row(line: 2, label: 9, start: 0, end: 192, confidence: 1),
    ]
    for text in [
      "33,43,69,2\n9,0,192,1\n", "33,43,69,2\r\n9,0,192,1", " 33 ,\t43, 69 , 2 \n9,0,192,1.0\n\n \n",
      "\u{FEFF}33,43,69,2\n9,0,192,1\n", "33;43;69;2\n9; 0; 192; 1\n", "33 43 69 2\n9  0 192 1 \n",
      "33\t43\t69\t2\r\n9\t0\t192\t1\r\n", "3.3e1 4.3e1 6.9e1 2.0e0\n9.0 0.0 192.0 1.0\n",
    ] {
      #expect(try parse(text) == expected)
    }
    #expect(try parse("\n\r\n1,2,3,0.25\n\n\n4,5,6,0").map(\.line) == [3, 6])
    #expect(try parse("1,4925,4036,2\n").first?.end == 4036)
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    let text: String
    let error: SkeletonTextError
    var testDescription: String { text.debugDescription }

    init(_ text: String, _ reason: SkeletonTextError.Reason, at offset: Int) {
      (self.text, error) = (text, SkeletonTextError(reason, at: offset))
    }
  }

  static let bad = [
    Bad("", .empty, at: 0),
    Bad(" \n\n", .empty, at: 0),
    Bad("1,2,3,2\n\0", .nulByte, at: 8),
    Bad("-1,2,3,2\n", .badToken(expected: "a class"), at: 0),
    Bad("1,-2,3,2\n", .badToken(expected: "a frame"), at: 2),
    Bad("1,2,3,-2\n", .badToken(expected: "a confidence"), at: 6),
    Bad("1,2.5,3,2\n", .badToken(expected: "a frame"), at: 2),
    Bad("1,2x,3,2\n", .badToken(expected: "a frame, and a comma behind it"), at: 2),
    Bad("1,2 2,3,2\n", .wordCount(found: 5, expected: 4), at: 7),
    Bad("1 2 3 4 5\n", .wordCount(found: 5, expected: 4), at: 8),
    Bad("1 2 3 2,5\n", .wordCount(found: 5, expected: 4), at: 7),
    Bad("1|2|3|2\n", .badToken(expected: "a class, and a comma behind it"), at: 0),
    Bad("1 ;, 3 2\n", .badToken(expected: "a frame"), at: 3),
    Bad("label,start,end,confidence\n", .badToken(expected: "a class"), at: 0),
    Bad("one,2,3,2\n", .badToken(expected: "a class"), at: 0),
    Bad("1,,3,2\n", .badToken(expected: "a frame"), at: 2),
    Bad("1,2,99999999999,2\n", .badToken(expected: "a frame"), at: 4),
    Bad("1,2,99999999999999999999,2\n", .badToken(expected: "a frame"), at: 4),
    Bad("1,2,3\n", .wordCount(found: 3, expected: 4), at: 5),
    Bad("1,2,3,2,5\n", .wordCount(found: 5, expected: 4), at: 7),
    Bad("1,2,3,x\n", .badToken(expected: "a confidence"), at: 6),
    Bad("1,2,3,2x\n", .badToken(expected: "the end of the line"), at: 6),
    Bad("1,2,3,nan\n", .notFinite, at: 6),
    Bad("1,2,3,1e39\n", .outOfRange, at: 6),
    Bad("1,2,3,2\n1,2", .truncated, at: 11),
    Bad("1,2,3,2\n1,2,", .truncated, at: 12),
  ]

  @Test(arguments: bad) func refuses(_ bad: Bad) {
    #expect(failure(Array(bad.text.utf8)) { _ = try PKULabelText.parse($0) } == bad.error)
  }

  @Test func boundsTheRows() {
    let rows = String(repeating: "1,2,3,2\n", count: Recording.frameLimit + 1)
    let error = failure(Array(rows.utf8)) { _ = try PKULabelText.parse($0) }
    #expect(error == SkeletonTextError(.tooLong(limit: 36_000), at: 8 * 36_000))
  }

  @Test func tellsLabelsFromSkeletons() {
    let row = String(repeating: "0.1 ", count: 150) + "\n"
    for (text, expected) in [
      ("33,43,69,2\n", .labels), ("\n \r\n33 , 43", .labels), ("33 43 69 2", .labels),
      ("33;43;69;2;x", .labels),
      ("33\t43\n" + row, .labels), (row, .skeletons), ("\n" + row.replacing(" ", with: ","), .skeletons),
      ("\u{FEFF}" + row, .skeletons), ("", .nothing), ("\n\n", .nothing), ("\u{FEFF} \n", .nothing),
      ("\0\0", .skeletons),
    ] as [(String, PKULabelText.Kind)] {
      #expect(PKULabelText.kind(of: Array(text.utf8).span) == expected, "\(text.debugDescription)")
    }
  }

  @Test func survivesAnyByteAnywhere() {
    var random = KeyedRandom(seed: 7, view: "mutation")
    let text = Array("33,43,69,2\n9,93,192,1\n22,228,272,0.5\n".utf8)
    for _ in 0..<20_000 {
      var damaged = text
      for _ in 0...random.integer(below: 3) {
        damaged[random.integer(below: text.count)] = UInt8(random.integer(below: 256))
      }
      damaged.removeLast(random.integer(below: text.count))
      if let error = failure(damaged, { _ = try PKULabelText.parse($0) }) {
        #expect((0...damaged.count).contains(error.offset))
      }
    }
  }
}

@Suite struct ActionRowsTests {
  private func row(_ line: Int, _ label: Int, _ start: Int, _ end: Int, _ confidence: Float = 2)
    -> PKULabelText.Row
  {
    PKULabelText.Row(line: line, label: label, start: start, end: end, confidence: confidence)
  }

  private func spans(_ rows: ActionRows) -> [[Int]] { rows.actions.map { [$0.start, $0.end, $0.label] } }

  @Test func conventionsDifferByOneFrame() {
    let rows = [row(1, 1, 10, 20), row(2, 2, 20, 30)]
    #expect(spans(ActionRows(rows, frameCount: 30, convention: .halfOpen)) == [[10, 20, 0], [20, 30, 1]])
    #expect(spans(ActionRows(rows, frameCount: 30, convention: .oneBased)) == [[9, 20, 0], [19, 30, 1]])
    let closed = ActionRows(rows, frameCount: 30, convention: .closed)
    #expect(spans(closed) == [[10, 21, 0], [20, 30, 1]])
    #expect(closed.actions.map(\.isCut) == [false, true])
  }

  @Test func refusesRowsWithTheirReasons() {
    let rows = [
      row(1, 1, 4925, 4036), row(2, 5, 30, 30), row(3, 5, 100, 120), row(4, 0, 1, 9), row(5, 52, 1, 9),
      row(6, 51, 90, 120), row(7, 51, 90, 120, 1), row(8, 3, 0, 5), row(9, 3, 0, 5), row(10, 4, 0, 5),
    ]
    let halfOpen = ActionRows(rows, frameCount: 100)
    #expect(spans(halfOpen) == [[0, 5, 2], [0, 5, 3], [90, 100, 50]])
    #expect(halfOpen.actions.map(\.isCut) == [false, false, true])
    #expect(halfOpen.actions.map(\.row.line) == [8, 10, 6])
    #expect(halfOpen.refused.map(\.row.line) == [1, 2, 3, 4, 5, 7, 9])
    #expect(
      halfOpen.refused.map(\.reason.rawValue) == [
        "reversed", "empty", "out-of-range", "bad-label", "bad-label", "duplicate", "duplicate",
      ])
    // Counted from 1 a start of 0 is before the first frame, and a row of one frame is no longer empty.
    let oneBased = ActionRows(rows, frameCount: 100, convention: .oneBased)
    #expect(spans(oneBased) == [[29, 30, 4], [89, 100, 50], [99, 100, 4]])
    #expect(oneBased.refused.filter { $0.reason == .outOfRange }.map(\.row.line) == [8, 9, 10])
    #expect(spans(ActionRows(rows, frameCount: 100, convention: .closed)).contains([30, 31, 4]))
    #expect(ActionRows(rows, frameCount: 0).actions.isEmpty)
    #expect(spans(ActionRows([row(1, 9, 0, 5)], frameCount: 9, classCount: 8)) == [])
  }

  @Test func actionsAreNumberedAlikeInEveryOrderAndByEveryConvention() {
    let rows = [row(1, 3, 50, 60), row(2, 1, 0, 10), row(3, 2, 30, 20), row(4, 3, 40, 45), row(5, 2, 40, 45)]
    let expected = ActionRows(rows, frameCount: 100)
    #expect(expected.actions.map(\.index) == [0, 2, 3, 4])
    #expect(spans(expected) == [[0, 10, 0], [40, 45, 1], [40, 45, 2], [50, 60, 2]])
    var random = KeyedRandom(seed: 1, view: "order")
    for _ in 0..<20 {
      #expect(ActionRows(random.shuffled(rows), frameCount: 100) == expected)
    }
    #expect(ActionRows(rows, frameCount: 100, convention: .oneBased).actions.map(\.index) == [2, 3, 4])
  }
}

/// Recordings with labels, as they come in an archive.
@Suite struct PKUArchiveTests {
  @Test func labelsAndSkeletonsOfAnArchiveFitEachOther() throws {
    let archive = Outside.data.appendingPathComponent("nwucla-pku-layout.zip")
    guard Outside.has(archive) else {
      print("skipped: no \(archive.path)")
      return
    }
    let files = try InputListing(inputs: [archive.path], extensions: ["txt"]).files
    let reader = RawFileReader()
    var text: [UInt8] = []
    // Parsing is slow without optimization, so that some recordings stand for all.
    for name in ["0006-L", "0304-M"] {
      var recording: Recording?
      var rows: [PKULabelText.Row] = []
      for file in files where file.stem == name {
        try reader.read(file, into: &text)
        let isLabels = PKULabelText.kind(of: text.span) == .labels
        #expect(isLabels == file.label.contains("Train_Label_PKU_final"))
        if isLabels {
          rows = try PKULabelText.parse(text.span)
        } else {
          recording = try PKUSkeletonText.parse(text.span)
        }
      }
      let frames = try #require(recording).frameCount
      let actions = ActionRows(rows, frameCount: frames)
      #expect(actions.refused.isEmpty && actions.actions.count == rows.count && !rows.isEmpty)
      #expect(actions.actions.allSatisfy { !$0.isCut && $0.end <= frames })
    }
  }
}
