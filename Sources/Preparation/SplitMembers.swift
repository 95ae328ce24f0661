import Skeleton

/// Which samples of a data set train, which test, and which do neither.
struct SplitMembers: Equatable {
  /// Names, in order.
  var train: [String] = []
  /// Names, in order.
  var test: [String] = []
  /// Names, in order: samples of the official list of missing skeletons that were kept all the same.
  var excluded: [String] = []

  /// Divides samples by a protocol; each comes into exactly one list.
  ///
  /// - Parameters:
  ///   - names: the samples, in the order of the data set.
  ///   - excluding: samples that belong to no side.
  /// - Throws: ``InputError`` for a name that the protocol cannot place.
  init(of names: [String], by scheme: EvaluationProtocol, excluding: Set<String>) throws {
    for text in names {
      guard let name = SampleName(text) else {
        throw InputError(
          text, found: "a name that \(scheme.rawValue) cannot place", expected: "S001C001P001R001A001")
      }
      switch scheme.part(of: name) {
      case _ where excluding.contains(text): excluded.append(text)
      case .train: train.append(text)
      case .test: test.append(text)
      }
    }
  }
}

/// Whether a split is the published one.
public enum SplitCoverage: Sendable, Equatable, CustomStringConvertible {
  /// It has the published numbers of samples.
  case published
  /// It is of a part of the data set; says which.
  case partial(String)
  /// The data set seems whole, and yet the numbers are others; says which, and what may be the reason.
  case differs(String)

  /// Compares the split's counts with the published ones.
  ///
  /// - Parameter lost: names of samples that the conversion could not use.
  init(
    of members: SplitMembers, dataset: SkeletonDataset, scheme: EvaluationProtocol, lost: [String]
  ) {
    let used = members.train + members.test
    let missing = Set(dataset.samplesWithMissingSkeletons)
    let excludes = missing.isDisjoint(with: used)
    guard let published = scheme.publishedCounts(of: dataset, excludingMissing: excludes) else {
      self = .partial("there is no published count for \(dataset.rawValue) by \(scheme.rawValue)")
      return
    }
    let found = (train: members.train.count, test: members.test.count)
    if found == published {
      self = .published
      return
    }
    let counts =
      "\(found.train) train and \(found.test) test samples; the whole of \(dataset.rawValue) has "
      + "\(published.train) and \(published.test)"
    let setups = Set(used.compactMap { SampleName($0)?.setup })
    let absent = (1...dataset.setupCount).filter { !setups.contains($0) }
    if !absent.isEmpty {
      self = .partial("\(counts); no sample of setups \(absent.map(String.init).joined(separator: " "))")
    } else if found.train + found.test < (published.train + published.test) * 9 / 10 {
      self = .partial("\(counts); some of every setup")
    } else {
      let names =
        lost.isEmpty ? "none was dropped in the conversion" : "dropped: " + lost.joined(separator: " ")
      self = .differs("\(counts); \(names)")
    }
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
