import Skeleton

/// The bodies of a recording that have one id, in order of time.
struct BodyTrack: Sendable, Equatable {
  /// In which frames, ascending.
  var frames: [Int] = []
  /// Which of the recording's bodies, one for each frame.
  var bodies: [Int] = []
  /// How much it moves, in square metres; see ``variance(ofBodies:in:)``.
  var motion = 0.0

  /// From the first frame to the last.
  var hull: Range<Int> {
    guard let first = frames.first, let last = frames.last else { return 0..<0 }
    return first..<(last + 1)
  }

  /// var(x) + var(y) + var(z) over the joints of these bodies, in float64.
  static func variance(ofBodies bodies: [Int], in recording: Recording) -> Double {
    guard !bodies.isEmpty else { return 0 }
    let joints = recording.joints.span
    let count = Double(bodies.count * Clip.jointCount)
    var sum = SIMD3<Double>.zero
    for body in bodies {
      for place in stride(from: body * Clip.bodyStride, to: (body + 1) * Clip.bodyStride, by: 3) {
        sum += SIMD3(joints[place], joints[place + 1], joints[place + 2])
      }
    }
    let mean = sum / count
    var squares = SIMD3<Double>.zero
    for body in bodies {
      for place in stride(from: body * Clip.bodyStride, to: (body + 1) * Clip.bodyStride, by: 3) {
        let difference = SIMD3(joints[place], joints[place + 1], joints[place + 2]) - mean
        squares += difference * difference
      }
    }
    return (squares / count).sum()
  }

  /// Whether the body is at most `ratio` times as wide as it is tall.
  static func isUpright(body: Int, ratio: Double, in recording: Recording) -> Bool {
    let start = body * Clip.bodyStride
    var low = SIMD2(recording.joints[start], recording.joints[start + 1])
    var high = low
    for place in stride(from: start + 3, to: start + Clip.bodyStride, by: 3) {
      let joint = SIMD2(recording.joints[place], recording.joints[place + 1])
      low = pointwiseMin(low, joint)
      high = pointwiseMax(high, joint)
    }
    return high.x - low.x <= ratio * (high.y - low.y)
  }
}
