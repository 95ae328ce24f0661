import Skeleton

extension SkeletonClip {
  /// As many frames as there are, from `start` on, of this clip with ⌊T / ratio⌋ frames mirrored at each end, where the edge
  /// frame is the first of its mirror image.
  ///
  /// - Returns: (T, V, C, M).
  public func paddedCrop(start: Int, ratio: Int) -> SkeletonClip {
    let (padding, width) = (frameCount / ratio, SkeletonClip.width)
    precondition((0...2 * padding).contains(start), "a crop from \(start) of \(padding) frames at each end")
    var result: [Float] = []  // (T, V, C, M)
    result.reserveCapacity(values.count)
    for place in (start - padding)..<(start - padding + frameCount) {
      let frame = place < 0 ? -1 - place : min(place, 2 * frameCount - 1 - place)
      result.append(contentsOf: values[(frame * width)..<((frame + 1) * width)])
    }
    return SkeletonClip(values: result)
  }
}

extension Augmentation {
  /// All frames resampled to `frames`, and of these a padded crop from a random start, see
  /// ``SkeletonClip/paddedCrop(start:ratio:)``: the only crop of the contrastive methods on ST-GCN.
  ///
  /// Source: CrosSCLR's released code, `temperal_crop`.
  public static func paddedCrop(ratio: Int, to frames: Int) -> Augmentation {
    Augmentation { clip, random in
      let start = random.integer(in: 0...(2 * (frames / ratio)))
      return clip.resampled(start: 0, length: clip.frameCount, to: frames)
        .paddedCrop(start: start, ratio: ratio)
    }
  }
}
