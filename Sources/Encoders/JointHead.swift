import NN
import TensorCore

/// Class scores from what a backbone says of every joint: (N, M, T, V, D) to (N, K).
///
/// The mean over frames, then over bodies; the V D numbers of all joints side by side go through a layer, a batch norm,
/// relu and a layer. Dropout is of the numbers that come in. Matrices start from Xavier's distribution, biases at 0.
///
/// Source: Mao et al., "Masked motion predictors are strong 3D action representation learners", 2023, fine-tuning, as the
/// released code has it; Zhu et al., "MotionBERT: a unified perspective on learning human motion representations", 2023.
public struct JointHead {
  private let layers: (Linear, Linear)
  private let norm: BatchNorm1d
  private let drop: Dropout

  /// A head for `joints` V of `width` D numbers. Parameters `fc1`, `bn`, `fc2`.
  public init(
    _ scope: Scope, joints: Int, width: Int, hidden: Int = 2048, classes: Int, dropout: Float = 0.3
  ) {
    func layer(_ name: String, from inputs: Int, to outputs: Int) -> Linear {
      Linear(scope / name, from: inputs, to: outputs, weights: .xavierUniform, zeroBias: true)
    }
    layers = (layer("fc1", from: joints * width, to: hidden), layer("fc2", from: hidden, to: classes))
    norm = BatchNorm1d(scope / "bn", features: hidden)
    drop = Dropout(scope / "dropout", share: dropout)
  }

  /// (N, M, T, V, D) to (N, K).
  public func callAsFunction(_ map: Tensor, _ pass: Pass) -> Tensor {
    precondition(map.shape.count == 5, "a map of shape \(map.shape), not (N, M, T, V, D)")
    let joints = drop(map, pass).mean(axes: [1, 2]).reshaped([map.shape[0], map.shape[3] * map.shape[4]])
    return layers.1(norm(layers.0(joints), pass).relu())
  }
}
