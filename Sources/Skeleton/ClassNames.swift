/// What the classes of a data set are called, and which of them are done by two people.
extension SkeletonDataset {
  /// The names of the classes, in the order of their labels.
  public var classNames: [String] {
    switch self {
    case .ntu60: Array(SkeletonDataset.ntuClassNames.prefix(60))
    case .ntu120: SkeletonDataset.ntuClassNames
    case .pkummd1, .pkummd2: SkeletonDataset.pkuClassNames
    }
  }

  /// The labels, from 0, of the classes that are done by two people.
  ///
  /// NTU: A50 to A60 and A106 to A120. PKU-MMD: the ten numbers that part II has no action of.
  public var interactionLabels: Set<Int> {
    switch self {
    case .ntu60: Set(49...59)
    case .ntu120: Set(49...59).union(105...119)
    case .pkummd1, .pkummd2: [11, 13, 15, 17, 20, 23, 25, 26, 28, 37]
    }
  }

  /// PKU-MMD's `Actions.xlsx`: label 0 is number 1 of the files.
  private static let pkuClassNames = [
    "bow", "brushing hair", "brushing teeth", "check time", "cheer up", "clapping", "cross hands in front",
    "drink water", "drop", "eat meal/snack", "falling", "giving something to other person", "hand waving",
    "handshaking", "hopping", "hugging other person", "jump up", "kicking other person", "kicking something",
    "make a phone call", "pat on back of other person", "pickup", "playing with phone/tablet",
    "point finger at the other person", "pointing to something", "punching/slapping other person",
    "pushing other person", "put on a hat/cap", "put something inside pocket", "reading", "rub two hands",
    "salute", "sitting down", "standing up", "take off a hat/cap", "take off glasses", "take off jacket",
    "take out something from pocket", "taking a selfie", "tear up paper", "throw", "touch back",
    "touch chest",
    "touch head", "touch neck", "typing on a keyboard", "use a fan/feeling warm", "wear jacket",
    "wear on glasses", "wipe face", "writing",
  ]
}
