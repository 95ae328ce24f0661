import Batches
import Encoders
import NN
import TensorCore

/// An encoder with a projector on its feature: sequences onto the unit sphere on which they are compared.
public struct Branch {
  /// The encoder.
  public let encoder: any SkeletonEncoder
  /// The projector.
  public let projector: Projector

  /// A branch; the projector's parameters are in the encoder's scope, as in the released programs.
  public init(
    _ scope: Scope, _ encoder: any SkeletonEncoder, size: Int, start: Projector.Start = .lastXavier
  ) {
    self.encoder = encoder
    projector = Projector(scope, features: encoder.featureCount, size: size, start: start)
  }

  /// Clips to (N, D), every row of length 1.
  public func callAsFunction(_ x: Clips, _ pass: Pass) -> Tensor { projector(encoder(x, pass)) }
}
