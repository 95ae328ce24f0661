import TensorCore

/// What a graph backbone makes of clips: (N, M, T', V, D), a feature for each body, frame and joint.
///
/// The backbones read clips as (N, M, T, V, C), one body after the other.
public enum BodyMap {
  /// Frames (N, T, V · C · M), the order in which clips lie, as bodies (N, M, T, V, C).
  ///
  /// - Parameter first: how many bodies are read, M; all where nil.
  public static func bodies(_ x: Tensor, joints: Int, coordinates: Int, first: Int? = nil) -> Tensor {
    precondition(
      x.shape.count == 3 && x.shape[2] % (joints * coordinates) == 0,
      "frames of shape \(x.shape) for \(joints) joints of \(coordinates) coordinates")
    let count = x.shape[2] / (joints * coordinates)
    let all = x.reshaped([x.shape[0], x.shape[1], joints, coordinates, count])
    let read = first.map { $0 < count ? all.sliced(axis: 4, 0..<$0) : all } ?? all
    return read.permuted([0, 4, 1, 2, 3])
  }

  /// The mean over bodies, frames and joints: (N, M, T', V, D) to (N, D).
  public static func pooled(_ map: Tensor) -> Tensor { map.mean(axes: [1, 2, 3]) }

  /// The means over what a mask shows and over what it hides, (N, D) both; the mask, of zeros and ones, is (T', V).
  ///
  /// Source: Chen et al., "Contrastive learning from spatio-temporal mixed skeleton sequences", 2022, 3.3.
  public static func pooled(_ map: Tensor, mask: Tensor) -> (shown: Tensor, hidden: Tensor) {
    let (frames, joints) = (map.shape[2], map.shape[3])
    precondition(mask.shape == [frames, joints], "a mask of shape \(mask.shape) for a map of \(map.shape)")
    let shown = mask.reshaped([frames, joints, 1])
    let hidden = Tensor(scalar: 1) - shown
    func mean(_ share: Tensor) -> Tensor {
      (map * share).sum(axes: [2, 3]).mean(axes: [1]) * (1 / share.sum().scalar)
    }
    return (mean(shown), mean(hidden))
  }

  /// The map without what stands out most, whose place other features then have to take.
  ///
  /// With d = (y - mean over T', V)² and a = σ(d / (4 (Σ d / (T' V - 1) + 10⁻⁴)) + ½), a constant: first joints of a body
  /// whose mean of a is not below `threshold` are 0, then each number whose a is not. Both times the rest is scaled up by
  /// the share that is left in the whole batch.
  ///
  /// Source: Guo et al., "Contrastive learning from extremely augmented skeleton sequences for self-supervised action
  /// recognition", 2022, 3.3, as the released code has it.
  public static func attentionDropped(_ map: Tensor, threshold: Float = 0.7) -> Tensor {
    let attention = attention(map)
    let joints = attention.mean(axes: [2, 4], keepingAxes: true)  // (N, M, 1, V, 1)
    func factors(_ x: Tensor) -> Tensor {
      let kept = x.values.map { $0 < threshold ? Float(1) : 0 }
      let scale = Float(kept.count) / max(1, kept.reduce(0, +))
      return Tensor(kept.map { $0 * scale }, shape: x.shape)
    }
    return map * factors(joints) * factors(attention)
  }

  /// How much each number stands out, between σ(½) and 1, a constant.
  static func attention(_ map: Tensor) -> Tensor {
    let y = map.detached()
    let d = (y - y.mean(axes: [2, 3], keepingAxes: true)).square()
    let places = Float(map.shape[2] * map.shape[3])
    let variance = d.sum(axes: [2, 3], keepingAxes: true) * (1 / (places - 1))
    return (d / ((variance + Tensor(scalar: 1e-4)) * 4) + Tensor(scalar: 0.5)).sigmoid()
  }
}
