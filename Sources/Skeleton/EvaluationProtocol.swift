/// A published way to divide a data set into training and test samples.
public enum EvaluationProtocol: String, CaseIterable, Sendable, Codable {
  /// Cross-subject: some of the subjects train, the others test.
  case xsub
  /// Cross-view. NTU60: cameras 2 and 3 train, camera 1 tests. PKU-MMD part I: left and right train, the middle
  /// tests; part II: middle and right train, the left tests.
  case xview
  /// Cross-setup: even setups train, odd ones test. NTU120.
  case xset

  /// The side of a split that a sample is on.
  public enum Part: String, CaseIterable, Sendable, Codable {
    /// Samples that a model may learn from.
    case train
    /// Samples that only measure it.
    case test
  }

  /// Which side an NTU sample is on.
  public func part(of name: SampleName) -> Part {
    let trains =
      switch self {
      case .xsub: EvaluationProtocol.trainingSubjects.contains(name.subject)
      case .xview: name.camera == 2 || name.camera == 3
      case .xset: name.setup.isMultiple(of: 2)
      }
    return trains ? .train : .test
  }

  /// Which side a PKU-MMD recording is on, with all its actions; nil if it is on none of the official lists or the
  /// protocol is not PKU-MMD's.
  ///
  /// Sources: `cross-subject.txt` of part I, `cross_subject_v2.txt` and `cross_view_v2.txt`, which these rules give
  /// name for name. There is no such file for part I's views; the loaders of its users test on the middle one.
  public func part(of name: VideoName) -> Part? {
    guard name.isOfficial else { return nil }
    let tests: Bool
    switch (self, name.part) {
    case (.xsub, .one): tests = (291...334).contains(name.sequence)
    case (.xsub, .two): tests = [2, 3, 7].contains(name.subject)
    case (.xview, .one): tests = name.camera == 2
    case (.xview, .two): tests = name.camera == 1
    case (.xset, _): return nil
    }
    return tests ? .test : .train
  }

  /// The published sample counts of the whole data set, with and without the official exclusion list.
  ///
  /// Source: the counts of the official lists, recomputed from CTR-GCN's statistics files.
  public func publishedCounts(
    of dataset: SkeletonDataset, excludingMissing: Bool
  ) -> (train: Int, test: Int)? {
    switch (dataset, self, excludingMissing) {
    case (.ntu60, .xsub, false): (40_320, 16_560)
    case (.ntu60, .xsub, true): (40_091, 16_487)
    case (.ntu60, .xview, false): (37_920, 18_960)
    case (.ntu60, .xview, true): (37_646, 18_932)
    case (.ntu120, .xsub, false): (63_360, 51_120)
    case (.ntu120, .xsub, true): (63_026, 50_919)
    case (.ntu120, .xset, false): (54_720, 59_760)
    case (.ntu120, .xset, true): (54_468, 59_477)
    default: nil
    }
  }

  /// How many recordings of PKU-MMD are on each side.
  public func publishedVideoCounts(of dataset: SkeletonDataset) -> (train: Int, test: Int)? {
    switch (dataset, self) {
    case (.pkummd1, .xsub): (944, 132)
    case (.pkummd1, .xview): (717, 359)
    case (.pkummd2, .xsub): (775, 234)
    case (.pkummd2, .xview): (671, 338)
    default: nil
    }
  }

  /// How many label rows PKU-MMD's recordings have on each side; nil where no count is sure.
  ///
  /// Source: counted in all label files of part I. One row of the training side ends before it starts (line 21 of
  /// 0043-L), so that it is one action less than rows.
  public func publishedActionCounts(of dataset: SkeletonDataset) -> (train: Int, test: Int)? {
    switch (dataset, self) {
    case (.pkummd1, .xsub): (18_841, 2_704)
    case (.pkummd1, .xview): (14_357, 7_188)
    default: nil
    }
  }

  /// The training subjects of NTU120's cross-subject protocol; those up to 40 are NTU60's.
  public static let trainingSubjects: Set<Int> = [
    1, 2, 4, 5, 8, 9, 13, 14, 15, 16, 17, 18, 19, 25, 27, 28, 31, 34, 35, 38,
    45, 46, 47, 49, 50, 52, 53, 54, 55, 56, 57, 58, 59, 70, 74, 78, 80, 81, 82, 83, 84, 85, 86, 89, 91, 92,
    93, 94,
    95, 97, 98, 100, 103,
  ]
}
