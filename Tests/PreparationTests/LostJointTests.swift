import Formats
import Foundation
import Shards
import Skeleton
import Testing

@testable import Preparation

/// Joints that a recording has at no place: not-a-number, infinite, absurdly far.
@Suite struct LostJointTests {
  /// Three frames of one body; in frame 1 some joints' lines are replaced.
  private func text(lost: Set<Int>, word: String = "NaN") -> [UInt8] {
    var text = "3\n"
    for frame in 0..<3 {
      text += "1\n"
      let body = Texts.body { joint in (Double(joint) / 10, Double(frame), 3 + Double(joint % 3)) }
      var lines = body.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      for joint in lost where frame == 1 { lines[2 + joint] = "\(word) 1 2 1 2 3 4 0 0 0 0 2" }
      text += lines.joined(separator: "\n")
    }
    return Array(text.utf8)
  }

  /// All profiles keep the recording; the joint is 0 0 0 and not seen, and everything else is as if it had been 0 0 0.
  @Test(arguments: ["NaN", "-inf", "1e300", "1.#QNAN"]) func theJointIsNotSeen(word: String) throws {
    let recording = try NTUSkeletonText.parse(text(lost: [7], word: word).span)
    let zero = try NTUSkeletonText.parse(text(lost: [7], word: "NaN").span)
    #expect(recording == zero)
    for profile in Profile.all where profile != .crosscl50 {
      let normalized = profile.normalize(recording)
      let clip = normalized.clip
      #expect(normalized.repairs.contains(.lostJoints) && clip.frameCount == 3, "\(profile.name)")
      let place = Clip.coordinate(frame: 1, body: 0, joint: 7)
      #expect(Array(clip.joints[place..<(place + 3)]) == [0, 0, 0], "\(profile.name)")
      let seen = (0..<75).map { clip.visible[Clip.visibility(frame: $0 / 25, body: 0, joint: $0 % 25)] }
      #expect(seen.enumerated().filter { $0.element == 0 }.map(\.offset) == [32], "\(profile.name)")
      #expect(clip.joints.allSatisfy { $0.isFinite })
    }
    #expect(Profile.crosscl50.clip(of: recording).joints.allSatisfy { $0.isFinite })
  }

  @Test func aBodyOfLostJointsIsNobodyInThatFrame() throws {
    let recording = try NTUSkeletonText.parse(text(lost: Set(0..<25)).span)
    #expect(recording.lostJoints == Array(25..<50))
    let clip = Profile.raw.clip(of: recording)
    #expect((0..<3).map { clip.isAbsent(body: 0, frame: $0) } == [false, true, false])
  }

  /// The file is a sample and said to be repaired; one in which nothing is left is dropped for having nobody.
  @Test func theReportSaysSo() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.path("raw"), withIntermediateDirectories: true)
    func write(_ text: [UInt8], _ name: String) throws {
      try Data(text).write(to: folder.url.appendingPathComponent("raw/\(name).skeleton"))
    }
    try write(text(lost: [0, 7]), "S001C001P001R001A001")
    let frame = Texts.body { _ in (1, 1, 1) }.replacing("1.0 1.0 1.0", with: "nan nan nan")
    try write(Array("1\n1\n\(frame)".utf8), "S001C001P001R001A002")
    let outcome = try Pipeline(
      ConversionOptions(inputs: [folder.path("raw")], dataset: .ntu60, output: folder.path("out"))
    ).run()
    let report = try #require(outcome.report)
    #expect(report.rows.map(\.outcome) == [.repaired, .dropped])
    #expect(report.rows[0].repairs == [.lostJoints] && report.rows[1].reason == "no-body")
    let detail = try #require(report.rows[0].detail)
    #expect(
      detail.contains(": 2, ") && detail.contains("frame 1") && detail.contains(Kinect25.jointNames[0]))
    #expect(try Verification(folder.path("out")).faults.isEmpty)
  }
}

/// Joints at 0 0 0 of a body that is there, in the profiles of programs that know no joint that was not seen.
@Suite struct WholeBodyTests {
  private func recording() throws -> Recording {
    let scene = Scene(frames: 20, actors: [Scene.Actor(id: 1, frames: [0..<20])])
    var text = String(decoding: scene.text(), as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    // The tenth frame's joint 2: a count, then for each frame 1 + 2 + 25 lines.
    text[1 + 10 * 28 + 3 + 2] = "0 0 0 1 2 3 4 0 0 0 0 2"
    return try NTUSkeletonText.parse(Array(text.joined(separator: "\n").utf8).span)
  }

  @Test func ctrgcnMovesThemWithTheBody() throws {
    let recording = try recording()
    let origin = recording.joints[3..<6].map { Float($0) }
    for name in ["ctrgcn", "ctrgcn-copy", "ctrgcn-compressed", "ctrgcn-copy-compressed"] {
      let clip = try Profile.named(name).clip(of: recording)
      let place = Clip.coordinate(frame: 10, body: 0, joint: 2)
      #expect(Array(clip.joints[place..<(place + 3)]) == origin.map { -$0 }, "\(name)")
      #expect(clip.visible[Clip.visibility(frame: 10, body: 0, joint: 2)] == 1, "\(name)")
      // Nobody is moved nowhere.
      let copy = Clip.coordinate(frame: 10, body: 1, joint: 2)
      let expected = name.contains("copy") ? origin.map { -$0 } : [0, 0, 0]
      #expect(Array(clip.joints[copy..<(copy + 3)]) == expected, "\(name)")
    }
  }

  @Test func othersLeaveThemAtTheOrigin() throws {
    for profile in [Profile.agcn300, .agcn300Sync, .pyskl(), .stgcn, .raw] {
      let clip = profile.clip(of: try recording())
      let place = Clip.coordinate(frame: 10, body: 0, joint: 2)
      #expect(Array(clip.joints[place..<(place + 3)]) == [0, 0, 0], "\(profile.name)")
      #expect(clip.visible[Clip.visibility(frame: 10, body: 0, joint: 2)] == 0, "\(profile.name)")
    }
  }
}
