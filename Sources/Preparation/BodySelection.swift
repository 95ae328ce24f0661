import Skeleton

/// Which bodies of a recording a clip keeps: those that move and spread most, most first.
public struct BodySelection: Codable, Sendable, Equatable {
  /// How many places of a frame's list of bodies compete. A place, not an id, makes a body, as in 2s-AGCN.
  public let slots: Int

  /// The clip of the recording's `M` bodies of the highest energy.
  ///
  /// Energy is std(x) + std(y) + std(z) over the joints of all frames in which the body's coordinates do not sum to
  /// 0, in float64; coordinates become float32 after it. Of equal energies the later place wins, which is how the
  /// reference's reversed `argsort` orders them.
  func clip(of recording: Recording) -> Clip {
    let used = min(slots, (0..<recording.frameCount).map { recording.bodies(inFrame: $0).count }.max() ?? 0)
    var order = Array(0..<used)
    if used > 1 {
      let energies = order.map { energy(ofSlot: $0, in: recording) }
      order.sort { (energies[$0], $0) > (energies[$1], $1) }
    }
    var clip = Clip(frameCount: recording.frameCount)
    for frame in 0..<recording.frameCount {
      let bodies = recording.bodies(inFrame: frame)
      for (body, slot) in order.prefix(Clip.bodyCount).enumerated() where slot < bodies.count {
        clip.set(
          body: body, frame: frame, toJointsAt: (bodies.lowerBound + slot) * Clip.bodyStride, of: recording)
      }
    }
    return clip
  }

  /// std(x) + std(y) + std(z) of a place in the frames' lists; 0 for one that is always empty.
  private func energy(ofSlot slot: Int, in recording: Recording) -> Double {
    let starts: [Int] = (0..<recording.frameCount).compactMap { frame in
      let bodies = recording.bodies(inFrame: frame)
      guard slot < bodies.count else { return nil }
      let start = (bodies.lowerBound + slot) * Clip.bodyStride
      return recording.joints[start..<(start + Clip.bodyStride)].reduce(0, +) == 0 ? nil : start
    }
    guard !starts.isEmpty else { return 0 }
    let count = Double(starts.count * Clip.jointCount)
    var energy = 0.0
    for axis in 0..<Kinect25.coordinateCount {
      let offsets = stride(from: axis, to: Clip.bodyStride, by: Kinect25.coordinateCount)
      var sum = 0.0
      for start in starts { for offset in offsets { sum += recording.joints[start + offset] } }
      let mean = sum / count
      var squares = 0.0
      for start in starts {
        for offset in offsets {
          let difference = recording.joints[start + offset] - mean
          squares += difference * difference
        }
      }
      energy += (squares / count).squareRoot()
    }
    return energy
  }
}

extension Clip {
  /// Copies a body. A joint whose coordinates sum to 0 counts as not seen, the test that the reference makes.
  fileprivate mutating func set(body: Int, frame: Int, toJointsAt start: Int, of recording: Recording) {
    let target = Clip.coordinate(frame: frame, body: body)
    let seen = Clip.visibility(frame: frame, body: body)
    for joint in 0..<Clip.jointCount {
      let source = start + joint * Kinect25.coordinateCount
      let x = Float(recording.joints[source])
      let y = Float(recording.joints[source + 1])
      let z = Float(recording.joints[source + 2])
      let place = target + joint * Kinect25.coordinateCount
      joints[place] = x
      joints[place + 1] = y
      joints[place + 2] = z
      visible[seen + joint] = x + y + z == 0 ? 0 : 1
    }
  }
}
