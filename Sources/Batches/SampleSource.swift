import Foundation
import Shards
import Skeleton
import Synchronization

/// The samples of one side of a split, read from shards as they are asked for.
///
/// Of each shard the samples of this side are kept, decoded, up to a number of bytes; the shard that was not used for
/// longest makes room before another is read. Memory holds these bytes, and for a moment one shard as it is read. Each
/// shard is checked against the manifest's SHA-256 as it is read. Safe to use from several threads.
public final class SampleSource: Sendable {
  /// Where a sample is.
  public struct Entry: Sendable, Equatable {
    /// The sample's name.
    public let name: String
    /// Its class from 0, or −1.
    public let label: Int
    /// Its shard's number.
    public let shard: Int
    /// Its row in the shard.
    public let row: Int
    /// Its number of frames.
    public let length: Int
  }

  /// The samples in the order of the split file.
  public let entries: [Entry]
  /// What is known about the data set.
  public let manifest: Manifest
  /// The SHA-256 of the data set's manifest, which names every byte of the data.
  public let digest: String
  /// What decides who can read the data.
  public let kind: DataKind
  /// The split's name.
  public let split: String
  /// The split that the samples are a side of.
  public let lists: Split
  /// Which side.
  public let part: EvaluationProtocol.Part
  /// Bytes of decoded samples that are kept.
  public let memory: Int

  /// The data set.
  public let folder: DatasetFolder
  /// The entries of each shard.
  private let byShard: [Int: [Entry]]
  private let decoded = Mutex(DecodedShards())
  /// Held while a shard is read, so that two threads never decode the same one.
  private let reading = Mutex(())

  /// The samples of a part of a split.
  ///
  /// - Parameters:
  ///   - folder: the data set.
  ///   - split: the split's name, `xview`.
  ///   - part: its side.
  ///   - memory: bytes of decoded frames to keep; a data set that fits is decoded once.
  /// - Throws: an `InputError` if the split is not there, names samples that the shards do not have, or is empty.
  public convenience init(
    _ folder: DatasetFolder, split: String, part: EvaluationProtocol.Part, memory: Int = 4 << 30
  ) throws {
    try self.init(folder, split: split, folder.split(split), part: part, memory: memory)
  }

  /// All samples of a data set, in the order of its shards, as if they were the test side of a split called `all`.
  ///
  /// - Throws: an `InputError` if there is none.
  public convenience init(all folder: DatasetFolder, memory: Int = 4 << 30) throws {
    let lists = Split(
      protocolName: "all", dataset: folder.manifest.dataset, manifest: try Manifest.digest(of: folder.url),
      train: [], test: try folder.samples().joined().map(\.name))
    try self.init(folder, split: "all", lists, part: .test, memory: memory)
  }

  private init(
    _ folder: DatasetFolder, split: String, _ lists: Split, part: EvaluationProtocol.Part, memory: Int
  ) throws {
    let names = part == .train ? lists.train : lists.test
    guard !names.isEmpty else {
      throw InputError(
        folder.url.path, at: "splits/\(split).json", found: "no sample in \(part.rawValue)",
        hint: "inspect the data set with `skelprep inspect`")
    }
    var places: [String: Entry] = [:]
    for (shard, records) in try folder.samples().enumerated() {
      for (row, record) in records.enumerated() {
        places[record.name] = Entry(
          name: record.name, label: record.label, shard: shard, row: row, length: record.length)
      }
    }
    entries = try names.map { name in
      guard let entry = places[name] else {
        throw InputError(
          folder.url.path, at: "splits/\(split).json", found: "sample \(name) is in no shard",
          hint: "make the split again with `skelprep split`")
      }
      return entry
    }
    self.folder = folder
    self.memory = memory
    (self.split, self.lists, self.part) = (split, lists, part)
    kind = try DataKind(folder.manifest)
    byShard = Dictionary(grouping: entries, by: \.shard)
    manifest = folder.manifest
    digest = try Manifest.digest(of: folder.url)
  }

  /// The labels in the order of the entries, (N).
  public var labels: [Int] { entries.map(\.label) }

  /// The number of classes: one more than the highest label.
  public var classCount: Int { (labels.max() ?? -1) + 1 }

  /// The actions of each untrimmed recording in the order of the entries, (N); nothing for samples of one action.
  ///
  /// - Throws: an `InputError` if a shard is damaged.
  public func intervals() throws -> [[ActionInterval]] {
    let shards = Set(entries.map(\.shard))
    let tables = Dictionary(
      uniqueKeysWithValues: try shards.map { shard in
        (shard, Dictionary(grouping: try ShardReader.intervals(folder.shardURL(shard)), by: \.sample))
      })
    return entries.map { tables[$0.shard]?[$0.row] ?? [] }
  }

  /// Bytes of all samples, decoded.
  public var bytes: Int { entries.reduce(0) { $0 + $1.bytes } }

  /// How many shards were read and decoded so far; a shard that was read twice counts twice.
  public var decodedShards: Int { decoded.withLock { $0.decodes } }

  /// The most bytes of decoded samples that were kept at a time.
  public var peakBytes: Int { decoded.withLock { $0.peakBytes } }

  /// The frames of one sample.
  ///
  /// - Throws: an `InputError` if the shard is damaged.
  public func clip(_ entry: Entry) throws -> SkeletonClip {
    if let clip = decoded.withLock({ $0.clip(entry) }) { return clip }
    return try reading.withLock { _ in
      if let clip = decoded.withLock({ $0.clip(entry) }) { return clip }
      let wanted = byShard[entry.shard] ?? []
      decoded.withLock { $0.makeRoom(for: wanted.reduce(0) { $0 + $1.bytes }, within: memory) }
      let shard = try folder.shard(entry.shard)
      let clips = wanted.map { ($0.row, SkeletonClip(shard.samples[$0.row], of: shard)) }
      return decoded.withLock {
        $0.keep(entry.shard, Dictionary(uniqueKeysWithValues: clips))
        guard let clip = $0.clip(entry) else { preconditionFailure("\(entry.name) is not in its shard") }
        return clip
      }
    }
  }

  /// The entries of an epoch in a random order that depends on (seed, epoch), and on the memory where the samples do
  /// not fit into it.
  ///
  /// The shards are shuffled and taken in windows that fit half of the memory, so that the next window finds room
  /// while this one is in use; within a window the samples are shuffled. Samples that fit as a whole are one window.
  public func order(seed: UInt64, epoch: Int) -> [Entry] {
    let limit = bytes <= memory ? memory : memory / 2
    var random = KeyedRandom(seed: seed, epoch: epoch, view: "order")
    let shards = random.shuffled(byShard.keys.sorted())
    var result: [Entry] = []
    var window: [Entry] = []
    var used = 0
    for shard in shards {
      let entries = byShard[shard] ?? []
      let size = entries.reduce(0) { $0 + $1.bytes }
      if !window.isEmpty && used + size > limit {
        result += random.shuffled(window)
        (window, used) = ([], 0)
      }
      window += entries
      used += size
    }
    return result + random.shuffled(window)
  }
}

extension SampleSource.Entry {
  /// Bytes of its frames, decoded.
  var bytes: Int { length * SkeletonClip.width * MemoryLayout<Float>.size }
}
