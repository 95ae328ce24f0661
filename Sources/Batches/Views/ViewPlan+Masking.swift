import TensorCore

extension ViewPlan {
  /// Adds a mask that the batch shares, 1 where visible and 0 where hidden, (N, T, 150), see ``SegmentMask``.
  public mutating func segmentMask(
    _ name: String, of samples: View<[SkeletonClip]>, ratio: Float
  ) -> View<Tensor> {
    add { draw, made in
      let clips = made[samples]
      var random = draw.random(name)
      let mask = SegmentMask(frameCount: clips[0].frameCount, ratio: ratio, &random)
      return Tensor(
        clips.flatMap { _ in mask.values }, shape: [clips.count, clips[0].frameCount, SkeletonClip.width])
    }
  }

  /// Adds a part of each sample at the same length, see `SkeletonClip.window(share:layout:_:)`.
  public mutating func timeWindow(
    _ name: String, of samples: View<[SkeletonClip]>, share: ClosedRange<Float>, layout: ClipLayout
  ) -> View<Clips> {
    let windows: View<[SkeletonClip]> = add(keeps: false) { draw, made in
      made[samples].enumerated().map { sample, clip in
        var random = draw.random(name, of: sample)
        return clip.window(share: share, layout: layout, &random)
      }
    }
    return clips(windows)
  }
}
