import Skeleton

/// A random change of a clip, one of those that a view is made by.
public struct Augmentation: Sendable {
  private let change: @Sendable (SkeletonClip, inout KeyedRandom) -> SkeletonClip

  /// A change that takes what it draws from the view's own generator.
  public init(_ change: @escaping @Sendable (SkeletonClip, inout KeyedRandom) -> SkeletonClip) {
    self.change = change
  }

  /// The changed clip.
  public func callAsFunction(_ clip: SkeletonClip, _ random: inout KeyedRandom) -> SkeletonClip {
    change(clip, &random)
  }

  /// The same change with a chance, and otherwise none.
  public func sometimes(_ chance: Float) -> Augmentation {
    Augmentation { $1.unit() < chance ? self($0, &$1) : $0 }
  }

  /// A part of the frames resampled to `frames`, see ``SkeletonClip/randomCrop(share:atLeast:to:_:)``; it is of at least
  /// that many frames, or of `least`.
  public static func crop(
    _ share: ClosedRange<Float>, atLeast least: Int? = nil, to frames: Int
  ) -> Augmentation {
    Augmentation { $0.randomCrop(share: share, atLeast: least, to: frames, &$1) }
  }

  /// A shear with numbers of ±limit beside the diagonal.
  public static func shear(upTo limit: Float) -> Augmentation {
    Augmentation { $0.sheared(by: SkeletonClip.drawShear(limit, &$1)) }
  }

  /// A shear, or with a chance instead of it some joints corrupted, as PCM3's.
  public static func shear(orCorrupting chance: Float) -> Augmentation {
    Augmentation { $0.spatiallyAugmented(corruption: chance, &$1) }
  }
}

extension SkeletonClip {
  /// A random crop resampled to `count` frames: of n frames, max(⌊n · s⌋, `least`) but at most n, s from `share`;
  /// `least` is `count` where nothing is said.
  public func randomCrop(
    share: ClosedRange<Float>, atLeast least: Int? = nil, to count: Int, _ random: inout KeyedRandom
  ) -> SkeletonClip {
    let drawn = Int(Float(frameCount) * random.uniform(share.lowerBound, share.upperBound))
    let length = min(max(drawn, least ?? count), frameCount)
    return resampled(start: random.integer(in: 0...(frameCount - length)), length: length, to: count)
  }
}
