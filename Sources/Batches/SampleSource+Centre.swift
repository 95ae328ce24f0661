import TensorCore

extension SampleSource {
  /// The middle of samples, as evaluations crop them, a batch after the other in the given order, (N, T, 150) each; made
  /// on another thread.
  public func centreCrops(
    of entries: [Entry], frames: Int, stream: SkeletonStream, batch: Int = 256
  ) -> Prefetcher<Tensor> {
    Prefetcher(count: (entries.count + batch - 1) / batch, depth: 2) { index in
      SkeletonClip.stacked(
        try entries[(index * batch)..<min((index + 1) * batch, entries.count)].map {
          stream.derived(from: try self.clip($0).centreCrop(to: frames))
        })
    }
  }
}
