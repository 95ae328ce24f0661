/// The data sets whose names, classes and official lists are known here.
public enum SkeletonDataset: String, CaseIterable, Sendable, Codable {
  /// NTU RGB+D: 60 classes, 40 subjects, 17 setups.
  case ntu60
  /// NTU RGB+D 120: 120 classes, 106 subjects, 32 setups.
  case ntu120

  /// The number of action classes.
  public var classCount: Int {
    switch self {
    case .ntu60: 60
    case .ntu120: 120
    }
  }

  /// The highest setup number.
  public var setupCount: Int {
    switch self {
    case .ntu60: 17
    case .ntu120: 32
    }
  }

  /// Frames a second of the recordings.
  public var frameRate: Double { 30 }

  /// Whether a sample of this name can be part of the data set.
  public func contains(_ name: SampleName) -> Bool {
    name.action <= classCount && name.setup <= setupCount
  }

  /// The official list of samples with missing or incomplete skeletons: 302 of NTU60, 535 of NTU120.
  ///
  /// Source: `NTU_RGBD_samples_with_missing_skeletons.txt` and its NTU120 counterpart, shahroudy/NTURGB-D.
  public var samplesWithMissingSkeletons: [String] {
    let names = MissingSkeletons.ntu120.split(separator: "\n").map(String.init)
    switch self {
    case .ntu60: return names.filter { name in SampleName(name).map { contains($0) } ?? false }
    case .ntu120: return names
    }
  }

  /// The protocols that this data set is published with.
  public var protocols: [EvaluationProtocol] {
    switch self {
    case .ntu60: [.xsub, .xview]
    case .ntu120: [.xsub, .xset]
    }
  }
}
