import Foundation
import Shards
import Skeleton
import TensorCore
import Testing
import Training
@testable import Batches
@testable import Evaluation

/// Features that several tasks ask for are computed once, and are those that each would have computed.
@Suite struct FeatureCacheTests {
  @Test func whatIsAskedForTwiceIsComputedOnce() throws {
    let small = try SmallRun(gestures: 24)
    let source = try SampleSource(
      DatasetFolder(small.folder.appendingPathComponent("data")), split: "xview", part: .test)
    let plain = try FrozenEncoder(untrained: small.recipe)
    let cache = FeatureCache()
    var first = try FrozenEncoder(untrained: small.recipe)
    var second = try FrozenEncoder(untrained: small.recipe)
    (first.cache, second.cache) = (cache, cache)
    let expected = try plain.features(of: source).values.values
    #expect(try first.features(of: source).values.values == expected)
    #expect(try second.features(of: source, crop: .middle(0.95)).values.values == expected)
    #expect(cache.computations == 1)
    // Another part of the samples, other samples, changed ones and random parts are others.
    _ = try first.features(of: source, crop: .middle(0.5))
    #expect(cache.computations == 2)
    let changed = try first.features(
      of: source, changed: { clip, _ in SkeletonStream.bone.derived(from: clip) })
    _ = try first.features(of: source, crop: .random(0.5...1, seed: 1, epoch: 0))
    #expect(cache.computations == 2 && changed.values.values != expected)
    // So is another encoder, and a copy may be changed.
    var other = small.recipe
    other.seed += 1
    var third = try FrozenEncoder(untrained: other)
    third.cache = cache
    #expect(try third.features(of: source).values.values != expected && cache.computations == 3)
    #expect(first.copy().cache == nil)
  }
}
