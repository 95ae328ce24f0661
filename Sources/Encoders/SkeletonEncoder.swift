import Batches
import NN
import Recipes
import Skeleton
import TensorCore

/// What an encoder has to know of the clips that it reads.
public struct EncoderInput: Sendable, Equatable {
  /// What bodies are made of.
  public var layout: SkeletonLayout
  /// Frames of a clip, T.
  public var frames: Int

  /// Clips of a layout and a length.
  public init(layout: SkeletonLayout, frames: Int) { (self.layout, self.frames) = (layout, frames) }
}

/// Sequences into features. What more an encoder can do is a protocol of its own.
public protocol SkeletonEncoder {
  /// Numbers in a feature, D.
  var featureCount: Int { get }
  /// The feature of each sequence, (N, D).
  func callAsFunction(_ x: Clips, _ pass: Pass) -> Tensor
}

/// An encoder that has a feature for every frame.
public protocol FrameEncoder: SkeletonEncoder {
  /// Numbers in a frame's feature, D'.
  var frameFeatureCount: Int { get }
  /// The feature of every frame, (N, T, D').
  ///
  /// - Parameter prompt: what is added to every frame, (1, 1, V · C · M), which running statistics leave out.
  func frames(_ x: Clips, prompt: Tensor?, _ pass: Pass) -> Tensor
  /// What becomes of the features of frames, (N, T, D') to (N, D).
  func pooled(_ frames: Tensor) -> Tensor
}

/// An encoder that has a feature for every body, joint and step of time: ST-GCN and its kin.
public protocol MapEncoder: SkeletonEncoder {
  /// The features of all places, (N, M, T', V, D).
  func map(_ x: Clips, _ pass: Pass) -> Tensor
  /// The mean over all places, (N, M, T', V, D) to (N, D).
  func pooled(_ map: Tensor) -> Tensor
}

/// A map encoder that can do without some of the joints.
public protocol JointSubsetEncoder: MapEncoder {
  /// The features of some joints, (N, M, T', kept, D), as if there were no others.
  func map(_ x: Clips, joints: [Int], _ pass: Pass) -> Tensor
}

/// An encoder of patches of joints, which need not see all of them.
public protocol TokenEncoder: SkeletonEncoder {
  /// How many patches there are, and their sizes.
  var grid: VisionTransformer.Size { get }
  /// Clips with their bodies in the batch, (N · M, T, V, C).
  func bodies(_ x: Clips) -> Tensor
  /// The tokens that a mask keeps of each body, or all, (N · M, kept, D).
  func tokens(_ x: Tensor, keeping: [[Int]]?, _ pass: Pass) -> Tensor
  /// What each layer makes of all tokens, (N · M, L, D) each.
  func layers(_ x: Tensor, _ pass: Pass) -> [Tensor]
}

/// An encoder that is a stack of blocks, `blocks.0` and so on, which may learn at rates of their own.
public protocol BlockEncoder: SkeletonEncoder {
  /// How many blocks there are.
  var blockCount: Int { get }
  /// What the names of the parameters in front of the blocks start with.
  var firstNames: [String] { get }
}

/// An encoder that reads frames and joints, all of them and then of ever fewer.
public protocol GranularityEncoder: SkeletonEncoder {
  /// How often tokens are read, G.
  var granularities: Int { get }
  /// Numbers in a vector, D; a feature is 2 G of them.
  var granularityWidth: Int { get }
  /// Vectors of clips and of parts by granularity, all tokens first, (N, G, D) both.
  func vectors(_ x: Clips, _ pass: Pass) -> (clips: Tensor, parts: Tensor)
}

/// An encoder that reads positions, bones or motion, or of positions all three at once.
public protocol StreamsEncoder: SkeletonEncoder {
  /// The feature of sequences of one stream, which they are of, (N, D).
  func feature(_ x: Clips, of stream: SkeletonStream, _ pass: Pass) -> Tensor
}

/// The settings of an encoder, which is what recipes name.
public protocol EncoderSettings: RecipeSettings {
  /// The encoder, with its parameters below a scope.
  func encoder(_ scope: Scope, _ input: EncoderInput) -> any SkeletonEncoder
  /// Refuses clips that it cannot read.
  ///
  /// - Throws: an `InputError` that names the settings.
  func check(_ input: EncoderInput, in file: String) throws
}

extension EncoderSettings {
  /// Any clips can be read.
  public func check(_ input: EncoderInput, in file: String) throws {}
}
