import Skeleton

/// Poses in an array of numbers, whose shape says what its axes are.
///
/// Known are frames first, (T, V, C), (T, M, V, C) and (T, V·C); PYSKL's (M, T, V, C); and ST-GCN's (C, T, V) and
/// (C, T, V, M). C is the layout's, or one more with a confidence. Where C may stand first or last it stands last, and (3, T, V, 2)
/// of an image is refused.
public struct PoseArray {
  /// Where a number is, by its frame, body, joint and axis.
  private struct Strides {
    var frames: Int, bodies = 1, width: Int
    var frame: Int, body = 0, joint: Int, axis: Int
  }

  /// The most bodies of a frame.
  private static let mostBodies = 16

  /// Reads an array.
  ///
  /// - Parameters:
  ///   - shape: its extents, slowest first.
  ///   - values: its numbers.
  ///   - confidences: of each joint, (T, V), (T, M, V) or (M, T, V) as the places; nil where there are none.
  /// - Throws: a shape that is none of these, or has more frames than a recording.
  public static func poses(
    shape: [Int], values: [Float], confidences: [Float]? = nil, _ form: PoseForm
  ) throws(PoseFileError) -> Poses {
    precondition(shape.reduce(1, *) == values.count, "\(values.count) numbers of the shape \(shape)")
    guard let strides = strides(of: shape, form) else {
      let (joints, axes) = (form.layout.jointCount, form.layout.coordinates)
      throw PoseFileError(
        "shape", found: "the shape \(shape)",
        expected:
          "(T, \(joints), \(axes)), (T, M, \(joints), \(axes)), (M, T, \(joints), \(axes)), (T, \(joints * axes)) or "
          + "(\(axes), T, \(joints), M), with a confidence or without",
        hint: "is --layout \(form.layout.name) right? --coordinates says whether joints have 2 or 3")
    }
    guard strides.frames <= Recording.frameLimit else {
      throw PoseFileError(
        "too-long", found: "\(strides.frames) frames", expected: "at most \(Recording.frameLimit)")
    }
    let count = strides.frames * strides.bodies * form.layout.jointCount
    if let confidences, confidences.count != count {
      throw PoseFileError(
        "shape", found: "\(confidences.count) confidences", expected: "\(count), one of each joint")
    }
    // Places and confidences have the same axes but for the last.
    let isSlowest = strides.axis == 1
    var poses = form.poses
    for frame in 0..<strides.frames {
      for one in 0..<strides.bodies {
        var body = form.nobody
        for joint in 0..<form.layout.jointCount {
          let place = frame * strides.frame + one * strides.body + joint * strides.joint
          form.put(
            (0..<strides.width).lazy.map { Double(values[place + $0 * strides.axis]) }, joint: joint,
            into: &body)
          if let confidences, isSlowest, !(Double(confidences[place / strides.width]) > form.leastConfidence)
          {
            form.hide(joint, in: &body)
          }
        }
        poses.appendBody(id: UInt64(one), body)
      }
      poses.endFrame()
    }
    return poses
  }

  private static func strides(of shape: [Int], _ form: PoseForm) -> Strides? {
    let joints = form.layout.jointCount
    for width in [form.layout.coordinates, form.layout.coordinates + 1] {
      let body = joints * width
      switch shape.count {
      case 2 where shape[1] == body:
        return Strides(frames: shape[0], width: width, frame: body, joint: width, axis: 1)
      case 3 where shape[1] == joints && shape[2] == width:
        return Strides(frames: shape[0], width: width, frame: body, joint: width, axis: 1)
      case 4 where shape[2] == joints && shape[3] == width:
        // Of one body, or of few frames, both readings are possible: time is the longer axis.
        let isTimeFirst = shape[0] >= shape[1]
        let (frames, bodies) = isTimeFirst ? (shape[0], shape[1]) : (shape[1], shape[0])
        guard bodies <= mostBodies, !(form.layout.coordinates == 2 && shape[0] == 3 && width == 2) else {
          break
        }
        return Strides(
          frames: frames, bodies: bodies, width: width, frame: isTimeFirst ? bodies * body : body,
          body: isTimeFirst ? body : frames * body, joint: width, axis: 1)
      default: break
      }
    }
    // Two coordinates behind three of something: three bodies, or two with coordinates and confidence. Nobody can tell.
    let isEither = shape.count == 4 && form.layout.coordinates == 2 && shape[0] == 3 && shape[3] == 2
    for width in isEither ? [] : [form.layout.coordinates, form.layout.coordinates + 1] {
      switch shape.count {
      case 3 where shape[0] == width && shape[2] == joints:
        return Strides(frames: shape[1], width: width, frame: joints, joint: 1, axis: shape[1] * joints)
      case 4 where shape[0] == width && shape[2] == joints && shape[3] <= mostBodies:
        let bodies = shape[3]
        return Strides(
          frames: shape[1], bodies: bodies, width: width, frame: joints * bodies, body: 1, joint: bodies,
          axis: shape[1] * joints * bodies)
      default: break
      }
    }
    return nil
  }
}
