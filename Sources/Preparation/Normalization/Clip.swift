import Skeleton

/// A recording on its way to a shard: a fixed number of bodies, each in every frame, absent ones as zeros.
public struct Clip: Sendable, Equatable {
  /// The number of frames, T.
  public private(set) var frameCount: Int
  /// Metres, (T, M=2, V=25, C=3).
  public internal(set) var joints: [Float]
  /// 1 where the joint was seen, (T, M=2, V=25). Steps that move frames move this with them.
  public internal(set) var visible: [UInt8]
  /// The places in `visible` of joints that are no place in the recording: nobody knows where they were, not even
  /// ``seeWholeBodies()``. Empty once frames are resampled.
  private(set) var lost: Set<Int> = []

  /// Metres, for each frame what ``centre(onJoint:)`` moved it by, turned with the clip since; empty without that step.
  var origins: [SIMD3<Float>] = []

  static let bodyCount = Kinect25.bodyCount
  static let jointCount = Kinect25.jointCount
  /// The coordinates of a body in a frame, V·C.
  static let bodyStride = Kinect25.jointCount * Kinect25.coordinateCount

  /// A clip of absent bodies.
  public init(frameCount: Int) {
    self.frameCount = frameCount
    joints = Array(repeating: 0, count: frameCount * Clip.bodyCount * Clip.bodyStride)  // (T, M, V, C)
    visible = Array(repeating: 0, count: frameCount * Clip.bodyCount * Clip.jointCount)  // (T, M, V)
  }

  /// Where the joint's x is in `joints`.
  static func coordinate(frame: Int, body: Int, joint: Int = 0) -> Int {
    (frame * bodyCount + body) * bodyStride + joint * Kinect25.coordinateCount
  }

  /// Where the joint is in `visible`.
  static func visibility(frame: Int, body: Int, joint: Int = 0) -> Int {
    (frame * bodyCount + body) * jointCount + joint
  }

  /// Whether no joint of the body was seen in the frame.
  func isAbsent(body: Int, frame: Int) -> Bool {
    let first = Clip.visibility(frame: frame, body: body)
    for index in first..<(first + Clip.jointCount) where visible[index] != 0 { return false }
    return true
  }

  /// The number of bodies that are seen in at least one frame.
  public var presentBodies: Int {
    (0..<Clip.bodyCount).count { body in (0..<frameCount).contains { !isAbsent(body: body, frame: $0) } }
  }

  /// Takes the bodies of the plan from the recording.
  ///
  /// A joint whose float32 coordinates sum to 0 counts as not seen, the test that 2s-AGCN makes.
  init(_ plan: FramePlan, of recording: Recording) {
    self.init(frameCount: plan.frameCount)
    let source = recording.joints.span
    for frame in 0..<frameCount {
      for body in 0..<Clip.bodyCount where !plan.isAbsent(frame: frame, body: body) {
        var from = plan[frame: frame, body: body] * Clip.bodyStride
        var to = Clip.coordinate(frame: frame, body: body)
        let seen = Clip.visibility(frame: frame, body: body)
        for joint in 0..<Clip.jointCount {
          let (x, y, z) = (Float(source[from]), Float(source[from + 1]), Float(source[from + 2]))
          joints[to] = x
          joints[to + 1] = y
          joints[to + 2] = z
          visible[seen + joint] = x + y + z == 0 ? 0 : 1
          from += Kinect25.coordinateCount
          to += Kinect25.coordinateCount
        }
      }
    }
    guard !recording.lostJoints.isEmpty else { return }
    let joints = Set(recording.lostJoints)
    for frame in 0..<frameCount {
      for body in 0..<Clip.bodyCount where !plan.isAbsent(frame: frame, body: body) {
        let from = plan[frame: frame, body: body] * Clip.jointCount
        let to = Clip.visibility(frame: frame, body: body)
        for joint in 0..<Clip.jointCount where joints.contains(from + joint) { lost.insert(to + joint) }
      }
    }
  }

  /// Counts every joint of a body that is there as seen, those at 0 0 0 too, as programs do that know no such joint:
  /// what moves the body moves them.
  ///
  /// Joints that are ``lost`` stay so.
  mutating func seeWholeBodies() {
    for frame in 0..<frameCount {
      for body in 0..<Clip.bodyCount where !isAbsent(body: body, frame: frame) {
        let first = Clip.visibility(frame: frame, body: body)
        for place in first..<(first + Clip.jointCount) where !lost.contains(place) { visible[place] = 1 }
      }
    }
  }
}
