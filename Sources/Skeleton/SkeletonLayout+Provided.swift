/// The layouts that are known by name.
extension SkeletonLayout {
  /// All of them.
  public static let provided: [SkeletonLayout] = [
    kinect25, kinect20, azure32, coco17, body25, halpe26, mediapipe33, h36m17, smpl24,
  ]

  /// The layout of this name.
  public static func provided(named name: String) -> SkeletonLayout? { provided.first { $0.name == name } }

  /// The 20 joints of Kinect v1, in the order of its SDK: NW-UCLA, MSR Action3D.
  public static let kinect20 = table(
    "kinect20", up: .y, centre: "shoulder_centre",
    """
    hip_centre hip_centre trunk
    spine hip_centre trunk
    shoulder_centre spine trunk
    head shoulder_centre trunk
    left_shoulder shoulder_centre left_arm
    left_elbow left_shoulder left_arm
    left_wrist left_elbow left_arm
    left_hand left_wrist left_arm
    right_shoulder shoulder_centre right_arm
    right_elbow right_shoulder right_arm
    right_wrist right_elbow right_arm
    right_hand right_wrist right_arm
    left_hip hip_centre left_leg
    left_knee left_hip left_leg
    left_ankle left_knee left_leg
    left_foot left_ankle left_leg
    right_hip hip_centre right_leg
    right_knee right_hip right_leg
    right_ankle right_knee right_leg
    right_foot right_ankle right_leg
    """,
    kinect: """
      spine_base hip_centre
      spine_mid spine
      spine_shoulder shoulder_centre
      neck shoulder_centre shoulder_centre head
      """)

  /// The 32 joints of Azure Kinect's body tracking SDK, whose camera's y points down.
  public static let azure32 = table(
    "azure32", up: .minusY, centre: "spine_chest",
    """
    pelvis pelvis trunk
    spine_navel pelvis trunk
    spine_chest spine_navel trunk
    neck spine_chest trunk
    left_clavicle spine_chest left_arm
    left_shoulder left_clavicle left_arm
    left_elbow left_shoulder left_arm
    left_wrist left_elbow left_arm
    left_hand left_wrist left_arm
    left_hand_tip left_hand left_arm
    left_thumb left_wrist left_arm
    right_clavicle spine_chest right_arm
    right_shoulder right_clavicle right_arm
    right_elbow right_shoulder right_arm
    right_wrist right_elbow right_arm
    right_hand right_wrist right_arm
    right_hand_tip right_hand right_arm
    right_thumb right_wrist right_arm
    left_hip pelvis left_leg
    left_knee left_hip left_leg
    left_ankle left_knee left_leg
    left_foot left_ankle left_leg
    right_hip pelvis right_leg
    right_knee right_hip right_leg
    right_ankle right_knee right_leg
    right_foot right_ankle right_leg
    head neck trunk
    nose head trunk
    left_eye head trunk
    left_ear head trunk
    right_eye head trunk
    right_ear head trunk
    """,
    kinect: """
      spine_base pelvis
      spine_mid spine_navel
      spine_shoulder left_shoulder right_shoulder
      """)

  /// The 17 keypoints of COCO, in an image.
  public static let coco17 = table(
    "coco17", coordinates: 2, up: .minusY, centre: "nose",
    """
    nose nose trunk
    left_eye nose trunk
    right_eye nose trunk
    left_ear left_eye trunk
    right_ear right_eye trunk
    left_shoulder nose left_arm
    right_shoulder nose right_arm
    left_elbow left_shoulder left_arm
    right_elbow right_shoulder right_arm
    left_wrist left_elbow left_arm
    right_wrist right_elbow right_arm
    left_hip left_shoulder left_leg
    right_hip right_shoulder right_leg
    left_knee left_hip left_leg
    right_knee right_hip right_leg
    left_ankle left_knee left_leg
    right_ankle right_knee right_leg
    """,
    kinect: """
      spine_base left_hip right_hip
      spine_mid left_hip right_hip left_shoulder right_shoulder
      spine_shoulder left_shoulder right_shoulder
      neck left_shoulder right_shoulder left_shoulder right_shoulder nose
      head nose
      """)

  /// The 25 keypoints of OpenPose's BODY_25, in an image.
  public static let body25 = table(
    "body25", coordinates: 2, up: .minusY, centre: "neck",
    """
    nose neck trunk
    neck mid_hip trunk
    right_shoulder neck right_arm
    right_elbow right_shoulder right_arm
    right_wrist right_elbow right_arm
    left_shoulder neck left_arm
    left_elbow left_shoulder left_arm
    left_wrist left_elbow left_arm
    mid_hip mid_hip trunk
    right_hip mid_hip right_leg
    right_knee right_hip right_leg
    right_ankle right_knee right_leg
    left_hip mid_hip left_leg
    left_knee left_hip left_leg
    left_ankle left_knee left_leg
    right_eye nose trunk
    left_eye nose trunk
    right_ear right_eye trunk
    left_ear left_eye trunk
    left_big_toe left_ankle left_leg
    left_small_toe left_big_toe left_leg
    left_heel left_ankle left_leg
    right_big_toe right_ankle right_leg
    right_small_toe right_big_toe right_leg
    right_heel right_ankle right_leg
    """,
    kinect: """
      spine_base mid_hip
      spine_mid mid_hip neck
      spine_shoulder neck
      neck neck neck nose
      head nose
      left_foot left_big_toe
      right_foot right_big_toe
      """)

  /// The 26 keypoints of Halpe, as AlphaPose writes them, in an image.
  public static let halpe26 = table(
    "halpe26", coordinates: 2, up: .minusY, centre: "neck",
    """
    nose head trunk
    left_eye nose trunk
    right_eye nose trunk
    left_ear left_eye trunk
    right_ear right_eye trunk
    left_shoulder neck left_arm
    right_shoulder neck right_arm
    left_elbow left_shoulder left_arm
    right_elbow right_shoulder right_arm
    left_wrist left_elbow left_arm
    right_wrist right_elbow right_arm
    left_hip hip left_leg
    right_hip hip right_leg
    left_knee left_hip left_leg
    right_knee right_hip right_leg
    left_ankle left_knee left_leg
    right_ankle right_knee right_leg
    head neck trunk
    neck hip trunk
    hip hip trunk
    left_big_toe left_ankle left_leg
    right_big_toe right_ankle right_leg
    left_small_toe left_big_toe left_leg
    right_small_toe right_big_toe right_leg
    left_heel left_ankle left_leg
    right_heel right_ankle right_leg
    """,
    kinect: """
      spine_base hip
      spine_mid hip left_shoulder right_shoulder hip
      spine_shoulder left_shoulder right_shoulder
      head head nose
      left_foot left_big_toe
      right_foot right_big_toe
      """)

  /// The 33 landmarks of MediaPipe's pose, in space: metres with y down from the middle of the hips.
  public static let mediapipe33 = table(
    "mediapipe33", up: .minusY, centre: "nose",
    """
    nose nose trunk
    left_eye_inner nose trunk
    left_eye left_eye_inner trunk
    left_eye_outer left_eye trunk
    right_eye_inner nose trunk
    right_eye right_eye_inner trunk
    right_eye_outer right_eye trunk
    left_ear left_eye_outer trunk
    right_ear right_eye_outer trunk
    left_mouth nose trunk
    right_mouth nose trunk
    left_shoulder nose left_arm
    right_shoulder nose right_arm
    left_elbow left_shoulder left_arm
    right_elbow right_shoulder right_arm
    left_wrist left_elbow left_arm
    right_wrist right_elbow right_arm
    left_pinky left_wrist left_arm
    right_pinky right_wrist right_arm
    left_index left_wrist left_arm
    right_index right_wrist right_arm
    left_thumb left_wrist left_arm
    right_thumb right_wrist right_arm
    left_hip left_shoulder left_leg
    right_hip right_shoulder right_leg
    left_knee left_hip left_leg
    right_knee right_hip right_leg
    left_ankle left_knee left_leg
    right_ankle right_knee right_leg
    left_heel left_ankle left_leg
    right_heel right_ankle right_leg
    left_foot_index left_ankle left_leg
    right_foot_index right_ankle right_leg
    """,
    kinect: """
      spine_base left_hip right_hip
      spine_mid left_hip right_hip left_shoulder right_shoulder
      spine_shoulder left_shoulder right_shoulder
      neck left_shoulder right_shoulder left_mouth right_mouth
      head left_ear right_ear
      left_hand left_pinky left_index
      right_hand right_pinky right_index
      left_hand_tip left_index
      right_hand_tip right_index
      left_foot left_foot_index
      right_foot right_foot_index
      """)

  /// The 17 joints of Human3.6M, as pose lifters write them: metres or millimetres with y down, in the camera's space.
  public static let h36m17 = table(
    "h36m17", up: .minusY, centre: "thorax",
    """
    hip hip trunk
    right_hip hip right_leg
    right_knee right_hip right_leg
    right_ankle right_knee right_leg
    left_hip hip left_leg
    left_knee left_hip left_leg
    left_ankle left_knee left_leg
    spine hip trunk
    thorax spine trunk
    nose thorax trunk
    head nose trunk
    left_shoulder thorax left_arm
    left_elbow left_shoulder left_arm
    left_wrist left_elbow left_arm
    right_shoulder thorax right_arm
    right_elbow right_shoulder right_arm
    right_wrist right_elbow right_arm
    """,
    kinect: """
      spine_base hip
      spine_mid spine
      spine_shoulder thorax
      neck thorax nose
      """)

  /// The 24 joints of SMPL, in space with y up.
  public static let smpl24 = table(
    "smpl24", up: .y, centre: "spine3",
    """
    pelvis pelvis trunk
    left_hip pelvis left_leg
    right_hip pelvis right_leg
    spine1 pelvis trunk
    left_knee left_hip left_leg
    right_knee right_hip right_leg
    spine2 spine1 trunk
    left_ankle left_knee left_leg
    right_ankle right_knee right_leg
    spine3 spine2 trunk
    left_foot left_ankle left_leg
    right_foot right_ankle right_leg
    neck spine3 trunk
    left_collar spine3 left_arm
    right_collar spine3 right_arm
    head neck trunk
    left_shoulder left_collar left_arm
    right_shoulder right_collar right_arm
    left_elbow left_shoulder left_arm
    right_elbow right_shoulder right_arm
    left_wrist left_elbow left_arm
    right_wrist right_elbow right_arm
    left_hand left_wrist left_arm
    right_hand right_wrist right_arm
    """,
    kinect: """
      spine_base pelvis
      spine_mid spine2
      spine_shoulder left_shoulder right_shoulder
      """)
}
