import Formats
import Foundation
import Preparation
import Recipes
import Skeleton

extension FuzzTarget {
  /// What headings say, and what does not belong there.
  private static let cells: [[UInt8]] =
    numbers
    + [
      "frame", "person", "nose_x", "nose_y", "nose_c", "left_knee_x", "LKnee_Y", "x0", "y0", "kp3_x", ";",
      "\"", "\"\"",
      "#", "NA", "\u{0}", "name", "class", "subject", "start", "end", "\u{85}", "é", "\\",
    ].map { Array($0.utf8) } + [[0xff], [0xc3], [0xef, 0xbb, 0xbf]]

  static let table = FuzzTarget(name: "table", isText: true, words: cells) { bytes, _ in
    let poses: Poses
    do { poses = try PoseTable.parse(bytes.span, PoseForm(.coco17)) } catch { return .refused }
    try hold(poses, .coco17)
    guard (0..<poses.frameCount).allSatisfy({ !poses.bodies(inFrame: $0).isEmpty }) else { return .read }
    // Written again it is the same; only tracks are counted anew.
    var text =
      "frame,body," + SkeletonLayout.coco17.joints.flatMap { ["\($0)_x", "\($0)_y"] }.joined(separator: ",")
    for frame in 0..<poses.frameCount {
      for body in poses.bodies(inFrame: frame) {
        text += "\n\(frame),\(body)"
        for place in poses.places[(body * 34)..<((body + 1) * 34)] { text += place.isNaN ? "," : ",\(place)" }
      }
    }
    let again = try PoseTable.parse(Array(text.utf8).span, PoseForm(.coco17))
    guard again.frameStarts == poses.frameStarts, again.places.elementsEqual(poses.places, by: same) else {
      throw Contradiction(description: "written again, it is read as another recording")
    }
    return .read
  }

  static let poseJSON = FuzzTarget(
    name: "posejson", isText: true,
    words: numbers
      + [
        "[", "]", "{", "}", ",", ":", "null", "true", "NaN", "[[[[", "{\"people\":[",
        "\"pose_keypoints_2d\":", "\"keypoints\":",
        "\"instances\":", "\"image_id\":", "\"frame_id\":", "\"idx\":", "\"nose\":", "\"x\":", "\"\\u0000\"",
        "\"\\", "\"",
      ].map { Array($0.utf8) } + [[0xff], [0xc3]], allowance: 8 << 20
  ) { bytes, _ in
    let poses: Poses
    do { poses = try PoseJSON.parse(bytes.span, PoseForm(.coco17)) } catch { return .refused }
    try hold(poses, .coco17)
    // As lists in lists it is the same recording; tracks are the places in their frames then.
    func number(_ value: Double) -> String { value.isNaN ? "null" : "\(value)" }
    let frames = (0..<poses.frameCount).map { frame in
      let bodies = poses.bodies(inFrame: frame).map { body in
        let joints = (0..<17).map { joint in
          let place = body * 34 + joint * 2
          return "[\(number(poses.places[place])),\(number(poses.places[place + 1]))]"
        }
        return "[\(joints.joined(separator: ","))]"
      }
      return "[\(bodies.joined(separator: ","))]"
    }
    guard !frames.isEmpty else { return .read }
    let again = try PoseJSON.parse(Array("[\(frames.joined(separator: ","))]".utf8).span, PoseForm(.coco17))
    guard again.frameStarts == poses.frameStarts, again.places.elementsEqual(poses.places, by: same) else {
      throw Contradiction(description: "written again, it is read as another recording")
    }
    return .read
  }

  static let labelTable = FuzzTarget(name: "labeltable", isText: true, words: cells) { bytes, _ in
    let table: LabelTable
    do { table = try LabelTable.parse(bytes.span) } catch { return .refused }
    guard !table.rows.isEmpty,
      table.rows.allSatisfy({ !$0.name.isEmpty && ($0.end ?? .max) > ($0.start ?? 0) }),
      Set(table.classes).count == table.classes.count,
      table.rows.allSatisfy({ row in
        row.label.isEmpty || table.classes.contains(row.label)
      })
    else { throw Contradiction(description: "a table that contradicts itself") }
    return .read
  }

  static let layout = FuzzTarget(
    name: "layout", isText: true,
    words: cells
      + ["joints:\n", "- {", "}", "parent: ", "kinect:\n", "from: [", "]", "name: "].map { Array($0.utf8) },
    allowance: 16 << 20
  ) { bytes, place in
    try Data(bytes).write(to: place.file)
    let layout: SkeletonLayout
    do { layout = try LayoutFile(contentsOf: place.file).layout(of: "layout") } catch is InputError {
      return .refused
    }
    guard layout.fault == nil,
      try LayoutFile(yaml: LayoutFile(layout).yaml, file: "again").layout(of: "again") == layout
    else { throw Contradiction(description: "written again, it is another layout") }
    return .read
  }

  static func same(_ left: Double, _ right: Double) -> Bool { left == right || left.isNaN && right.isNaN }

  /// Checks what all poses keep to, and that they can be mapped.
  static func hold(_ poses: Poses, _ layout: SkeletonLayout) throws {
    guard poses.places.count == poses.bodyIDs.count * layout.jointCount * layout.coordinates,
      poses.frameStarts.last == poses.bodyIDs.count, poses.frameCount <= Recording.frameLimit,
      poses.bodyIDs.count <= Poses.mostBodies + 2,
      poses.places.allSatisfy({ $0.isNaN || $0.isFinite })
    else { throw Contradiction(description: "poses that contradict themselves") }
    let mapped = poses.recording(layout, in: PoseSpace(up: layout.up))
    guard mapped.recording.frameCount == poses.frameCount, mapped.recording.joints.allSatisfy(\.isFinite),
      mapped.scale.metres.isFinite
    else { throw Contradiction(description: "a recording of no places") }
  }
}
