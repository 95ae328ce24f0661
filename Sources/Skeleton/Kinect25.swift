/// The 25 joints of the Kinect v2 body, as NTU RGB+D and PKU-MMD record them.
///
/// Joints are counted from 0 here; the data sets' own documents count from 1. Arrays over joints have axis V.
public enum Kinect25 {
  /// The number of joints, axis V.
  public static let jointCount = 25
  /// The number of bodies that a normalized recording keeps, axis M.
  public static let bodyCount = 2
  /// The number of coordinates of a joint, axis C.
  public static let coordinateCount = 3

  /// The joints' names in the order of the files.
  public static let jointNames = [
    "spine_base", "spine_mid", "neck", "head",
    "left_shoulder", "left_elbow", "left_wrist", "left_hand",
    "right_shoulder", "right_elbow", "right_wrist", "right_hand",
    "left_hip", "left_knee", "left_ankle", "left_foot",
    "right_hip", "right_knee", "right_ankle", "right_foot",
    "spine_shoulder", "left_hand_tip", "left_thumb", "right_hand_tip", "right_thumb",
  ]

  /// For each joint the joint its bone starts from; `spine_shoulder`, the root of the bone tree, names itself.
  ///
  /// The 25 pairs of 2s-AGCN, counted from 0.
  public static let parents = [
    1, 20, 20, 2, 20, 4, 5, 6, 20, 8, 9, 10, 0, 12, 13, 14, 0, 16, 17, 18, 20, 22, 7, 24, 11,
  ]

  /// A body part: joints that are hidden, mixed or masked together.
  public struct Part: Sendable, Equatable {
    /// The part's name in reports.
    public let name: String
    /// The joints of the part, counted from 0.
    public let joints: [Int]
  }

  /// The five parts that PCM3 masks and mixes; every joint belongs to exactly one.
  public static let parts = [
    Part(name: "trunk", joints: [3, 2, 20, 1, 0]),
    Part(name: "right_arm", joints: [8, 9, 10, 11, 23, 24]),
    Part(name: "left_arm", joints: [4, 5, 6, 7, 21, 22]),
    Part(name: "right_leg", joints: [16, 17, 18, 19]),
    Part(name: "left_leg", joints: [12, 13, 14, 15]),
  ]
}
