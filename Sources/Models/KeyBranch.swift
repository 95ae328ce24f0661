import NN
import TensorCore

/// A second encoder and projector that follow those that learn: the keys' side of contrast.
///
/// He et al., "Momentum contrast for unsupervised visual representation learning", 2020, section 3.2.
public struct KeyBranch {
  private let encoder: GRUEncoder
  private let projector: Projector
  /// The parameters that learn, each with the one that follows it.
  private let twins: [(query: Parameter, key: Parameter)]

  /// A copy of an encoder and a projector, below `scope`.
  ///
  /// - Parameters:
  ///   - query: the parameters of the encoder and then the projector that it follows, in their order.
  ///   - settings: the encoder's size.
  ///   - projection: numbers in a key.
  public init(_ scope: Scope, following query: [Parameter], _ settings: GRUEncoderSettings, projection: Int) {
    let others = scope.store.parameters.count
    encoder = GRUEncoder(scope, settings)
    projector = Projector(scope, features: settings.features, size: projection)
    let own = scope.store.parameters.dropFirst(others)
    precondition(own.count == query.count, "\(own.count) parameters cannot follow \(query.count)")
    twins = Array(zip(query, own))
    for twin in twins {
      twin.key.isTrainable = false
      twin.key.value = twin.query.value.detached()
    }
  }

  /// Moves a little towards what it follows: k ← m · k + (1 − m) · q. Running statistics are its own.
  public func follow(momentum: Float) {
    for twin in twins { exponentialMovingAverage(of: twin.query, into: twin.key, momentum: momentum) }
  }

  /// The keys of sequences, (N, T, 150) to (N, D); no gradient flows back.
  ///
  /// - Parameters:
  ///   - x: the sequences.
  ///   - prompt: what is added to every frame, (1, 1, 150).
  ///   - prompted: changes the features, (N, features), before they are projected.
  public func keys(
    _ x: Tensor, prompt: Tensor? = nil, prompted: (Tensor) -> Tensor = { $0 }
  ) -> Tensor {
    let features = encoder(x.detached(), prompt: prompt?.detached(), training: true)
    return projector(prompted(features).detached()).detached()
  }
}
