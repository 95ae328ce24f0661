import Batches
import Shards
import Skeleton
import Training

extension FrozenEncoder {
  /// Throws if samples were not made as those that the encoder learned from. Their data set may be another one.
  ///
  /// - Parameters:
  ///   - source: the samples.
  ///   - side: what messages call them: `the test samples`.
  ///   - isAccepted: whether others are read all the same.
  /// - Returns: what has to be known where that could not be told, or was accepted.
  public func check(reads source: SampleSource, side: String, isAccepted: Bool) throws -> DataNotes {
    var notes = DataNotes()
    guard !digest.isEmpty else { return notes }
    guard let origin else {
      if ![source.digest, source.manifest.variantOf].contains(trainingData) {
        notes.notes.append(
          "\(name) does not say how the data that it was trained on were made, so it was not compared with \(side)"
        )
      }
      return notes
    }
    guard let (here, there) = source.kind.difference(from: origin.kind) else { return notes }
    guard isAccepted else {
      throw InputError(
        side, found: here, expected: "\(there), as \(name) was trained on",
        hint:
          "convert the recordings as those were, or go on with --accept-other-profile, which the result will say"
      )
    }
    notes.accepted.append("\(side) are \(here), and \(name) was trained on data \(there)")
    return notes
  }

  /// Says how many samples the encoder met in pre-training, which read no label; nil where it was none of them.
  ///
  /// - Parameter folders: where the split that it was trained on may be.
  func note(meeting source: SampleSource, side: String, folders: [DatasetFolder]) -> String? {
    guard let origin, let part = origin.part, origin.kind.family == source.kind.family else { return nil }
    let data = "\(origin.split) of \(origin.kind.dataset)"
    if let lists = lists(of: origin, folders) {
      let trained = Set(lists.names(of: part))
      let met = source.entries.count { trained.contains($0.name) }
      return met == 0
        ? nil
        : "\(name) was pre-trained, without their labels, on \(met) of the \(source.entries.count) samples of \(side): \(data)"
    }
    guard let scheme = EvaluationProtocol(rawValue: origin.split_protocol),
      let dataset = SkeletonDataset(rawValue: origin.kind.dataset)
    else {
      return
        "whether \(name) was pre-trained on samples of \(side) cannot be told: its split, \(data), is not here"
    }
    let met = source.entries.count { entry in
      if let sample = SampleName(entry.name) {
        return dataset.contains(sample) && scheme.part(of: sample) == part
      }
      return VideoName(ofSample: entry.name).map { dataset.contains($0) && scheme.part(of: $0) == part }
        ?? false
    }
    return met == 0
      ? nil
      : "\(name) may have been pre-trained, without their labels, on \(met) of the \(source.entries.count) samples of "
        + "\(side), by the rule of \(data)"
  }

  /// The split that the encoder was trained on, where a data set has it.
  private func lists(of origin: CheckpointOrigin, _ folders: [DatasetFolder]) -> Split? {
    folders.lazy.compactMap { try? $0.split(origin.splitName) }.first { $0.membership == origin.split_sha256 }
  }
}

/// What has to be known of the data of a result.
public struct DataNotes: Sendable, Equatable {
  /// Differences that were accepted.
  public var accepted: [String] = []
  /// What could not be told, or is unusual.
  public var notes: [String] = []

  /// Nothing has to be known.
  public init() {}

  /// All of it, in sentences.
  public var all: [String] { accepted.map { "accepted: \($0)" } + notes }

  /// Adds what is not there yet.
  mutating func add(_ other: DataNotes) {
    accepted += other.accepted.filter { !accepted.contains($0) }
    notes += other.notes.filter { !notes.contains($0) }
  }
}
