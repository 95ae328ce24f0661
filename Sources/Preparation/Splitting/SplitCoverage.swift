import Skeleton

/// Whether a split is the published one.
public enum SplitCoverage: Sendable, Equatable, CustomStringConvertible {
  /// It has the published numbers of samples.
  case published
  /// It is of a part of the data set; says which.
  case partial(String)
  /// The data set seems whole, and yet the numbers are others; says which, and what may be the reason.
  case differs(String)

  /// Compares the split with the published one: the counts of NTU RGB+D, the recordings of PKU-MMD.
  ///
  /// - Parameters:
  ///   - lost: names of samples that the conversion could not use.
  ///   - list: the list that was followed in place of the official one.
  init(
    of members: SplitMembers, dataset: SkeletonDataset, scheme: EvaluationProtocol, lost: [String],
    list: VideoList? = nil
  ) {
    if let list {
      let others = list.differences(from: scheme, of: dataset)
      if !others.isEmpty {
        self = .differs("\(list.file) places other recordings than the official list: \(some(of: others))")
        return
      }
    }
    self =
      dataset.videoPart == nil
      ? .ofSamples(members, dataset, scheme, lost) : .ofVideos(members, dataset, scheme, lost)
  }

  private static func ofSamples(
    _ members: SplitMembers, _ dataset: SkeletonDataset, _ scheme: EvaluationProtocol, _ lost: [String]
  ) -> SplitCoverage {
    let used = members.train + members.test
    let missing = Set(dataset.samplesWithMissingSkeletons)
    let excludes = missing.isDisjoint(with: used)
    guard let published = scheme.publishedCounts(of: dataset, excludingMissing: excludes) else {
      return .partial("there is no published count for \(dataset.rawValue) by \(scheme.rawValue)")
    }
    let found = (train: members.train.count, test: members.test.count)
    if found == published { return .published }
    let counts =
      "\(found.train) train and \(found.test) test samples; the whole of \(dataset.rawValue) has "
      + "\(published.train) and \(published.test)"
    let setups = Set(used.compactMap { SampleName($0)?.setup })
    let absent = (1...dataset.setupCount).filter { !setups.contains($0) }
    if !absent.isEmpty {
      return .partial("\(counts); no sample of setups \(absent.map(String.init).joined(separator: " "))")
    }
    if found.train + found.test < (published.train + published.test) * 9 / 10 {
      return .partial("\(counts); some of every setup")
    }
    return .differs("\(counts); \(reason(lost))")
  }

  private static func ofVideos(
    _ members: SplitMembers, _ dataset: SkeletonDataset, _ scheme: EvaluationProtocol, _ lost: [String]
  ) -> SplitCoverage {
    guard let published = scheme.publishedVideoCounts(of: dataset) else {
      return .partial("there is no published count for \(dataset.rawValue) by \(scheme.rawValue)")
    }
    let train = Set(members.train.compactMap { VideoName(ofSample: $0) })
    let test = Set(members.test.compactMap { VideoName(ofSample: $0) })
    let absent = dataset.officialVideos.filter { !train.contains($0) && !test.contains($0) }
    if !absent.isEmpty {
      return .partial(
        "\(train.count) train and \(test.count) test recordings; the whole of \(dataset.rawValue) has "
          + "\(published.train) and \(published.test); absent: \(some(of: absent))")
    }
    let isTrimmed = (members.train + members.test).contains { $0.contains("#") }
    guard isTrimmed, let rows = scheme.publishedActionCounts(of: dataset) else { return .published }
    let found = (train: members.train.count, test: members.test.count)
    // One row of the published files is no action, by any convention.
    if found == rows || found == (rows.train - 1, rows.test) { return .published }
    return .differs(
      "\(found.train) train and \(found.test) test actions; the labels of \(dataset.rawValue) have "
        + "\(rows.train) and \(rows.test); \(reason(lost))")
  }

  private static func reason(_ lost: [String]) -> String {
    lost.isEmpty ? "none was dropped in the conversion" : "dropped: \(some(of: lost))"
  }

  /// The coverage in a sentence.
  public var description: String {
    switch self {
    case .published: "the published split, in full"
    case .partial(let what): "a part of the published split: \(what)"
    case .differs(let what): "NOT the published split: \(what)"
    }
  }
}

/// The first names, and how many there are beyond them.
func some(of names: [some CustomStringConvertible]) -> String {
  let first = names.prefix(8).map { "\($0)" }.joined(separator: " ")
  return names.count > 8 ? "\(first) and \(names.count - 8) more" : first
}
