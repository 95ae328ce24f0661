import Shards
import Skeleton

/// How clips are filled up where a program wants all of them to have the same number of frames.
public enum FramePadding: String, CaseIterable, Sendable, Encodable {
  /// Each body's frames again from its first on, as 2s-AGCN does.
  case loop
  /// Zeros.
  case zero

  /// What the programs do that train on data of this profile.
  public static func usual(ofProfile profile: String) -> FramePadding {
    profile.hasPrefix("agcn") ? .loop : .zero
  }
}

/// A sample's frames and flags, cut out of its shard.
struct SampleFrames {
  /// The number of frames, T.
  let length: Int
  /// Metres, (T, M=2, V=25, C=3).
  let joints: [Float]
  /// (T, M, V).
  let visible: [UInt8]
  /// How its bodies go on beyond the last frame, where they are out of step.
  var loops: BodyLoops?

  static let frameSize = Shard.frameSize
  static let bodySize = Kinect25.jointCount * Kinect25.coordinateCount
}

extension SampleFrames {
  init(_ sample: SampleRecord, of shard: Shard) {
    length = sample.length
    joints = Array(
      shard.frames[(sample.start * Shard.frameSize)..<(sample.rows.upperBound * Shard.frameSize)])
    visible = Array(
      shard.visible[(sample.start * Shard.visibleSize)..<(sample.rows.upperBound * Shard.visibleSize)])
    loops = shard.loops(of: sample)
  }
}

/// Which frame of a clip stands at each frame of the longer clip that it becomes.
struct PaddedFrames {
  /// For each frame of the result the first body's frame, and the second's; nil for zeros.
  let sources: [[Int?]]
  /// Metres, for each frame what the second body is moved by from where it is in its source; empty for nothing.
  private var shifts: [SIMD3<Float>] = []
  /// Whether the result is what the reference makes of the recording.
  ///
  /// The reference fills up first and centres afterwards, so that a second body which loops with another period than
  /// the first is put, beyond the clip's end, where the first body was in frames that the clip does not tell. The
  /// sample's loops tell; shards of before they were stored have none.
  let isExact: Bool

  init(_ clip: SampleFrames, to count: Int, padding: FramePadding) {
    let length = clip.length
    let kept = (0..<min(length, count)).map { Optional($0) }
    guard length < count else {
      sources = [kept, kept]
      isExact = true
      return
    }
    guard padding == .loop else {
      let zeros = [Int?](repeating: nil, count: count - length)
      sources = [kept + zeros, kept + zeros]
      isExact = true
      return
    }
    if let loops = clip.loops {
      sources =
        [kept + (length..<count).map { $0 % loops.first }, kept + (length..<count).map { $0 % loops.second }]
      shifts = (0..<count).map { frame in
        frame < length ? .zero : loops.origin(ofFrame: frame % loops.second) - loops.origin(ofFrame: frame)
      }
      isExact = true
      return
    }
    let first = BodyLoop(of: clip, body: 0, toleratesOffsets: false).period
    let second = BodyLoop(of: clip, body: 1, toleratesOffsets: true)
    var isExact = true
    let places = (length..<count).map { frame -> Int in
      if second.isAbsent(at: frame % second.period) { return frame % second.period }
      var candidate = frame % second.period
      while candidate < length && (frame - candidate) % first != 0 { candidate += second.period }
      if candidate < length { return candidate }
      isExact = false
      return frame % second.period
    }
    sources = [kept + (length..<count).map { $0 % first }, kept + places.map { Optional($0) }]
    self.isExact = isExact
  }

  /// The clip as it becomes, (T, M, V, C).
  func joints(of clip: SampleFrames) -> [Float] {
    let size = SampleFrames.bodySize
    let count = sources[0].count
    var joints = [Float](repeating: 0, count: count * SampleFrames.frameSize)
    for (body, frames) in sources.enumerated() {
      for (frame, source) in frames.enumerated() {
        guard let source else { continue }
        let from = (source * sources.count + body) * size
        let to = (frame * sources.count + body) * size
        for offset in 0..<size { joints[to + offset] = clip.joints[from + offset] }
        if body == 1 && !shifts.isEmpty { move(&joints, at: to, of: clip, source, by: shifts[frame]) }
      }
    }
    return joints
  }

  /// Moves the joints of the second body that are seen in its source.
  private func move(
    _ joints: inout [Float], at place: Int, of clip: SampleFrames, _ source: Int, by shift: SIMD3<Float>
  ) {
    let flags = (source * sources.count + 1) * Kinect25.jointCount
    for joint in 0..<Kinect25.jointCount where clip.visible[flags + joint] != 0 {
      for axis in 0..<Kinect25.coordinateCount {
        joints[place + joint * Kinect25.coordinateCount + axis] += shift[axis]
      }
    }
  }
}

extension BodyLoops {
  /// What the frame was moved by, which may be one beyond the sample's last.
  fileprivate func origin(ofFrame frame: Int) -> SIMD3<Float> {
    let place = frame % first * Kinect25.coordinateCount
    return SIMD3(origins[place], origins[place + 1], origins[place + 2])
  }
}

/// After how many frames a body of a clip repeats itself: what the reference looped, found again.
private struct BodyLoop {
  private let clip: SampleFrames
  private let body: Int
  /// The least number of frames after which all later ones are the earlier ones again; at most the clip's length.
  private(set) var period: Int

  /// Joints this near to each other are the same place after other roundings.
  private static let tolerance: Float = 2e-5

  /// - Parameter toleratesOffsets: whether a frame counts as the same if the body is only somewhere else in it, as
  ///   the second one is after each frame was centred on the first.
  init(of clip: SampleFrames, body: Int, toleratesOffsets: Bool) {
    self.clip = clip
    self.body = body
    period = clip.length
    period =
      (1..<clip.length).first { period in
        (period..<clip.length).allSatisfy { frame in
          toleratesOffsets ? hasSameShape(frame, frame - period) : isSame(frame, frame - period)
        }
      } ?? clip.length
  }

  func isAbsent(at frame: Int) -> Bool { flags(frame).allSatisfy { $0 == 0 } }

  private func flags(_ frame: Int) -> ArraySlice<UInt8> {
    let start = (frame * Kinect25.bodyCount + body) * Kinect25.jointCount
    return clip.visible[start..<(start + Kinect25.jointCount)]
  }

  private func joints(_ frame: Int) -> ArraySlice<Float> {
    let start = (frame * Kinect25.bodyCount + body) * SampleFrames.bodySize
    return clip.joints[start..<(start + SampleFrames.bodySize)]
  }

  private func isSame(_ left: Int, _ right: Int) -> Bool {
    joints(left).elementsEqual(joints(right)) && flags(left).elementsEqual(flags(right))
  }

  private func hasSameShape(_ left: Int, _ right: Int) -> Bool {
    guard flags(left).elementsEqual(flags(right)) else { return false }
    let seen = flags(left).enumerated().filter { $0.element != 0 }.map(\.offset)
    guard let anchor = seen.first else { return true }
    let (before, after) = (joints(left), joints(right))
    return seen.allSatisfy { joint in
      (0..<Kinect25.coordinateCount).allSatisfy { axis in
        func shape(_ joints: ArraySlice<Float>) -> Float {
          joints[joints.startIndex + joint * 3 + axis] - joints[joints.startIndex + anchor * 3 + axis]
        }
        return abs(shape(before) - shape(after)) <= BodyLoop.tolerance
      }
    }
  }
}
