import Formats
import Foundation
import Shards
import Skeleton
import Testing

@testable import Preparation

/// What is kept of joints besides where they are.
@Suite struct JointColumnTests {
  /// Words 4 to 12 of joint v in frame t: 10t+v, v/2, 100+v, 200+v, 1, −v, 0.5, t, and 0, 1 or 2.
  private func text(frames: Int, bodies: (Int) -> Int = { _ in 1 }) -> String {
    var text = "\(frames)\r\n"
    for frame in 0..<frames {
      text += "\(bodies(frame))\r\n"
      for body in 0..<bodies(frame) {
        text += "\(body + 7) 0 1 1 1 1 0 0.1 0.2 2\r\n25\r\n"
        for v in 0..<25 {
          text += "\(Double(v) + Double(frame) / 8) \(v % 5 + body * 3) 3 "
          text += "\(10 * frame + v) \(Double(v) / 2) \(100 + v) \(200 + v) 1 -\(v) 0.5 \(frame) \(v % 3)\r\n"
        }
      }
    }
    return text
  }

  @Test func readsTheWordsBehindTheCoordinates() throws {
    let bytes = Array(text(frames: 2).utf8)
    var expected: [JointColumn: [Float]] = [:]
    for t in 0..<2 {
      for v in 0..<25 {
        expected[.tracking, default: []].append(Float(v % 3))
        expected[.colour, default: []] += [Float(100 + v), Float(200 + v)]
        expected[.depth, default: []] += [Float(10 * t + v), Float(v) / 2]
        expected[.orientation, default: []] += [1, -Float(v), 0.5, Float(t)]
      }
    }
    for column in JointColumn.allCases {
      #expect(try NTUJointColumns.parse(column, of: bytes.span) == expected[column], "\(column)")
    }
  }

  @Test func aNumberThatIsNotFiniteIsZeroAndAWordIsRefused() throws {
    let odd = text(frames: 1).replacing(" 100 200 ", with: " NaN -inf ")
    #expect(try NTUJointColumns.parse(.colour, of: Array(odd.utf8).span).prefix(3) == [0, 0, 101])
    let wrong = text(frames: 1).replacing(" 100 200 ", with: " left 200 ")
    #expect(throws: SkeletonTextError.self) {
      try NTUJointColumns.parse(.colour, of: Array(wrong.utf8).span)
    }
  }

  /// A second body comes in frame 2 and is moved to the front by the default profile; its columns go with it.
  @Test func columnsFollowTheBodiesAndAreHiddenWithThem() throws {
    let folder = try TemporaryFolder()
    let raw = folder.path("raw")
    try FileManager.default.createDirectory(atPath: raw, withIntermediateDirectories: true)
    try text(frames: 4) { $0 < 2 ? 1 : 2 }.write(
      toFile: raw + "/S001C002P003R001A004.skeleton", atomically: true, encoding: .utf8)
    let outcome = try Pipeline(
      ConversionOptions(
        inputs: [raw], dataset: .ntu60, output: folder.path("out"), columns: [.orientation, .depth],
        compression: 1)
    ).run()
    #expect(outcome.report?.rows.first?.repairs == [.filledGaps, .bodyMoved])
    let dataset = try DatasetFolder(folder.url.appendingPathComponent("out"))
    #expect(try dataset.shard(0).columns.isEmpty)
    let shard = try dataset.shard(0, withColumns: true)
    #expect(Set(shard.columns.keys) == [.orientation, .depth])
    let depth = try #require(shard.columns[.depth])
    #expect(depth.count == 4 * 2 * 25 * 2)
    // x of joint 3: 10t + 3 of the frame that the body is taken from.
    let x: [Float] = (0..<8).map { depth[($0 * 25 + 3) * 2] }
    #expect(x == [3, 23, 13, 33, 23, 23, 33, 33])
    #expect(try Verification(folder.path("out")).faults.isEmpty)

    let occlusion = Occlusion(kind: .spatial, ratio: try Occlusion.Ratio(0.5, 0.5), seed: 1)
    _ = try OcclusionVariant(occlusion).write(of: folder.path("out"), to: folder.path("hidden"))
    let hidden = try DatasetFolder(folder.url.appendingPathComponent("hidden")).shard(0, withColumns: true)
    let orientation = try #require(hidden.columns[.orientation])
    for joint in hidden.visible.indices {
      #expect((orientation[joint * 4] == 0) == (hidden.visible[joint] == 0))
    }
  }

  @Test func columnsAreRefusedWhereThereAreNone() {
    for (dataset, profile) in [(SkeletonDataset.pkummd1, Profile.agcn300), (.ntu60, .crosscl50)] {
      let options = ConversionOptions(
        inputs: ["x"], dataset: dataset, output: "y", profile: profile, columns: [.tracking])
      #expect(throws: InputError.self) { try options.validate() }
    }
  }
}
