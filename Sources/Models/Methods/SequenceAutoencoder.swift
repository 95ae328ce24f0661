import Batches
import NN
import TensorCore

/// An encoder that learns by writing a sequence down again from nothing but its feature.
///
/// Source: "Predict & Cluster" (Su, Liu and Shlizerman, CVPR 2020). Its decoder is kept weak, so that what is needed has
/// to be in the feature: fixed weights stay as they were drawn, and every frame reads the same feature, as with its
/// fixed states. The loss is the mean squared error over all coordinates. All matrices start from Xavier's distribution,
/// the decoder's too, as in both released programs.
public struct SequenceAutoencoder: PretrainingMethod {
  /// All parameters.
  public let store: ParameterStore
  private let encoder: GRUEncoder
  private let decoder: GRU
  private let output: Linear

  /// A model with fresh parameters drawn from the seed: `encoder_q.*`, `decoder.*`, `reconstruction.*`.
  ///
  /// - Parameters:
  ///   - encoder: the encoder's size.
  ///   - decoder: units of the decoder, a GRU of one layer.
  ///   - isFixed: whether the decoder stays as it is drawn.
  public init(encoder size: GRUEncoderSettings, decoder units: Int, isFixed: Bool, seed: UInt64) {
    store = ParameterStore(seed: seed)
    encoder = GRUEncoder(store.root / "encoder_q", size)
    let learning = store.parameters.count
    decoder = GRU(
      store.root / "decoder", input: size.features, hidden: units, layers: 1, mode: .forward,
      weights: .xavierUniform)
    output = Linear(store.root / "reconstruction", from: units, to: size.input, weights: .xavierUniform)
    if isFixed { store.parameters.dropFirst(learning).forEach { $0.isTrainable = false } }
  }

  /// What one batch gives.
  public struct Step: PretrainingStep {
    /// The mean squared error.
    public let loss: Float
    /// The gradient of the error by every trainable parameter.
    public let gradients: Gradients

    /// No keys.
    public var queued: [Tensor] { [] }

    /// The error, as `mse`.
    public var terms: [String: Float] { ["mse": loss] }
  }

  /// Nothing is compared with keys.
  public var queues: [String] { [] }

  /// `mse`.
  public var terms: [String] { ["mse"] }

  /// Nothing follows.
  public func updateKeyBranch() {}

  /// The error of a batch and its gradients; of its views the source is read, all of it.
  public func step(
    _ batch: ContrastiveBatch, queues: [FeatureQueue] = [], contrast: Bool = true,
    stop: () -> Bool = { false }
  ) -> Step {
    let hidden = Tensor.zeros(batch.source.shape)  // a mask that shows nothing, so that everything counts
    let error = maskedMSE(reconstruction(of: batch.source), target: batch.source, mask: hidden)
    return Step(loss: error.scalar, gradients: stop() ? Gradients() : gradients(of: error))
  }

  /// What the encoder makes of sequences.
  public func features(_ sequences: Tensor) -> Tensor { encoder(sequences, training: false).detached() }

  /// Sequences written down from their features, (N, T, 150) to the same.
  func reconstruction(of sequences: Tensor) -> Tensor {
    let (count, frames) = (sequences.shape[0], sequences.shape[1])
    let feature = encoder(sequences, training: true)  // (N, features)
    let owners = (0..<count).flatMap { [Int](repeating: $0, count: frames) }
    let repeated = feature.rows(owners).reshaped([count, frames, feature.shape[1]])
    return output(decoder(repeated))
  }
}
