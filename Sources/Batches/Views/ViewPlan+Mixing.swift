import TensorCore

/// Clips that were mixed with each other.
public struct MixedClips: Sendable {
  /// The mixed clips, (N, T, 150).
  public let clips: Clips
  /// The partner of each, (N).
  public let partner: [Int]
  /// λ: how much of each is its partner's.
  public let share: Float

  /// Mixed clips of given values.
  public init(clips: Clips, partner: [Int], share: Float) {
    (self.clips, self.partner, self.share) = (clips, partner, share)
  }
}

/// Clips of which a part was cut out and taken from each other.
public struct CutClips: Sendable {
  /// The clips, (N, T, 150).
  public let clips: Clips
  /// Whose part each has, (N).
  public let partner: [Int]
  /// 1 where a clip is its partner's, in units of time, (T / unit, V).
  public let mask: Tensor
}

extension ViewPlan {
  /// Adds samples of which some body parts are another's for some units of `unit` frames, by one draw for the whole batch.
  ///
  /// - Parameter lengths: how many units are another's.
  public mutating func cut(
    _ name: String, _ samples: View<[SkeletonClip]>, unit: Int, lengths: ClosedRange<Int>
  ) -> View<CutClips> {
    add { draw, made in
      let clips = made[samples]
      var random = draw.random(name)
      let count = clips[0].frameCount
      let mix = BodyMix(cutting: clips.count, frameCount: count, unit: unit, lengths: lengths, &random)
      return CutClips(
        clips: Clips(SkeletonClip.stacked(mix(clips))), partner: mix.partners(count: clips.count),
        mask: mix.mask(frameCount: count, unit: unit))
    }
  }

  /// Adds samples mixed with each other by one draw for the whole batch, see ``BodyMix``.
  public mutating func mixed(_ name: String, _ samples: View<[SkeletonClip]>) -> View<MixedClips> {
    add { draw, made in
      let clips = made[samples]
      var random = draw.random(name)
      let mix = BodyMix(count: clips.count, frameCount: clips[0].frameCount, &random)
      return MixedClips(
        clips: Clips(SkeletonClip.stacked(mix(clips))), partner: mix.partners(count: clips.count),
        share: mix.share)
    }
  }
}
