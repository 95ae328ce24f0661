import Foundation
import Shards
import Skeleton
import Synchronization

/// The samples of one side of a split, read from shards as they are asked for.
///
/// A bounded number of bytes of decoded shards is kept; the shard that was not used for longest goes first. Each
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
  /// Bytes of decoded shards that are kept.
  public let memory: Int

  private let folder: DatasetFolder
  private let decoded = Mutex(Cache())
  /// Held while a shard is read, so that two threads never decode the same one.
  private let reading = Mutex(())

  fileprivate struct Cache {
    var shards: [Int: [SkeletonClip]] = [:]
    var order: [Int] = []
    var bytes = 0
  }

  /// The samples of a part of a split.
  ///
  /// - Parameters:
  ///   - folder: the data set.
  ///   - split: the split's name, `xview`.
  ///   - part: its side.
  ///   - memory: bytes of decoded frames to keep; a data set that fits is decoded once.
  /// - Throws: an `InputError` if the split is not there, names samples that the shards do not have, or is empty.
  public init(
    _ folder: DatasetFolder, split: String, part: EvaluationProtocol.Part, memory: Int = 4 << 30
  ) throws {
    let lists = try folder.split(split)
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

  /// The frames of one sample.
  ///
  /// - Throws: an `InputError` if the shard is damaged.
  public func clip(_ entry: Entry) throws -> SkeletonClip {
    if let clips = decoded.withLock({ $0.use(entry.shard) }) { return clips[entry.row] }
    return try reading.withLock { _ in
      if let clips = decoded.withLock({ $0.use(entry.shard) }) { return clips[entry.row] }
      let shard = try folder.shard(entry.shard)
      let clips = shard.samples.map { SkeletonClip($0, of: shard) }
      decoded.withLock { $0.keep(entry.shard, clips, limit: memory) }
      return clips[entry.row]
    }
  }

  /// The entries of an epoch in a random order that depends on (seed, epoch) alone.
  ///
  /// The shards are shuffled and taken in windows that fit half of the memory; within a window the samples are
  /// shuffled. A data set that fits is one window, shuffled as a whole.
  public func order(seed: UInt64, epoch: Int) -> [Entry] {
    let byShard = Dictionary(grouping: entries, by: \.shard)
    var random = KeyedRandom(seed: seed, epoch: epoch, view: "order")
    let shards = random.shuffled(byShard.keys.sorted())
    var result: [Entry] = []
    var window: [Entry] = []
    var bytes = 0
    for shard in shards {
      let size = folder.manifest.shards[shard].frames * SkeletonClip.width * MemoryLayout<Float>.size
      if !window.isEmpty && bytes + size > memory / 2 {
        result += random.shuffled(window)
        (window, bytes) = ([], 0)
      }
      window += byShard[shard] ?? []
      bytes += size
    }
    return result + random.shuffled(window)
  }
}

extension SampleSource.Cache {
  /// The clips of a shard that is kept, which is the one used last from now on.
  fileprivate mutating func use(_ shard: Int) -> [SkeletonClip]? {
    guard let clips = shards[shard] else { return nil }
    order.removeAll { $0 == shard }
    order.append(shard)
    return clips
  }

  fileprivate mutating func keep(_ shard: Int, _ clips: [SkeletonClip], limit: Int) {
    func size(_ clips: [SkeletonClip]) -> Int {
      clips.reduce(0) { $0 + $1.values.count } * MemoryLayout<Float>.size
    }
    bytes += size(clips)
    shards[shard] = clips
    order.append(shard)
    while bytes > limit, order.count > 1 {
      let oldest = order.removeFirst()
      bytes -= size(shards.removeValue(forKey: oldest) ?? [])
    }
  }
}
