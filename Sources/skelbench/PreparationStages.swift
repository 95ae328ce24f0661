import Formats
import Foundation
import Preparation
import Shards
import Skeleton

/// Where the time of a conversion goes: its stages one after another on one thread, each for all samples.
struct PreparationStages {
  /// A stage and its seconds of processor, in order.
  private(set) var seconds: [(stage: String, seconds: Double)] = []
  /// The bytes of all texts.
  private(set) var textBytes = 0
  /// The samples that were used.
  private(set) var samples = 0

  /// Converts all samples that the input holds into shards of the usual size, in `folder`.
  init(input: String, dataset: SkeletonDataset, folder: URL) throws {
    let listing = try InputListing(inputs: [input], fileExtension: "skeleton")
    let options = ConversionOptions(inputs: [input], dataset: dataset, output: folder.path)
    let attributes = ShardAttributes(
      dataset: dataset.rawValue, profile: options.profile.name, recipe: "{}", generator: "skelbench")
    var total: [String: Double] = [:]
    func time<Result>(_ stage: String, _ body: () throws -> Result) rethrows -> Result {
      let start = Self.processorSeconds()
      defer { total[stage, default: 0] += Self.processorSeconds() - start }
      return try body()
    }
    let reader = RawFileReader()
    var text: [UInt8] = []
    var shard = ShardBuilder(attributes: attributes, compression: options.compression)
    var written = 0
    func write() throws {
      for chunk in shard.finish() { try time("compress") { try chunk.compress() } }
      _ = try time("write") { try shard.write(to: folder.appendingPathComponent("\(written).h5")) }
      written += 1
      shard = ShardBuilder(attributes: attributes, compression: options.compression)
    }
    for file in listing.files {
      guard let name = SampleName(file.stem) else { continue }
      try time("inflate") { try reader.read(file, into: &text) }
      textBytes += text.count
      let digest = time("hash") { SHA256Digest.hex(of: text) }
      guard let recording = time("parse", { try? NTUSkeletonText.parse(text.span) }) else { continue }
      let clip = time("normalize") { options.profile.clip(of: recording) }
      let record = SampleRecord(
        name: file.stem, label: name.label, setup: name.setup, camera: name.camera, subject: name.subject,
        replication: name.replication, action: name.action, bodies: clip.presentBodies, digest: digest)
      var chunks: [ShardChunk] = []
      try time("collect") {
        try shard.append(record, frames: clip.joints, visible: clip.visible) { chunks.append($0) }
      }
      for chunk in chunks { try time("compress") { try chunk.compress() } }
      samples += 1
      if shard.sampleCount == options.shardSize { try write() }
    }
    if shard.sampleCount > 0 { try write() }
    seconds = ["inflate", "hash", "parse", "normalize", "collect", "compress", "write"].map {
      ($0, total[$0, default: 0])
    }
  }
}

extension PreparationStages {
  /// What each stage does, for those who read the table.
  static let meanings = [
    "inflate": "read the archive, unpack, CRC-32", "hash": "SHA-256 of the text",
    "parse": "text to coordinates", "normalize": "bodies, gaps, centre, rotations",
    "collect": "checks, digest of the values, chunks",
    "compress": "shuffle, deflate, checksum, and back to compare",
    "write": "build the file, read it back, SHA-256, sync",
  ]

  /// Seconds of processor that this thread has used.
  fileprivate static func processorSeconds() -> Double {
    var time = timespec()
    // `time` is filled during the call.
    _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
}
