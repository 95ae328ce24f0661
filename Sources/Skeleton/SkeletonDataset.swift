/// The data sets whose names, classes and official lists are known here.
public enum SkeletonDataset: String, CaseIterable, Sendable, Codable {
  /// NTU RGB+D: 60 classes, 40 subjects, 17 setups.
  case ntu60
  /// NTU RGB+D 120: 120 classes, 106 subjects, 32 setups.
  case ntu120
  /// PKU-MMD part I: 51 classes, 1,076 untrimmed recordings.
  case pkummd1
  /// PKU-MMD part II: the classes of part I, of which 41 occur; 1,009 untrimmed recordings of 13 subjects.
  case pkummd2

  /// The number of action classes, and so of outputs of a classifier.
  public var classCount: Int {
    switch self {
    case .ntu60: 60
    case .ntu120: 120
    case .pkummd1, .pkummd2: 51
    }
  }

  /// The highest setup number; 0 where names tell of none.
  public var setupCount: Int {
    switch self {
    case .ntu60: 17
    case .ntu120: 32
    case .pkummd1, .pkummd2: 0
    }
  }

  /// The highest subject number in names; 0 where names tell of none.
  public var subjectCount: Int {
    switch self {
    case .ntu60: 40
    case .ntu120: 106
    case .pkummd1: 0
    case .pkummd2: 13
    }
  }

  /// Which part of PKU-MMD the recordings are of; nil for NTU RGB+D.
  public var videoPart: VideoName.Part? {
    switch self {
    case .ntu60, .ntu120: nil
    case .pkummd1: .one
    case .pkummd2: .two
    }
  }

  /// Frames a second of the recordings.
  public var frameRate: Double { 30 }

  /// Whether a sample of this name can be part of the data set; none can of PKU-MMD, whose names are ``VideoName``s.
  public func contains(_ name: SampleName) -> Bool {
    videoPart == nil && name.action <= classCount && name.setup <= setupCount
  }

  /// Whether a recording of this name has the form of the data set's names. ``VideoName/isOfficial`` says whether
  /// it was published.
  public func contains(_ name: VideoName) -> Bool { name.part == videoPart }

  /// A sample's name as this data set writes it, for messages.
  public var exampleName: String {
    switch self {
    case .ntu60, .ntu120: "S001C001P001R001A001"
    case .pkummd1: "0002-L"
    case .pkummd2: "A01N01-L"
    }
  }

  /// The official list of samples with missing or incomplete skeletons: 302 of NTU60, 535 of NTU120. There
  /// is none for PKU-MMD.
  ///
  /// Source: `NTU_RGBD_samples_with_missing_skeletons.txt` and its NTU120 counterpart, shahroudy/NTURGB-D.
  public var samplesWithMissingSkeletons: [String] {
    let names = MissingSkeletons.ntu120.split(separator: "\n").map(String.init)
    return names.filter { name in SampleName(name).map { contains($0) } ?? false }
  }

  /// The protocols that this data set is published with.
  public var protocols: [EvaluationProtocol] {
    switch self {
    case .ntu60: [.xsub, .xview]
    case .ntu120: [.xsub, .xset]
    case .pkummd1, .pkummd2: [.xsub, .xview]
    }
  }
}
