import Foundation
import Shards
import Skeleton

extension FuzzTarget {
  /// Random damage, which the format's checksums stop before the library makes anything of it. Checksums are not
  /// repaired here: the HDF5 library is not safe with files that somebody made to harm.
  static let shard = FuzzTarget(
    name: "shard",
    words: ["OHDR", "OCHK", "FRHP", "FHDB", "FSHD", "FADB", "FAHD", "BTHD", "TREE", "GCOL", "SNOD", "HEAP"]
      .map {
        Array($0.utf8)
      } + [[0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a], [UInt8](repeating: 0xff, count: 8)],
    // Chunks are unpacked as a whole, and a shard's columns are lists of texts.
    allowance: 16 << 20
  ) { bytes, place in
    try Data(bytes).write(to: place.file)
    let shard: Shard
    do { shard = try ShardReader.read(place.file) } catch is InputError { return .refused }
    var next = 0
    for sample in shard.samples {
      guard !sample.name.isEmpty, sample.label >= -1, sample.start == next, sample.length > 0 else {
        throw Contradiction(description: "\(sample.name)")
      }
      next += sample.length
    }
    guard shard.frames.count == next * Shard.frameSize, shard.frames.allSatisfy(\.isFinite),
      shard.visible.count == next * Shard.visibleSize, shard.visible.allSatisfy({ $0 <= 1 })
    else { throw Contradiction(description: "values beyond their bounds") }
    for interval in shard.intervals {
      guard shard.samples.indices.contains(interval.sample), 0 <= interval.start,
        interval.start < interval.end,
        interval.end <= shard.samples[interval.sample].length
      else { throw Contradiction(description: "an interval beyond its sample") }
    }
    return .read
  }
}
