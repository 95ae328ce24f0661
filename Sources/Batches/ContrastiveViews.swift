import Skeleton
import TensorCore

/// The views of one batch that PCM3, PCM3++ and their relatives learn from.
public struct ContrastiveBatch: Sendable {
  /// The query and the key in one stream, (N, T, 150) each.
  public typealias Pair = (query: Tensor, key: Tensor)

  /// The samples' names, (N).
  public let names: [String]
  /// Augmented once, for the query encoder, (N, T, 150).
  public let query: Tensor
  /// Augmented independently, for the key encoder, (N, T, 150).
  public let key: Tensor
  /// The query's clips mixed with each other, (N, T, 150).
  public let mixed: Tensor
  /// A part of each key, (N, T, 150).
  public let clip: Tensor
  /// Augmented a third time, to be hidden in part and predicted, (N, T, 150).
  public let source: Tensor
  /// 1 where the source is visible to the encoder, 0 where it is hidden, (N, T, 150).
  public let mask: Tensor
  /// The same query and key in further streams.
  public let pairs: [SkeletonStream: Pair]
  /// The partner of each mixed clip, (N).
  public let partner: [Int]
  /// λ: the partner's share in the mixed clips.
  public let mixShare: Float
  /// What the step's own draws come from.
  public let random: KeyedRandom

  /// A batch of given views; shapes as in the properties.
  public init(
    names: [String], query: Tensor, key: Tensor, mixed: Tensor, clip: Tensor, source: Tensor, mask: Tensor,
    pairs: [SkeletonStream: Pair] = [:], partner: [Int], mixShare: Float,
    random: KeyedRandom = KeyedRandom(seed: 0, view: "step")
  ) {
    self.names = names
    self.query = query
    self.key = key
    self.mixed = mixed
    self.clip = clip
    self.source = source
    self.mask = mask
    self.pairs = pairs
    self.partner = partner
    self.mixShare = mixShare
    self.random = random
  }

  /// The query and the key in a stream that the batch was made with.
  public func pair(_ stream: SkeletonStream) -> Pair {
    guard let pair = pairs[stream] else { preconditionFailure("a batch without the stream \(stream)") }
    return pair
  }
}

/// How clips become the views of a batch. Defaults are PCM3's and PCM3++'s.
public struct ContrastiveViews: Sendable, Equatable {
  /// Frames of every view, axis T; a multiple of 16.
  public var frameCount = 64
  /// The stream that the encoders read.
  public var stream = SkeletonStream.joint
  /// Streams in which the query and the key are given as well, for encoders that learn from each other.
  public var pairs: [SkeletonStream] = []
  /// The crop's length as a share of the sample, drawn from this range and at least T frames where there are as many.
  public var crop: ClosedRange<Float> = 0.1...1
  /// The chance that a query or key view has joints corrupted instead of being sheared.
  public var corruption: Float = 0.5
  /// The share of body parts that are hidden in each segment of the masked view.
  public var maskRatio: Float = 0.6
  /// The length of the clip view, as a share of T.
  public var clipShare: ClosedRange<Float> = 0.25...0.5
  /// Where the clip stands in its view.
  public var clipLayout = ClipLayout.inplace

  /// The published settings.
  public init() {}

  /// The batch made of some samples.
  ///
  /// Every draw is keyed by (seed, epoch, sample or batch, view), so a batch does not depend on who makes it or when.
  ///
  /// - Parameters:
  ///   - clips: the samples' frames, N of them.
  ///   - names: their names.
  ///   - index: the number of the batch in its epoch, for the draws that the batch shares.
  public func batch(
    of clips: [SkeletonClip], names: [String], seed: UInt64, epoch: Int, index: Int
  ) -> ContrastiveBatch {
    func augmented(_ view: String, corruption: Float) -> [SkeletonClip] {
      zip(clips, names).map { clip, name in
        var random = KeyedRandom(seed: seed, epoch: epoch, sample: name, view: view)
        return clip.randomCrop(share: crop, to: frameCount, &random)
          .spatiallyAugmented(corruption: corruption, &random)
      }
    }
    // Mixing and cutting come after the stream: displacements between a clip and what was pasted into it, or the zeros
    // around it, are no motion.
    let queryJoints = augmented("query", corruption: corruption)
    let keyJoints = augmented("key", corruption: corruption)
    let (query, key) = (queryJoints.map(stream.derived), keyJoints.map(stream.derived))
    let source = augmented("masked", corruption: 0).map(stream.derived)
    let batch = "batch \(index)"
    var mixRandom = KeyedRandom(seed: seed, epoch: epoch, sample: batch, view: "mix")
    let mix = BodyMix(count: clips.count, frameCount: frameCount, &mixRandom)
    var maskRandom = KeyedRandom(seed: seed, epoch: epoch, sample: batch, view: "mask")
    let mask = SegmentMask(frameCount: frameCount, ratio: maskRatio, &maskRandom)
    let windows = zip(key, names).map { view, name in
      var random = KeyedRandom(seed: seed, epoch: epoch, sample: name, view: "clip")
      return view.window(share: clipShare, layout: clipLayout, &random)
    }
    func pair(_ stream: SkeletonStream) -> ContrastiveBatch.Pair {
      (
        SkeletonClip.stacked(queryJoints.map(stream.derived)),
        SkeletonClip.stacked(keyJoints.map(stream.derived))
      )
    }
    return ContrastiveBatch(
      names: names, query: SkeletonClip.stacked(query), key: SkeletonClip.stacked(key),
      mixed: SkeletonClip.stacked(mix(query)), clip: SkeletonClip.stacked(windows),
      source: SkeletonClip.stacked(source),
      mask: Tensor(
        (0..<clips.count).flatMap { _ in mask.values }, shape: [clips.count, frameCount, SkeletonClip.width]),
      pairs: Dictionary(uniqueKeysWithValues: pairs.map { ($0, pair($0)) }),
      partner: mix.partners(count: clips.count), mixShare: mix.share,
      random: KeyedRandom(seed: seed, epoch: epoch, sample: batch, view: "step"))
  }
}

extension SkeletonClip {
  /// A random crop resampled to `count` frames: of n frames, max(⌊n · s⌋, `count`) but at most n, s from `share`.
  public func randomCrop(
    share: ClosedRange<Float>, to count: Int, _ random: inout KeyedRandom
  ) -> SkeletonClip {
    let drawn = Int(Float(frameCount) * random.uniform(share.lowerBound, share.upperBound))
    let length = min(max(drawn, count), frameCount)
    return resampled(start: random.integer(in: 0...(frameCount - length)), length: length, to: count)
  }

  /// Clips of one length as a tensor, (N, T, 150).
  public static func stacked(_ clips: [SkeletonClip]) -> Tensor {
    let frames = clips.first?.frameCount ?? 0
    precondition(clips.allSatisfy { $0.frameCount == frames }, "clips of different lengths")
    var values: [Float] = []  // (N, T, V, C, M)
    values.reserveCapacity(clips.count * frames * width)
    for clip in clips { values.append(contentsOf: clip.values) }
    return Tensor(values, shape: [clips.count, frames, width])
  }
}
