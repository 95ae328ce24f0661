import Shards
import Skeleton

/// A sample's own rows of a shard.
struct StoredClip {
  let sample: SampleRecord
  /// Metres, (T, M=2, V=25, C=3).
  let frames: [Float]
  /// (T, M, V).
  let visible: [UInt8]
  /// The sample's actions, if it is untrimmed, by their start.
  let intervals: [ActionInterval]
  let frameRate: Double

  init(_ index: Int, of shard: Shard) {
    sample = shard.samples[index]
    frames = Array(
      shard.frames[(sample.start * Shard.frameSize)..<(sample.rows.upperBound * Shard.frameSize)])
    visible = Array(
      shard.visible[(sample.start * Shard.visibleSize)..<(sample.rows.upperBound * Shard.visibleSize)])
    intervals = shard.intervals.filter { $0.sample == index }.sorted {
      ($0.start, $0.end) < ($1.start, $1.end)
    }
    frameRate = shard.attributes.frameRate
  }

  /// Reads samples of a data set by name, one shard after another; names that it does not have are left out.
  static func read(_ names: [String], from folder: DatasetFolder) throws -> [String: StoredClip] {
    var clips: [String: StoredClip] = [:]
    let wanted = Set(names)
    for (index, samples) in try folder.samples().enumerated()
    where samples.contains(where: { wanted.contains($0.name) }) {
      let shard = try folder.shard(index)
      for (place, sample) in shard.samples.enumerated() where wanted.contains(sample.name) {
        clips[sample.name] = StoredClip(place, of: shard)
      }
    }
    return clips
  }
}
