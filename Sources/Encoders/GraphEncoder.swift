import Batches
import NN
import Skeleton
import TensorCore

/// A network that makes a map of bodies, (N, M, T, V, C) to (N, M, T', V, D).
public protocol GraphBackbone {
  /// Channels of the map, D.
  var featureCount: Int { get }
  /// The map of bodies.
  func map(_ x: Tensor, _ pass: Pass) -> Tensor
}

extension STGCN: GraphBackbone {
  /// The map of all joints.
  public func map(_ x: Tensor, _ pass: Pass) -> Tensor { map(x, joints: nil, pass) }
}
extension AGCN: GraphBackbone {}
extension CTRGCN: GraphBackbone {}

/// A graph network as an encoder of clips: its feature is the mean over bodies, frames and joints.
public struct GraphEncoder<Backbone: GraphBackbone>: MapEncoder {
  let backbone: Backbone
  private let layout: SkeletonLayout
  private let bodyCount: Int

  /// A network that reads the first so many bodies of a layout, or all.
  public init(_ backbone: Backbone, _ layout: SkeletonLayout, bodies: Int? = nil) {
    (self.backbone, self.layout) = (backbone, layout)
    bodyCount = bodies ?? layout.bodies
  }

  /// Channels of the map.
  public var featureCount: Int { backbone.featureCount }

  /// The features of all places, (N, M, T', V, D).
  public func map(_ x: Clips, _ pass: Pass) -> Tensor { backbone.map(bodies(x), pass) }

  /// The mean over bodies, frames and joints.
  public func pooled(_ map: Tensor) -> Tensor { BodyMap.pooled(map) }

  /// The feature of each sequence, (N, D).
  public func callAsFunction(_ x: Clips, _ pass: Pass) -> Tensor { pooled(map(x, pass)) }

  fileprivate func bodies(_ x: Clips) -> Tensor {
    BodyMap.bodies(
      x.values, joints: layout.jointCount, coordinates: layout.coordinates, first: bodyCount)
  }
}

extension GraphEncoder: JointSubsetEncoder where Backbone == STGCN {
  /// The features of some joints, (N, M, T', kept, D).
  public func map(_ x: Clips, joints: [Int], _ pass: Pass) -> Tensor {
    backbone.map(bodies(x), joints: joints, pass)
  }
}
