import Foundation
import Methods
import Skeleton
import TensorCore
import Testing

@testable import Batches

@Suite struct BatchesTests {
  /// Clips of random lengths with recognisable numbers.
  private func clips(_ count: Int) -> [SkeletonClip] {
    (0..<count).map { index in
      var random = KeyedRandom(seed: 1, sample: "\(index)", view: "test")
      let frames = random.integer(in: 1...150)
      return SkeletonClip(values: (0..<(frames * SkeletonClip.width)).map { _ in random.uniform(-1, 1) })
    }
  }

  /// The views of PCM3++, of which a plan was made.
  private struct Views {
    var plan: ViewPlan
    let views: PCM3PlusPlusViews

    init(_ stream: SkeletonStream = .joint, corruption: Float = 0.5) {
      var settings = PCM3PlusPlusViews.Settings()
      settings.pair.corruption = corruption
      plan = ViewPlan(stream: stream)
      views = PCM3PlusPlusViews(&plan, settings, of: PCM3PlusPlus.View.allCases, keys: true, frames: 64)
    }

    /// Query, key, mixed, clip, source and mask of a batch.
    func values(_ clips: [SkeletonClip], seed: UInt64 = 7, epoch: Int = 0, index: Int = 0) throws -> [[Float]]
    {
      let batch = plan.batch(
        of: BatchDraw(
          seed: seed, epoch: epoch, index: index, names: clips.indices.map { "sample \($0)" }, clips: clips))
      return [
        batch[try #require(views.query)].values.values, batch[try #require(views.key)].values.values,
        batch[try #require(views.mixed)].clips.values.values, batch[try #require(views.clip)].values.values,
        batch[try #require(views.source)].values.values, batch[try #require(views.mask)].values,
      ]
    }
  }

  @Test func aBatchDependsOnItsKeysAlone() throws {
    let (clips, views) = (clips(4), Views())
    let first = try views.values(clips)
    #expect(try views.values(clips) == first)
    let other = try views.values(clips, epoch: 1)
    #expect(first[0] != other[0] && first[1] != other[1])
    #expect(first[4] != first[0] && first[1] != first[0])
    // The second batch of an epoch draws its samples' views alike, and its mask anew.
    let second = try views.values(clips, index: 1)
    #expect(first[0] == second[0] && first[5] != second[5])
  }

  /// What is not asked for is not made, and what is, is the same.
  @Test func aViewIsTheSameWhateverOthersThereAre() throws {
    let clips = clips(4)
    let all = try Views().values(clips)
    var plan = ViewPlan()
    let views = PCM3PlusPlusViews(&plan, .init(), of: [.clip], keys: false, frames: 64)
    let batch = plan.batch(
      of: BatchDraw(seed: 7, epoch: 0, index: 0, names: (0..<4).map { "sample \($0)" }, clips: clips))
    #expect(batch[try #require(views.clip)].values.values == all[3])
    #expect(views.query == nil && views.key == nil && views.mixed == nil && views.source == nil)
  }

  @Test(arguments: [(0.6 as Float, 3), (0.4, 2), (0.8, 4), (0.2, 1)])
  func theMaskHidesWholePartsOfTheFirstBody(ratio: Float, hidden: Int) {
    for seed in 0..<20 {
      var random = KeyedRandom(seed: UInt64(seed), view: "mask")
      let mask = SegmentMask(frameCount: 64, ratio: ratio, &random).values
      for frame in 0..<64 {
        let line = Array(mask[(frame * 150)..<(frame * 150 + 150)])
        #expect(line == Array(mask[(frame / 8 * 8 * 150)..<(frame / 8 * 8 * 150 + 150)]))
        let states = Kinect25.parts.map { part in
          Set(part.joints.flatMap { joint in (0..<3).map { line[joint * 6 + $0 * 2] } })
        }
        #expect(states.allSatisfy { $0.count == 1 } && states.count { $0 == [0] } == hidden)
        #expect((0..<75).allSatisfy { line[$0 * 2 + 1] == 1 })
      }
    }
  }

  /// What is mixed and cut is the stream: no displacement leads from a sequence into another, or into the zeros around.
  @Test(arguments: [SkeletonStream.motion, .bone])
  func viewsArePartsOfTheStream(stream: SkeletonStream) throws {
    let clips = (0..<4).map { index in
      SkeletonClip(values: [Float](repeating: Float(index + 1), count: 80 * SkeletonClip.width))
    }
    let views = Views(stream, corruption: 0)
    for index in 0..<8 {
      // All joints of a clip are at one place in all frames: nothing moves, and no bone has a length.
      for view in try views.values(clips, index: index).prefix(5) {
        #expect(view.allSatisfy { abs($0) < 1e-5 })
      }
    }
  }

  @Test func aMixSaysHowMuchItTook() {
    let zeros = SkeletonClip(values: [Float](repeating: 0, count: 64 * 150))
    let ones = SkeletonClip(values: [Float](repeating: 1, count: 64 * 150))
    var modes: Set<BodyMix.Mode> = []
    for seed in 0..<60 {
      var random = KeyedRandom(seed: UInt64(seed), view: "mix")
      let mix = BodyMix(count: 2, frameCount: 64, &random)
      modes.insert(mix.mode)
      let mixed = mix([zeros, ones])
      let taken = mixed[0].values.reduce(0, +) / Float(64 * 150)
      #expect(abs(taken - mix.share) < 1e-4, "\(mix.mode)")
      #expect(mix.partners(count: 2) == [1, 0])
      #expect((28...44).contains(mix.frames.count) && mix.frames.count.isMultiple(of: 4))
    }
    #expect(modes.count == 3)
  }

  @Test func partnersAreNeverOneself() {
    for count in 2...9 {
      for seed in 0..<20 {
        var random = KeyedRandom(seed: UInt64(seed), view: "mix")
        let mix = BodyMix(count: count, frameCount: 32, &random)
        let partners = mix.partners(count: count)
        #expect(Set(partners).count == count && !zip(partners, 0..<count).contains { $0 == $1 })
      }
    }
  }

  @Test(arguments: ClipLayout.allCases)
  func aWindowHoldsAContinuousPart(layout: ClipLayout) {
    let values = (0..<64).flatMap { frame in [Float](repeating: Float(frame + 1), count: 150) }
    let clip = SkeletonClip(values: values)
    for seed in 0..<20 {
      var random = KeyedRandom(seed: UInt64(seed), view: "clip")
      let view = clip.window(share: 0.25...0.5, layout: layout, &random)
      let frames = (0..<64).map { view.values[$0 * 150] }
      let seen = frames.indices.filter { frames[$0] != 0 }
      switch layout {
      case .resize:
        #expect(seen.count == 64 && (15...32).contains(Int(frames[63] - frames[0])))
      case .inplace, .left, .right:
        #expect((16...32).contains(seen.count) && seen == Array(seen[0]...seen[seen.count - 1]))
        #expect(zip(seen, seen.dropFirst()).allSatisfy { frames[$1] - frames[$0] == 1 })
        if layout == .inplace { #expect(seen.allSatisfy { frames[$0] == Float($0 + 1) }) }
        if layout == .left { #expect(seen.first == 0) }
        if layout == .right { #expect(seen.last == 63) }
      }
    }
  }

  @Test func randomCropsKeepTheFeedersLimits() {
    for frames in [1, 7, 63, 64, 65, 300] {
      let clip = SkeletonClip(values: (0..<frames).flatMap { [Float](repeating: Float($0), count: 150) })
      for seed in 0..<50 {
        var random = KeyedRandom(seed: UInt64(seed), view: "crop")
        let crop = clip.randomCrop(share: 0.1...1, to: 64, &random)
        #expect(crop.frameCount == 64)
        let range = crop.values[63 * 150] - crop.values[0]
        #expect(range <= Float(frames - 1) && range >= Float(min(frames, 64) - 2))
      }
    }
  }

  @Test(arguments: [1, 2, 3])
  func elementsComeInOrderFromAnyNumberOfWorkers(workers: Int) throws {
    let elements = Prefetcher(count: 100, depth: 3, workers: workers) { index in
      Thread.sleep(forTimeInterval: Double((index * 7) % 3) * 1e-4)
      return index
    }
    var seen: [Int] = []
    while let element = try elements.next() { seen.append(element) }
    #expect(seen == Array(0..<100))
  }

  @Test func aFailureReachesTheReaderAndCancellingEnds() throws {
    let failing = Prefetcher<Int>(count: 5, workers: 2) { index in
      guard index < 2 else { throw InputError("x", found: "bad") }
      return index
    }
    #expect(try failing.next() == 0)
    #expect(try failing.next() == 1)
    #expect(throws: InputError.self) { try failing.next() }
    failing.cancel()
  }
}
