import Batches
import Foundation
import Shards
import Skeleton

/// One sample of a data set by its name, in or out of any split.
public enum StoredRecording {
  /// The frames of a sample, (T, V, C, M).
  ///
  /// - Parameters:
  ///   - head: what will look at it; it has to have been trained on data that was made alike.
  ///   - isAccepted: whether a data set that was normalized in another way is looked at all the same.
  /// - Throws: an `InputError` if there is no such sample, or the data set is another one, or was normalized in another
  ///   way.
  public static func clip(
    of name: String, in folder: DatasetFolder, for head: TrainedHead, isAccepted: Bool = false
  ) throws -> SkeletonClip {
    let (kind, trained) = (try DataKind(folder.manifest), try head.kind)
    guard kind.dataset == trained.dataset, isAccepted || kind.difference(from: trained) == nil else {
      let difference = kind.difference(from: trained)
      throw InputError(
        folder.url.path, found: "\(kind.dataset) \(difference?.here ?? "by \(kind.profile)")",
        expected:
          "\(trained.dataset) \(difference?.there ?? "by \(trained.profile)"), as the head was trained",
        hint: "convert the recordings with `--dataset \(head.dataset) --profile \(head.profile)`")
    }
    for (index, samples) in try folder.samples().enumerated() {
      guard let sample = samples.first(where: { $0.name == name }) else { continue }
      return SkeletonClip(sample, of: try folder.shard(index))
    }
    throw InputError(
      folder.url.path, found: "no sample \(name)", hint: "`skelprep inspect` lists what there is",
      kind: .noInput)
  }
}
