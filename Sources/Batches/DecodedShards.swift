/// The decoded samples of a few shards, of which the one that was not used for longest goes first.
struct DecodedShards {
  /// By shard, then by row.
  private var shards: [Int: [Int: SkeletonClip]] = [:]
  /// The shards that are kept, the one used last at the end.
  private var order: [Int] = []
  /// Bytes of what is kept.
  private(set) var bytes = 0
  /// The most bytes that were kept at a time.
  private(set) var peakBytes = 0
  /// Shards that were ever kept.
  private(set) var decodes = 0

  /// A sample of a shard that is kept, which is the one used last from now on.
  mutating func clip(_ entry: SampleSource.Entry) -> SkeletonClip? {
    guard let clips = shards[entry.shard] else { return nil }
    if order.last != entry.shard {
      order.removeAll { $0 == entry.shard }
      order.append(entry.shard)
    }
    return clips[entry.row]
  }

  /// Lets go of shards until there is room for so many bytes, or nothing is left.
  mutating func makeRoom(for size: Int, within limit: Int) {
    while bytes + size > limit, !order.isEmpty {
      bytes -= Self.size(shards.removeValue(forKey: order.removeFirst()) ?? [:])
    }
  }

  /// Keeps a shard's samples, by row.
  mutating func keep(_ shard: Int, _ clips: [Int: SkeletonClip]) {
    shards[shard] = clips
    order.append(shard)
    bytes += Self.size(clips)
    peakBytes = max(peakBytes, bytes)
    decodes += 1
  }

  private static func size(_ clips: [Int: SkeletonClip]) -> Int {
    clips.values.reduce(0) { $0 + $1.values.count } * MemoryLayout<Float>.size
  }
}
