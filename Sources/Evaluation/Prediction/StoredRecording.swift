import Batches
import Foundation
import Shards
import Skeleton

/// One sample of a data set by its name, in or out of any split.
public enum StoredRecording {
  /// The frames of a sample, (T, V, C, M).
  ///
  /// - Parameter head: what will look at it; it has to have been trained on data that was made alike.
  /// - Throws: an `InputError` if there is no such sample, or the data set was normalized in another way.
  public static func clip(of name: String, in folder: DatasetFolder, for head: TrainedHead) throws
    -> SkeletonClip
  {
    guard folder.manifest.dataset == head.dataset, folder.manifest.profile == head.profile else {
      throw InputError(
        folder.url.path, found: "\(folder.manifest.dataset) by the profile \(folder.manifest.profile)",
        expected: "\(head.dataset) by \(head.profile), as the head was trained",
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
