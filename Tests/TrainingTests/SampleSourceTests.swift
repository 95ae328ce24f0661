import Foundation
import Encoders
import Methods
import Shards
import Skeleton
import TensorCore
import Testing

@testable import Batches
@testable import Training

/// Samples that come from shards through a bounded memory.
@Suite struct SampleSourceTests {
  private let temporary: TemporaryFolder

  init() throws {
    temporary = try TemporaryFolder()
    try SmallDataset.write(to: temporary.url, samples: 160, shards: 8)
  }

  /// The training samples with room for a share of them.
  private func source(room share: Double) throws -> SampleSource {
    let folder = try DatasetFolder(temporary.url)
    let whole = try SampleSource(folder, split: "xview", part: .train)
    return try SampleSource(
      folder, split: "xview", part: .train, memory: Int((Double(whole.bytes) * share).rounded(.up)))
  }

  /// How many shards have training samples.
  private func shards(of source: SampleSource) -> Int { Set(source.entries.map(\.shard)).count }

  private func recipe(workers: Int) -> PretrainRecipe {
    var recipe = PretrainRecipe()
    recipe.batch = 4
    recipe.input.frames = 16
    recipe.workers = workers
    return recipe
  }

  /// The samples of an epoch's batches, and some of their numbers.
  private func epoch(_ source: SampleSource, workers: Int, epoch: Int = 0) throws -> (
    names: [String], numbers: [Float]
  ) {
    var views = ViewPlan()
    let query = views.clips("query", [.crop(0.1...1, to: 16), .shear(orCorrupting: 0.5)])
    let batches = Pretraining.batches(recipe(workers: workers), source, views: views, epoch: epoch)
    defer { batches.cancel() }
    var (names, numbers): ([String], [Float]) = ([], [])
    while let batch = try batches.next() {
      names += batch.names
      numbers += batch[query].values.values
    }
    return (names, numbers)
  }

  @Test func allSamplesAreThoseOfTheShards() throws {
    let folder = try DatasetFolder(temporary.url)
    let source = try SampleSource(all: folder)
    #expect(try source.entries.map(\.name) == folder.samples().joined().map(\.name))
    #expect(source.entries.count == 160)
    let side = try SampleSource(folder, split: "xview", part: .train)
    let entry = try #require(side.entries.last)
    #expect(try source.clip(try #require(source.entries.first { $0.name == entry.name })) == side.clip(entry))
  }

  @Test(arguments: [1, 0.5, 0.1])
  func theOrderDoesNotDependOnThreads(room: Double) throws {
    let first = try epoch(source(room: room), workers: 1)
    for workers in [2, 5] {
      let other = try epoch(source(room: room), workers: workers)
      #expect(other.names == first.names && other.numbers == first.numbers)
    }
    #expect(try epoch(source(room: room), workers: 1, epoch: 1).names != first.names)
  }

  @Test(arguments: [1, 0.99, 0.5, 0.25, 0.1, 0.001])
  func anEpochHasEachSampleOnce(room: Double) throws {
    let source = try source(room: room)
    let order = source.order(seed: 3, epoch: 5)
    #expect(order.map(\.name).sorted() == source.entries.map(\.name).sorted())
    #expect(order.map(\.name) != source.entries.map(\.name))
  }

  @Test func samplesThatFitAreDecodedOnceAndMixedAsAWhole() throws {
    let source = try source(room: 1)
    for number in 0..<3 { _ = try epoch(source, workers: 3, epoch: number) }
    #expect(source.decodedShards == shards(of: source) && source.peakBytes == source.bytes)
    // The first quarter of the epoch has samples of all shards.
    let order = source.order(seed: 1, epoch: 0)
    #expect(Set(order.prefix(order.count / 4).map(\.shard)).count == shards(of: source))
  }

  @Test func samplesThatDoNotFitAreDecodedOnceAnEpochInBoundedMemory() throws {
    // A window is two shards, more than the batches that are under way at a time.
    let source = try source(room: 0.55)
    for number in 0..<3 { _ = try epoch(source, workers: 2, epoch: number) }
    // A shard that is still there when the next epoch begins need not be read again.
    #expect((2 * shards(of: source) + 1...3 * shards(of: source)).contains(source.decodedShards))
    #expect(source.peakBytes <= source.memory && source.peakBytes > source.memory / 2)
    // Shards between their first and their last sample fit into half of the memory together.
    let order = source.order(seed: 1, epoch: 0)
    let sizes = Dictionary(grouping: order, by: \.shard).mapValues { $0.reduce(0) { $0 + $1.bytes } }
    for position in order.indices {
      let begun = Set(order[...position].map(\.shard))
      let open = begun.intersection(order[position...].map(\.shard))
      #expect(open.reduce(0) { $0 + (sizes[$1] ?? 0) } <= source.memory / 2)
    }
  }

  @Test func aTenthOfTheRoomIsKept() throws {
    let source = try source(room: 0.1)
    _ = try epoch(source, workers: 1)
    // No shard fits into half of it, so one is a window, and is all that is kept.
    #expect(source.decodedShards == shards(of: source))
    let largest = Dictionary(grouping: source.entries, by: \.shard).values.map { entries in
      entries.reduce(0) { $0 + $1.bytes }
    }.max()
    #expect(source.peakBytes <= max(source.memory, largest ?? 0))
  }

  /// Samples of the other side of the split take no room.
  @Test func onlyTheSamplesOfTheSideAreKept() throws {
    let folder = try DatasetFolder(temporary.url)
    let test = try SampleSource(folder, split: "xview", part: .test)
    for entry in test.entries { _ = try test.clip(entry) }
    let all = folder.manifest.frameCount * SkeletonClip.width * 4
    #expect(test.peakBytes == test.bytes && test.bytes < all / 2)
  }
}
