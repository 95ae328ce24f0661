import Skeleton

/// What of a clip is written: positions, bones, or how either moves.
public enum ExportStream: String, CaseIterable, Sendable {
  /// Positions of joints.
  case joint
  /// Each joint minus the joint that its bone starts from; 0 for the root.
  case bone
  /// The next frame's joints minus this frame's; 0 in the last frame.
  case jointMotion = "joint_motion"
  /// The same of bones.
  case boneMotion = "bone_motion"

  /// Source: `data_gen/gen_bone_data.py` and `gen_motion_data.py` of lshiwjx/2s-AGCN, which take them of all frames,
  /// the filled-up ones as well.
  ///
  /// - Parameter joints: (T, M=2, V=25, C=3).
  func of(_ joints: [Float]) -> [Float] {
    switch self {
    case .joint: joints
    case .bone: ExportStream.bones(of: joints)
    case .jointMotion: ExportStream.motion(of: joints)
    case .boneMotion: ExportStream.motion(of: ExportStream.bones(of: joints))
    }
  }

  private static func bones(of joints: [Float]) -> [Float] {
    var bones = joints
    for body in stride(from: 0, to: joints.count, by: SampleFrames.bodySize) {
      for (joint, parent) in Kinect25.parents.enumerated() {
        for axis in 0..<Kinect25.coordinateCount {
          bones[body + joint * 3 + axis] = joints[body + joint * 3 + axis] - joints[body + parent * 3 + axis]
        }
      }
    }
    return bones
  }

  private static func motion(of joints: [Float]) -> [Float] {
    let frame = SampleFrames.frameSize
    return joints.indices.map { index in
      index + frame < joints.count ? joints[index + frame] - joints[index] : 0
    }
  }
}
