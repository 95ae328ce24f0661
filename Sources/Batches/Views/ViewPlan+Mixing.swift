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

extension ViewPlan {
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
