import Batches
import NN
import Skeleton
import TensorCore

/// A network that makes one feature of all bodies, (N, M, T, V, C) to (N, D), as an encoder of clips.
public struct BodiesEncoder: SkeletonEncoder {
  /// Numbers in a feature, D.
  public let featureCount: Int
  private let layout: SkeletonLayout
  private let feature: (Tensor, Pass) -> Tensor

  /// A network that reads bodies of a layout.
  public init(_ layout: SkeletonLayout, featureCount: Int, _ feature: @escaping (Tensor, Pass) -> Tensor) {
    (self.layout, self.featureCount, self.feature) = (layout, featureCount, feature)
  }

  /// The feature of each sequence, (N, D).
  public func callAsFunction(_ x: Clips, _ pass: Pass) -> Tensor {
    feature(BodyMap.bodies(x.values, joints: layout.jointCount, coordinates: layout.coordinates), pass)
  }
}
