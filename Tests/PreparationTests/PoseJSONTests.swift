import Foundation
import Formats
import Numpy
import Shards
import Skeleton
import Testing

@testable import Preparation

/// Poses in JSON and in arrays: one recording in the forms that programs write is one recording.
@Suite struct PoseJSONTests {
  private let form = PoseForm(.coco17)

  private func parse(_ text: String, _ form: PoseForm? = nil) throws -> Poses {
    try PoseJSON.parse(Array(text.utf8).span, form ?? self.form)
  }

  private func error(_ text: String, _ form: PoseForm? = nil) -> PoseFileError? {
    do {
      _ = try PoseJSON.parse(Array(text.utf8).span, form ?? self.form)
      return nil
    } catch { return error }
  }

  /// Joint v of frame t at (10 v + t + 1, 20 v + 1); the ninth was not seen.
  private func places(_ frame: Int) -> [[Double]] {
    (0..<17).map { $0 == 9 ? [0, 0] : [Double(10 * $0 + frame + 1), Double(20 * $0 + 1)] }
  }

  private func text(_ value: Any) throws -> String {
    String(decoding: try JSONSerialization.data(withJSONObject: value), as: UTF8.self)
  }

  private func equal(_ left: Poses, _ right: Poses) -> Bool {
    left.frameStarts == right.frameStarts
      && left.places.elementsEqual(right.places) { $0 == $1 || $0.isNaN && $1.isNaN }
  }

  @Test func formsOfProgramsAreOneRecording() throws {
    let frames = (0..<3).map(places)
    let expected = try parse(text(frames))
    #expect(
      expected.frameStarts == [0, 1, 2, 3] && expected.places[2 * 34 + 6] == 33 && expected.places[18].isNaN)
    func triples(_ frame: Int) -> [[Double]] { places(frame).enumerated().map { $1 + [$0 == 9 ? 0.0 : 0.8] } }
    let names = SkeletonLayout.coco17.joints
    let scores = (0..<17).map { $0 == 9 ? 0.0 : 0.9 }
    let forms: [(name: String, value: Any)] = [
      ("T V C+1", (0..<3).map(triples)), ("T M V C", frames.map { [$0] }),
      ("T flat", frames.map { $0.flatMap(\.self) }),
      ("skeletons", ["file_name": "a01_s01_e00_v01", "skeletons": frames, "label": 1]),
      (
        "OpenPose",
        (0..<3).map {
          [
            "version": 1.3,
            "people": [
              ["person_id": [-1], "pose_keypoints_2d": triples($0).flatMap(\.self), "pose_keypoints_3d": []]
            ],
          ]
        }
      ),
      (
        "MMPose",
        [
          "meta_info": ["x": 1],
          "instance_info": (0..<3).map {
            [
              "frame_id": $0 + 1,
              "instances": [["keypoints": places($0), "keypoint_scores": scores, "bbox": [[0, 0, 1, 1]]]],
            ]
          },
        ]
      ),
      (
        "AlphaPose",
        [2, 0, 1].map {
          [
            "image_id": "\($0).jpg", "category_id": 1, "keypoints": triples($0).flatMap(\.self), "score": 2.5,
            "idx": 1,
          ]
        }
      ),
      (
        "named",
        frames.map { frame in
          Dictionary(uniqueKeysWithValues: zip(names, frame)).merging(["time": [1.5]]) { $1 }
        }
      ),
      ("landmarks", (0..<3).map { triples($0).map { ["x": $0[0], "y": $0[1], "visibility": $0[2]] } }),
    ]
    for (name, value) in forms { #expect(equal(try parse(text(value)), expected), "\(name)") }
  }

  @Test func tracksAndFramesWithoutAnybodyAreKept() throws {
    func person(_ image: String, _ track: Int) -> [String: Any] {
      ["image_id": image, "keypoints": places(track).flatMap { $0 + [1.0] }, "idx": track]
    }
    let poses = try parse(text([person("3.jpg", 8), person("0.jpg", 7), person("0.jpg", 8)]))
    // Two in the first frame, nobody in the next two.
    #expect(poses.frameStarts == [0, 2, 2, 2, 3] && poses.bodyIDs == [0, 1, 1])
    #expect(
      try parse(#"[{"people": []}, {"people": [{"pose_keypoints_2d": []}]}]"#).frameStarts == [0, 0, 0])
    #expect(try parse("[null, []]").frameStarts == [0, 0, 0])
  }

  @Test func nwuclaOfCTRGCNIsKinectsTwenty() throws {
    let frames = (0..<2).map { t in (0..<20).map { v in [Double(v) * 0.1 + 0.01, 1.0, 2.0 + Double(t)] } }
    let poses = try parse(
      text(["file_name": "a01_s01_e00_v01", "skeletons": frames, "label": 1]), PoseForm(.kinect20))
    let mapped = poses.recording(.kinect20, in: PoseSpace(unit: .metres, up: .y)).recording
    let hand = try #require(Kinect25.jointNames.firstIndex(of: "left_hand"))
    #expect(abs(mapped.joints[3 * hand] - 0.71) < 1e-9 && mapped.joints[75 + 2] == 3)
    let tip = try #require(Kinect25.jointNames.firstIndex(of: "left_hand_tip"))
    #expect(mapped.lostJoints.contains(tip))
  }

  @Test func whatDoesNotBelongIsNamedWithItsPlace() throws {
    let cases: [(text: String, kind: String, words: [String])] = [
      ("", "truncated", []), ("[[1,2", "truncated", ["byte 5"]), ("[1,2]]", "trailing-data", ["byte 5"]),
      ("{\"a\":1,\"a\":2}", "bad-token", ["twice"]), ("[1 2]", "bad-token", ["byte 3"]),
      ("[nul]", "bad-token", []), ("{\"x\":1}", "unknown-form", ["an object of x"]),
      ("7", "unknown-form", []),
      ("[[1,2,3,4,5]]", "joint-count", ["0: 5 numbers", "34", "coco17"]),
      (#"{"people":[{"pose_keypoints_2d":[1,2,3,4]}]}"#, "joint-count", ["people/0/pose_keypoints_2d"]),
      (String(repeating: "[", count: 100), "nesting", ["deep"]),
      ("[\"a", "truncated", []), ("[\"\\x\"]", "bad-token", ["escape"]),
    ]
    for (text, kind, words) in cases {
      let error = error(text)
      #expect(error?.kind == kind, "\(text): \(String(describing: error))")
      for word in words { #expect(error?.sentence.contains(word) == true, "\(error?.sentence ?? "")") }
    }
    let mixed = try text([[[[1.0, 2.0]]] + Array(repeating: [[1.0, 2.0, 3.0, 4.0]], count: 16)])
    #expect(error(mixed) != nil)
  }

  // MARK: arrays

  private func numbers(
    _ shape: [Int], _ value: (_ t: Int, _ m: Int, _ v: Int, _ c: Int) -> Float, _ axes: String
  ) -> [Float] {
    var values: [Float] = []
    for index in 0..<shape.reduce(1, *) {
      var rest = index
      var place: [Character: Int] = ["T": 0, "M": 0, "V": 0, "C": 0]
      for (axis, extent) in zip(axes, shape).reversed() {
        place[axis] = rest % extent
        rest /= extent
      }
      values.append(value(place["T"] ?? 0, place["M"] ?? 0, place["V"] ?? 0, place["C"] ?? 0))
    }
    return values
  }

  @Test func shapesSayWhatAxesAre() throws {
    func value(_ t: Int, _ m: Int, _ v: Int, _ c: Int) -> Float {
      c == 2 ? (v == 9 ? 0 : 1) : Float(1000 * t + 100 * m + 10 * (v + 1) + c)
    }
    for width in [2, 3] {
      let one = try PoseArray.poses(
        shape: [5, 17, width], values: numbers([5, 17, width], value, "TVC"), form)
      #expect(one.frameCount == 5 && one.bodyIDs == [0, 0, 0, 0, 0])
      #expect(one.places[2 * 34 + 7] == 2041 && one.places[18].isNaN == (width == 3))
      let columns = try PoseArray.poses(
        shape: [width, 5, 17], values: numbers([width, 5, 17], value, "CTV"), form)
      #expect(equal(columns, one))
      let flat = try PoseArray.poses(
        shape: [5, 17 * width], values: numbers([5, 17, width], value, "TVC"), form)
      #expect(equal(flat, one))
      let two = try PoseArray.poses(
        shape: [5, 2, 17, width], values: numbers([5, 2, 17, width], value, "TMVC"), form)
      #expect(two.bodyIDs == [0, 1, 0, 1, 0, 1, 0, 1, 0, 1] && two.places[3 * 34] == 1110)
      for (shape, axes) in [([2, 5, 17, width], "MTVC")] {
        #expect(
          equal(try PoseArray.poses(shape: shape, values: numbers(shape, value, axes), form), two), "\(axes)")
      }
    }
    // In space C may stand first too; in an image three of two coordinates could be either.
    let space = PoseForm(.h36m17)
    let pair = try PoseArray.poses(
      shape: [5, 2, 17, 3], values: numbers([5, 2, 17, 3], value, "TMVC"), space)
    let first = try PoseArray.poses(
      shape: [3, 5, 17, 2], values: numbers([3, 5, 17, 2], value, "CTVM"), space)
    #expect(equal(first, pair))
    let scored = try PoseArray.poses(
      shape: [2, 17, 2], values: numbers([2, 17, 2], value, "TVC"),
      confidences: (0..<34).map { $0 == 17 ? 0 : 1 }, form)
    #expect(scored.places[34].isNaN && !scored.places[0].isNaN)
    for shape in [[5, 18, 2], [34], [5, 17, 4], [40_000, 17, 2], [20, 20, 17, 2], [3, 5, 17, 2]] {
      #expect(throws: PoseFileError.self) {
        try PoseArray.poses(shape: shape, values: [Float](repeating: 1, count: shape.reduce(1, *)), form)
      }
    }
  }

  @Test func filesOfEveryKindMakeTheSameDataSet() throws {
    let folder = try TemporaryFolder()
    for kind in ["csv", "json", "npy", "npz", "frames"] {
      try FileManager.default.createDirectory(atPath: folder.path(kind), withIntermediateDirectories: true)
    }
    let frames = (0..<6).map(places)
    func url(_ path: String) -> URL { URL(fileURLWithPath: folder.path(path)) }
    let heading = SkeletonLayout.coco17.joints.flatMap { ["\($0)_x", "\($0)_y"] }.joined(separator: ",")
    let lines = frames.map { $0.flatMap(\.self).map { "\($0)" }.joined(separator: ",") }
    try Data(([heading] + lines).joined(separator: "\n").utf8).write(to: url("csv/a.csv"))
    try Data(text(frames).utf8).write(to: url("json/a.json"))
    let bytes = NPYBytes.of(frames.flatMap { $0.flatMap(\.self) })
    for (name, isZip) in [("npy/a.npy", false), ("npz/a.npz", true)] {
      let array = NPYArray("keypoints", .float64, shape: [6, 17, 2])
      let file = isZip ? try NumpyFile(npz: url(name), [array]) : try NumpyFile(npy: url(name), array)
      try file.append(bytes, to: "keypoints")
      try file.finish()
      try file.publish()
    }
    for (index, frame) in frames.enumerated() {
      let number = String(repeating: "0", count: 11) + "\(index)"
      let numbers = frame.flatMap { $0 + [$0[0] == 0 ? 0.0 : 1.0] }
      try Data(text(["people": [["person_id": [-1], "pose_keypoints_2d": numbers]]]).utf8).write(
        to: url("frames/a_\(number)_keypoints.json"))
    }
    let own = try OwnDataOptions(layout: "coco17").recordings(named: "own", labels: [])
    var first: [Float]?
    for kind in ["csv", "json", "npy", "npz", "frames"] {
      let outcome = try Pipeline(
        ConversionOptions(inputs: [folder.path(kind)], data: .own(own), output: folder.path("out-" + kind))
      ).run()
      #expect(!outcome.hasBadFiles, "\(kind): \(outcome.report?.rows ?? [])")
      #expect(outcome.report?.rows.count == (kind == "frames" ? 6 : 1))
      let data = try DatasetFolder(url("out-" + kind))
      #expect(try data.samples().joined().map(\.name) == ["a"])
      let values = try data.shard(0).frames
      #expect(values == first ?? values, "\(kind)")
      first = values
    }
    // A frame that is damaged makes no recording with a hole.
    try Data("{".utf8).write(to: url("frames/a_000000000003_keypoints.json"))
    #expect {
      try Pipeline(
        ConversionOptions(inputs: [folder.path("frames")], data: .own(own), output: folder.path("no"))
      ).run()
    } throws: { "\($0)".contains("no sample that can be used") }
  }
}
