import Batches
import Encoders
import NN
import Skeleton
import TensorCore

/// A method's encoder as tasks read it: a feature of the whole clip, and features of as many steps of time as there are.
///
/// Recurrent encoders have a step a frame, transformers of patches one a patch, graph networks one for four frames, all of
/// them the mean over joints and bodies; any other encoder has one step, which is its feature.
public struct TaskEncoder {
  private enum Kind {
    case frames(any FrameEncoder)
    case tokens(any TokenEncoder)
    case map(any MapEncoder)
    case whole
  }

  /// What the encoder reads.
  public let input: EncoderInput
  /// What clips are derived from; see ``MethodBuilder/encoder(_:stream:_:)``.
  public let stream: SkeletonStream
  private let encoder: any SkeletonEncoder
  private let kind: Kind

  /// An encoder of clips of a stream.
  public init(_ encoder: any SkeletonEncoder, _ input: EncoderInput, _ stream: SkeletonStream) {
    (self.encoder, self.input, self.stream) = (encoder, input, stream)
    kind =
      if let frames = encoder as? any FrameEncoder {
        .frames(frames)
      } else if let tokens = encoder as? any TokenEncoder {
        .tokens(tokens)
      } else if let map = encoder as? any MapEncoder { .map(map) } else { .whole }
  }

  /// Numbers of a clip's feature, D.
  public var featureCount: Int { encoder.featureCount }

  /// Numbers of a step's feature, D'.
  public var stepFeatureCount: Int {
    switch kind {
    case .frames(let encoder): encoder.frameFeatureCount
    case .tokens(let encoder): encoder.grid.width
    case .map, .whole: encoder.featureCount
    }
  }

  /// The feature of each clip, (N, D).
  public func callAsFunction(_ x: Clips, _ pass: Pass) -> Tensor { encoder(x, pass) }

  /// The features of each clip, (N, D), and of its steps, (N, S, D'), of one pass.
  public func steps(_ x: Clips, _ pass: Pass) -> (whole: Tensor, steps: Tensor) {
    switch kind {
    case .frames(let encoder):
      let frames = encoder.frames(x, prompt: nil, pass)
      return (encoder.pooled(frames), frames)
    case .tokens(let encoder):
      let (grid, bodies) = (encoder.grid, input.layout.bodies)
      let tokens = encoder.tokens(encoder.bodies(x), keeping: nil, pass)
        .reshaped([x.count, bodies, grid.steps, grid.joints, grid.width])
      let steps = tokens.mean(axes: [1, 3])
      return (steps.mean(axes: [1]), steps)
    case .map(let encoder):
      let map = encoder.map(x, pass)  // (N, M, T', V, D)
      return (encoder.pooled(map), map.mean(axes: [1, 3]))
    case .whole:
      let feature = encoder(x, pass)
      return (feature, feature.reshaped([x.count, 1, featureCount]))
    }
  }

  /// How many frames a step has to answer for.
  var framesOfStep: Int {
    switch kind {
    case .frames: 1
    case .tokens(let encoder): encoder.grid.span
    case .map: 4
    case .whole: input.frames
    }
  }
}

/// A linear layer from the features of steps to some numbers for every frame.
public struct FrameHead {
  private let layer: Linear
  private let frames: Int
  private let outputs: Int

  /// A layer for `outputs` numbers of each frame; parameters `weight` and `bias`, started as PyTorch's.
  public init(_ scope: Scope, _ encoder: TaskEncoder, to outputs: Int) {
    layer = Linear(scope, from: encoder.stepFeatureCount, to: encoder.framesOfStep * outputs)
    (frames, self.outputs) = (encoder.input.frames, outputs)
  }

  /// (N, S, D') to (N, T, outputs).
  public func callAsFunction(_ steps: Tensor) -> Tensor {
    let all = layer(steps)
    let answered = all.count / (steps.shape[0] * outputs)
    precondition(
      answered >= frames, "steps of shape \(steps.shape) answer for \(answered) of \(frames) frames")
    return all.reshaped([steps.shape[0], answered, outputs]).sliced(axis: 1, 0..<frames)
  }
}

/// Two linear layers with ReLU between them, from a clip's feature to an answer: (N, D) to (N, outputs).
public struct TaskHead {
  private let layers: (Linear, Linear)

  /// Layers of `hidden` numbers between them; parameters `0.*` and `2.*`, started as PyTorch's.
  public init(_ scope: Scope, from inputs: Int, hidden: Int = 256, to outputs: Int) {
    layers = (Linear(scope / "0", from: inputs, to: hidden), Linear(scope / "2", from: hidden, to: outputs))
  }

  /// (N, D) to (N, outputs).
  public func callAsFunction(_ x: Tensor) -> Tensor { layers.1(layers.0(x).relu()) }
}
