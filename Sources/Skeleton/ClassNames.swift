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

  /// The read-me of shahroudy/NTURGB-D: label 0 is A1.
  private static let ntuClassNames = """
    drink water
    eat meal/snack
    brushing teeth
    brushing hair
    drop
    pickup
    throw
    sitting down
    standing up (from sitting position)
    clapping
    reading
    writing
    tear up paper
    wear jacket
    take off jacket
    wear a shoe
    take off a shoe
    wear on glasses
    take off glasses
    put on a hat/cap
    take off a hat/cap
    cheer up
    hand waving
    kicking something
    put something inside pocket / take out something from pocket
    hopping (one foot jumping)
    jump up
    make a phone call/answer phone
    playing with phone/tablet
    typing on a keyboard
    pointing to something with finger
    taking a selfie
    check time (from watch)
    rub two hands together
    nod head/bow
    shake head
    wipe face
    salute
    put the palms together
    cross hands in front (say stop)
    sneeze/cough
    staggering
    falling
    touch head (headache)
    touch chest (stomachache/heart pain)
    touch back (backache)
    touch neck (neckache)
    nausea or vomiting condition
    use a fan (with hand or paper)/feeling warm
    punching/slapping other person
    kicking other person
    pushing other person
    pat on back of other person
    point finger at the other person
    hugging other person
    giving something to other person
    touch other person's pocket
    handshaking
    walking towards each other
    walking apart from each other
    put on headphone
    take off headphone
    shoot at the basket
    bounce ball
    tennis bat swing
    juggling table tennis balls
    hush (quiet)
    flick hair
    thumb up
    thumb down
    make ok sign
    make victory sign
    staple book
    counting money
    cutting nails
    cutting paper (using scissors)
    snapping fingers
    open bottle
    sniff (smell)
    squat down
    toss a coin
    fold paper
    ball up paper
    play magic cube
    apply cream on face
    apply cream on hand back
    put on bag
    take off bag
    put something into a bag
    take something out of a bag
    open a box
    move heavy objects
    shake fist
    throw up cap/hat
    hands up (both hands)
    cross arms
    arm circles
    arm swings
    running on the spot
    butt kicks (kick backward)
    cross toe touch
    side kick
    yawn
    stretch oneself
    blow nose
    hit other person with something
    wield knife towards other person
    knock over other person (hit with body)
    grab other person's stuff
    shoot at other person with a gun
    step on foot
    high-five
    cheers and drink
    carry something with other person
    take a photo of other person
    follow other person
    whisper in other person's ear
    exchange things with other person
    support somebody with one's hand (someone is sick, help him to walk)
    finger-guessing game (playing rock-paper-scissors)
    """.split(separator: "\n").map(String.init)
}
