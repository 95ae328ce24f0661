import Skeleton

/// Which bodies of a recording stand in each frame of a clip.
///
/// All that a profile does to bodies and time is done here, on numbers of bodies; coordinates are copied once, when
/// the plan is complete. So a recording of which little is kept costs little.
struct FramePlan: Sendable, Equatable {
  /// For each frame the first and the second body, (T, M=2), as indices into the recording's; −1 where absent.
  private(set) var bodies: [Int] = []
  /// For each frame of the clip the frame of the recording that it stands for, (T).
  private(set) var sourceFrames: [Int]
  /// For each body (M=2) the number of frames after which it repeats itself, 0 for one that is never there; empty
  /// where nothing was repeated.
  var loops: [Int] = []
  /// Whether one person alone was found. Not the same as an absent second body: see ``copyLoneBody()``.
  var isLone = false
  /// What was mended or left out so far.
  var repairs: Set<Repair> = []

  /// No body in any of these frames of a recording.
  init(sourceFrames: [Int]) {
    self.sourceFrames = sourceFrames
    bodies = Array(repeating: -1, count: sourceFrames.count * Clip.bodyCount)
  }

  /// The number of frames, T.
  var frameCount: Int { sourceFrames.count }

  /// Which body of the recording stands there; −1 for none.
  subscript(frame frame: Int, body body: Int) -> Int {
    get { bodies[frame * Clip.bodyCount + body] }
    set { bodies[frame * Clip.bodyCount + body] = newValue }
  }

  func isAbsent(frame: Int, body: Int) -> Bool { self[frame: frame, body: body] < 0 }

  func isEmpty(frame: Int) -> Bool { isAbsent(frame: frame, body: 0) && isAbsent(frame: frame, body: 1) }

  /// Forgets the frames that are not told to stay.
  mutating func keepFrames(where isKept: (Int) -> Bool) {
    var count = 0
    for frame in 0..<frameCount where isKept(frame) {
      sourceFrames[count] = sourceFrames[frame]
      for body in 0..<Clip.bodyCount { self[frame: count, body: body] = self[frame: frame, body: body] }
      count += 1
    }
    sourceFrames.removeLast(frameCount - count)
    bodies.removeLast(bodies.count - count * Clip.bodyCount)
  }

  /// Makes the second body the first.
  mutating func swapBodies() {
    for frame in 0..<frameCount {
      bodies.swapAt(frame * Clip.bodyCount, frame * Clip.bodyCount + 1)
    }
    repairs.insert(.swappedBodies)
  }

  /// For each body the frames in which it is not what the recording has at that time, (M=2).
  func filledFrames(of recording: Recording) -> [[Range<Int>]] {
    (0..<Clip.bodyCount).map { body in
      var ranges: [Range<Int>] = []
      for frame in 0..<frameCount where isFilled(frame: frame, body: body, of: recording) {
        if let last = ranges.last, last.upperBound == frame {
          ranges[ranges.count - 1] = last.lowerBound..<(frame + 1)
        } else {
          ranges.append(frame..<(frame + 1))
        }
      }
      return ranges
    }
  }

  private func isFilled(frame: Int, body: Int, of recording: Recording) -> Bool {
    let source = self[frame: frame, body: body]
    guard source >= 0 else { return false }
    let isCopy = body == 1 && source == self[frame: frame, body: 0]
    return isCopy || !recording.bodies(inFrame: sourceFrames[frame]).contains(source)
  }
}

extension Recording {
  /// Whether any joint of the body was seen. A joint whose float32 coordinates sum to 0 counts as not seen.
  func isSeen(body: Int) -> Bool {
    let start = body * Clip.bodyStride
    for place in stride(from: start, to: start + Clip.bodyStride, by: Kinect25.coordinateCount)
    where Float(joints[place]) + Float(joints[place + 1]) + Float(joints[place + 2]) != 0 {
      return true
    }
    return false
  }
}
