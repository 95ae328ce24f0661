import Foundation
import Reporting
import Shards
import Skeleton
import Testing

@testable import Preparation

@Suite struct InspectionTests {
  /// Two shards: one sample of two bodies, of whom the second has no head and comes late, and two of one body.
  private static func write(to folder: TemporaryFolder, untrimmed: Bool = false) throws -> String {
    let data = folder.url.appendingPathComponent("data")
    let shards = DatasetFolder.shards(in: data)
    try FileManager.default.createDirectory(at: shards, withIntermediateDirectories: true)
    func record(_ name: String, label: Int, bodies: Int) -> SampleRecord {
      SampleRecord(
        name: name, label: label, camera: 2, bodies: bodies, digest: String(repeating: "a", count: 64))
    }
    let attributes = ShardAttributes(dataset: "ntu60", profile: "raw", recipe: "{}", generator: "test")
    var first = ShardBuilder(attributes: attributes, compression: 1)
    var visible = [UInt8](repeating: 1, count: 4 * 50)
    for frame in 0..<4 {
      for joint in 0..<25 where frame < 2 || joint == 3 { visible[frame * 50 + 25 + joint] = 0 }
    }
    try first.append(
      record("a", label: 49, bodies: 2), frames: [Float](repeating: 0.5, count: 4 * 150), visible: visible,
      intervals: untrimmed
        ? [
          ActionInterval(start: 0, end: 2, label: 3), ActionInterval(start: 1, end: 3, label: 4),
          ActionInterval(start: 1, end: 2, label: 3),
        ] : [])
    var second = ShardBuilder(attributes: attributes, compression: 1)
    let alone = (0..<50).map { UInt8($0 < 25 ? 1 : 0) }
    for (name, length) in [("b", 1), ("c", 3)] {
      try second.append(
        record(name, label: 5, bodies: 1), frames: [Float](repeating: 0.5, count: length * 150),
        visible: (0..<length).flatMap { _ in alone })
    }
    let entries = [
      try first.write(to: shards.appendingPathComponent("00000.h5")),
      try second.write(to: shards.appendingPathComponent("00001.h5")),
    ]
    try Manifest(
      dataset: "ntu60", profile: "raw", recipe: .object([:]), generator: "test", shards: entries,
      variantOf: String(repeating: "b", count: 64), kind: "spatial", ratio: [0.25, 0.5], seed: 9
    ).write(to: data)
    return data.path
  }

  private struct Facts: Decodable {
    struct Lengths: Decodable {
      struct Bin: Decodable {
        let from: Int
        let to: Int
        let samples: Int
      }
      let least: Int
      let median: Int
      let most: Int
      let histogram: [Bin]
    }
    struct Visibility: Decodable {
      let present_share: Double
      let joints: [String: Double]
    }
    struct Actions: Decodable {
      let count: Int
      let classes: [String: Int]
      let covered_share: Double
    }
    struct Variant: Decodable {
      let of: String
      let kind: String
      let ratio: [Double]
      let seed: Int
    }
    let samples: Int
    let frames: Int
    let lengths: Lengths
    let classes: [String: Int]
    let class_names: [String: String]
    let bodies: [String: Int]
    let visibility: Visibility
    let actions: Actions?
    let variant: Variant?
  }

  private static func facts(_ path: String) throws -> Facts {
    try JSONDecoder().decode(Facts.self, from: try JSONEncoder().encode(try Inspection(path)))
  }

  @Test func countsByHand() throws {
    let folder = try TemporaryFolder()
    let facts = try Self.facts(try Self.write(to: folder, untrimmed: true))
    #expect(facts.samples == 3 && facts.frames == 8)
    #expect(facts.lengths.least == 1 && facts.lengths.median == 3 && facts.lengths.most == 4)
    #expect(facts.lengths.histogram.map(\.samples) == [1, 0, 1, 1])
    #expect(facts.classes == ["49": 1, "5": 2] && facts.bodies == ["1": 2, "2": 1])
    #expect(
      facts.class_names == [
        "49": "punching/slapping other person", "5": "pickup", "3": "brushing hair", "4": "drop",
      ])
    // 8 + 1 + 3 frames of bodies; in two of them the second body is absent, in two it has no head.
    #expect(facts.visibility.present_share == 10.0 / 12)
    #expect(facts.visibility.joints.count == 25)
    #expect(facts.visibility.joints["head"] == 0.8 && facts.visibility.joints["neck"] == 1)
    // Frames 0 to 2 of eight.
    #expect(facts.actions?.count == 3 && facts.actions?.classes == ["3": 2, "4": 1])
    #expect(facts.actions?.covered_share == 3.0 / 8)
    #expect(
      facts.variant?.kind == "spatial" && facts.variant?.ratio == [0.25, 0.5] && facts.variant?.seed == 9)
    #expect(facts.variant?.of == String(repeating: "b", count: 64))

    let shard = try Self.facts(folder.path("data/shards/00001.h5"))
    #expect(shard.samples == 2 && shard.visibility.present_share == 1 && shard.actions == nil)
    #expect(shard.variant == nil)
    let text = try Inspection(folder.path("data/shards/00001.h5")).text()
    #expect(text.contains("always with all 25 joints"))
  }

  @Test(arguments: [40, 80, 132]) func histogramsFitTheTerminal(width: Int) throws {
    let folder = try TemporaryFolder()
    let text = try Inspection(try Self.write(to: folder, untrimmed: true)).text(width: width)
    let bars = text.split(separator: "\n").filter { $0.contains("█") }
    #expect(bars.count > 30)
    for line in bars { #expect(line.count <= width, "\(line)") }
    #expect(bars.map(\.count).max() == width)
    #expect(text.contains("spatial occlusion, ratio 0.25...0.5, seed 9"))
    #expect(text.contains("head   80.0 %"))
  }

  @Test func barsAreAsLongAsTheirCounts() {
    let histogram = TextHistogram(
      [("a", 10), ("long name that is cut", 5), ("none", 0), ("few", 1)], width: 30)
    #expect(
      histogram.description
        == [
          "           a  10  ████████████", "long name t…   5  ██████", "        none   0",
          "         few   1  █",
        ].joined(separator: "\n"))
    #expect(TextHistogram.percent(0.9999) == "99.9 %" && TextHistogram.percent(1) == "100.0 %")
    #expect(TextHistogram.percent(0.00001) == "0.1 %" && TextHistogram.percent(0) == "0.0 %")
  }

  @Test func showsTheActionsOfASample() throws {
    let folder = try TemporaryFolder()
    let data = try Self.write(to: folder, untrimmed: true)
    let text = try SampleInspection("a", in: data).description
    #expect(text.contains("class 49 (punching/slapping other person)"))
    #expect(text.contains("frames 1 to 2: class 4 (drop)"))
    let error = #expect(throws: InputError.self) { try SampleInspection("d", in: data) }
    #expect(error?.hint == "the nearest names are a, b, c")
  }
}
