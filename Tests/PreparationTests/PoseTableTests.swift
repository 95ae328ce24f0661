import Formats
import Skeleton
import Testing

/// Tables of poses: how their columns are known, and what is said of those that are none.
@Suite struct PoseTableTests {
  private let coco = PoseForm(.coco17)

  private func parse(_ text: String, _ form: PoseForm) throws -> Poses {
    try PoseTable.parse(Array(text.utf8).span, form)
  }

  private func error(_ text: String, _ form: PoseForm) -> PoseFileError? {
    do {
      _ = try PoseTable.parse(Array(text.utf8).span, form)
      return nil
    } catch { return error }
  }

  /// A table of frames in which joint v is at (10 v + frame, 20 v + 1).
  private func table(_ heading: (String, String) -> String, separator: String = ",", frames: Int = 3)
    -> String
  {
    var text =
      SkeletonLayout.coco17.joints.flatMap { joint in ["x", "y"].map { heading(joint, $0) } }
      .joined(separator: separator) + "\n"
    for frame in 0..<frames {
      text +=
        (0..<17).flatMap { ["\(10 * $0 + frame)", "\(20 * $0 + 1)"] }.joined(separator: separator) + "\n"
    }
    return text
  }

  @Test func headingsNameJointsInTheFormsOfPrograms() throws {
    let expected = try parse(table { "\($0)_\($1)" }, coco)
    #expect(expected.frameCount == 3 && expected.places.count == 3 * 34)
    #expect(expected.places[34 + 2 * 5] == 51 && expected.places[34 + 2 * 5 + 1] == 101)
    let forms: [(String, String) -> String] = [
      { "\($1)_\($0)" }, { "\($0.uppercased()) (\($1.uppercased()))" }, { "\($0).\($1)" },
      { "\"\($0)-\($1)\"" },
      { joint, axis in
        let words = joint.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }
        return words.joined() + axis.uppercased()
      },
      { joint, axis in "\(axis)\(SkeletonLayout.coco17.joints.firstIndex(of: joint) ?? -1)" },
      { joint, axis in "\(axis)\((SkeletonLayout.coco17.joints.firstIndex(of: joint) ?? -1) + 1)" },
      { joint, axis in "kp_\(SkeletonLayout.coco17.joints.firstIndex(of: joint) ?? -1)_\(axis)" },
    ]
    for (index, form) in forms.enumerated() {
      #expect(try parse(table(form), coco) == expected, "form \(index)")
    }
    for separator in [";", "\t", " "] {
      #expect(try parse(table({ "\($0)_\($1)" }, separator: separator), coco) == expected, "\(separator)")
    }
    // Without headings, the order of the layout; with comments, CRLF and a mark in front.
    let bare = table { "\($0)_\($1)" }.split(separator: "\n").dropFirst().joined(separator: "\r\n")
    #expect(try parse("\u{feff}# made by hand\n" + bare, coco) == expected)
  }

  @Test func framesAndBodiesAreTold() throws {
    let form = PoseForm(.coco17)
    let text = """
      frame,person,nose_x,nose_y,nose_conf
      0,anna,1,2,0.9
      0,ben,3,4,0.9
      7,ben,5,6,0.9
      """
    let poses = try parse(text, form)
    #expect(poses.frameStarts == [0, 2, 3] && poses.bodyIDs == [0, 1, 1])
    #expect(poses.places[0] == 1 && poses.places[34] == 3 && poses.places[68] == 5 && poses.places[2].isNaN)
    // Without a frame's number a new one begins where somebody comes again.
    let bare = text.split(separator: "\n").map { $0.split(separator: ",").dropFirst().joined(separator: ",") }
    #expect(try parse(bare.joined(separator: "\n"), form).frameStarts == [0, 2, 3])
  }

  @Test func whatIsEmptyZeroOrUncertainWasNotSeen() throws {
    let heading = "nose_x,nose_y,nose_score,left_eye_x,left_eye_y\n"
    let poses = try parse(heading + "1,2,0,,3\n1,2,0.4,0,0\nNaN,2,0.9,7,inf\n1,2,0.6,7,8\n", coco)
    // The first three frames show: nothing, the nose, nothing.
    #expect(poses.frameStarts == [0, 0, 1, 1, 2])
    let strict = try parse(heading + "1,2,0.4,5,6\n", PoseForm(.coco17, leastConfidence: 0.5))
    #expect(strict.places[0].isNaN && strict.places[2] == 5)
  }

  @Test func commasMayStandForPoints() throws {
    let poses = try parse("nose_x;nose_y\n1,5;2,25\n", coco)
    #expect(poses.places[0] == 1.5 && poses.places[1] == 2.25)
  }

  @Test func aFileOfColumnsSaysWhatHeadingsDoNot() throws {
    let columns = PoseColumns(
      frame: "n", body: "", joints: [.init("nose", ["a", "b", "c"]), .init("left_knee", ["#5", "#6"])])
    let form = PoseForm(.coco17, columns: columns)
    let poses = try parse("n,a,b,c,d,e\n0,1,2,0.5,3,4\n1,1,2,0,3,4\n", form)
    #expect(poses.places[0] == 1 && poses.places[26] == 3 && poses.places[34].isNaN)
    #expect(error("n,a,b,x,d,e\n0,1,2,3,4,5\n", form)?.kind == "no-column")
  }

  @Test func whatDoesNotBelongIsNamedWithItsPlace() {
    let heading = "nose_x,nose_y\n"
    let cases: [(text: String, kind: String, line: Int?, words: [String])] = [
      ("", "empty", nil, []), (heading, "empty", nil, []),
      (heading + "1,2\n3\n5,6\n", "word-count", 3, ["1 cells", "2"]),
      (heading + "1,2\n3", "truncated", 3, []),
      (heading + "1,2\n3,abc\n", "bad-token", 3, ["column nose_y", "abc"]),
      (heading + "1,2\n3,\u{0}\n", "nul-byte", 3, []),
      ("nose_x,left_eye_y\n1,2\n", "no-column", nil, ["nose without y"]),
      ("nose_x,nose_x,nose_y\n1,2,3\n", "double-column", nil, ["nose for the second time"]),
      ("nose_x,nose_y,left_sholder_x,left_sholder_y\n1,2,3,4\n", "no-joint", nil, ["left_sholder_x"]),
      ("time,speed\n1,2\n", "no-joint", nil, ["speed", "skelprep layout coco17"]),
      ("1,2,3\n", "column-count", 1, ["34", "51"]),
      ("frame,nose_x,nose_y\n2,1,1\n1,1,1\n", "order", 3, ["frame 1.0 behind 2.0"]),
    ]
    for (text, kind, line, words) in cases {
      let error = error(text, coco)
      #expect(error?.kind == kind && error?.line == line, "\(text): \(String(describing: error))")
      for word in words { #expect(error?.sentence.contains(word) == true, "\(error?.sentence ?? "")") }
    }
    // Kinect's joints in an image: what to do is said.
    #expect(error("head_x,head_y\n1,2\n", PoseForm(.kinect25))?.hint.contains("--coordinates 2") == true)
  }

  @Test func recordingsThatAreTooLongAreRefused() {
    let text = "nose_x,nose_y\n" + String(repeating: "1,2\n", count: Recording.frameLimit + 1)
    #expect(error(text, coco)?.kind == "too-long")
    #expect(error("nose_x,nose_y\n" + String(repeating: "1,2\n", count: 100), coco) == nil)
  }

  /// Written slowly: each joint of Kinect v2 is the mean of those that the layout names, turned, in metres.
  @Test(arguments: SkeletonLayout.provided)
  func mappingIsTheMeanOfWhatTheLayoutNames(layout: SkeletonLayout) throws {
    var poses = Poses(jointCount: layout.jointCount, coordinates: layout.coordinates)
    var random = KeyedRandom(seed: 3, view: layout.name)
    for _ in 0..<4 {
      var body = (0..<(layout.jointCount * layout.coordinates)).map { _ in Double(random.uniform(-1, 1)) }
      for axis in 0..<layout.coordinates { body[3 * layout.coordinates + axis] = .nan }
      poses.appendBody(id: 5, body)
      poses.endFrame()
    }
    let mapped = poses.recording(layout, in: PoseSpace(unit: .millimetres, up: layout.up))
    #expect(mapped.recording.bodyIDs == [5, 5, 5, 5] && mapped.scale.metres == 0.001)
    var unseen = 0
    for body in 0..<4 {
      for (joint, sources) in layout.kinect.enumerated() {
        let own = mapped.recording.joints[((body * 25 + joint) * 3)..<((body * 25 + joint) * 3 + 3)]
        if sources.isEmpty || sources.contains(3) {
          #expect(mapped.recording.lostJoints.contains(body * 25 + joint) && own.allSatisfy { $0 == 0 })
          unseen += sources.isEmpty ? 0 : 1
          continue
        }
        func mean(_ axis: Int) -> Double {
          if axis >= layout.coordinates { return 0 }
          return sources.map { poses.places[(body * layout.jointCount + $0) * layout.coordinates + axis] }
            .reduce(0, +) / Double(sources.count)
        }
        let (x, y, z) = layout.up.upright(mean(0), mean(1), mean(2))
        for (found, expected) in zip(own, [x, y, z]) { #expect(abs(found - expected / 1000) < 1e-12) }
      }
    }
    #expect(mapped.unseen == unseen)
  }

  @Test func unitsAreToldByTheLengthsOfBones() {
    // A person of a model in metres, with thighs of 0.42.
    let heights: [String: (Double, Double)] = [
      "spine_base": (0.0, 0.95), "spine_shoulder": (0, 1.45), "left_hip": (0.1, 0.95),
      "right_hip": (-0.1, 0.95),
      "left_knee": (0.1, 0.53), "right_knee": (-0.1, 0.53), "left_ankle": (0.1, 0.13),
      "right_ankle": (-0.1, 0.13),
    ]
    func mapped(times factor: Double, _ unit: PoseUnit = .auto, flat: Bool = false) -> Poses.Mapped {
      let layout = flat ? SkeletonLayout.kinect25.with(coordinates: 2) : .kinect25
      var poses = Poses(jointCount: 25, coordinates: layout.coordinates)
      for frame in 0..<5 {
        var body: [Double] = []
        for name in Kinect25.jointNames {
          guard let place = heights[name] else {
            body += [Double](repeating: .nan, count: layout.coordinates)
            continue
          }
          body += [place.0 * factor, place.1 * factor]
          if !flat { body.append((2 + 0.1 * Double(frame)) * factor) }
        }
        poses.appendBody(id: 0, body)
        poses.endFrame()
      }
      return poses.recording(layout, in: PoseSpace(unit: unit, up: .y))
    }
    for (factor, unit) in [(1.0, PoseUnit.metres), (100, .centimetres), (1000, .millimetres)] {
      let found = mapped(times: factor)
      #expect(found.scale.unit == unit && !found.scale.isImplausible, "\(factor)")
      #expect(abs(found.recording.joints[1] - 0.95) < 1e-9, "\(factor)")
    }
    // Children too; and what no unit explains is made as long as a person.
    #expect(mapped(times: 0.6).scale.unit == .metres && mapped(times: 450).scale.unit == .millimetres)
    let odd = mapped(times: 11)
    #expect(odd.scale.unit == .body && abs(odd.recording.joints[1] - 0.95) < 0.05)
    let image = mapped(times: 160, flat: true)
    #expect(image.scale.unit == .body && abs(image.recording.joints[1] - 0.95) < 0.05)
    // Who says what it is, is believed, and told.
    let told = mapped(times: 1000, .metres)
    #expect(told.scale.metres == 1 && told.scale.isImplausible)
  }
}
