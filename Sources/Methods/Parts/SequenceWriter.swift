import NN
import TensorCore

/// A GRU that writes a sequence down from one feature, which is its state: (N, H) to (N, T, D).
///
/// With the cell of PyTorch's GRU, state h, input x, and y = W h' + b of the new state,
///
///     fixed state:           x₀ the first frame, then the last output; h always the feature; output y + x
///     fixed weights, free:   x always 0; h the feature at first, then carried on; output y
///
/// and of fixed weights the cell stays as it was drawn.
///
/// Source: Su, Liu and Shlizerman, "Predict & Cluster" (CVPR 2020), section 3.2, as the released PyTorch program has it.
public struct SequenceWriter {
  /// What keeps a decoder weak, so that what it needs has to be in the feature.
  public enum Kind: String, CaseIterable, Sendable {
    /// It forgets at every step what it has done.
    case fixedState = "fixed_state"
    /// It stays as it was drawn, as the paper has it.
    case fixedWeights = "fixed_weights"
    /// Nothing: the same where it learns. Both released programs mean it to stay, and train it.
    case free
  }

  private let kind: Kind
  private let hidden: Int
  private let inputs: (weight: Parameter, bias: Parameter)  // (3 H, D), (3 H)
  private let states: (weight: Parameter, bias: Parameter)  // (3 H, H), (3 H)
  private let output: Linear

  /// A writer of frames of `size` numbers. Parameters `gru.weight_ih_l0` and so on, from Xavier's distribution as in the
  /// released program, and `out.*`.
  public init(_ scope: Scope, _ kind: Kind, features: Int, output size: Int) {
    (self.kind, hidden) = (kind, features)
    let (gru, bound) = (scope / "gru", 1 / Float(features).squareRoot())
    func bias(_ name: String) -> Parameter {
      gru.parameter(name, shape: [3 * features], initialise: uniform(bound))
    }
    inputs = (
      gru.parameter("weight_ih_l0", shape: [3 * features, size], initialise: xavier), bias("bias_ih_l0")
    )
    states = (
      gru.parameter("weight_hh_l0", shape: [3 * features, features], initialise: xavier), bias("bias_hh_l0")
    )
    output = Linear(scope / "out", from: features, to: size, weights: .xavierUniform)
    if kind == .fixedWeights {
      for parameter in [inputs.weight, inputs.bias, states.weight, states.bias] {
        parameter.isTrainable = false
      }
    }
  }

  /// Features (N, H) as sequences (N, T, D), of which `first` is the first frame, (N, D).
  public func callAsFunction(_ features: Tensor, first: Tensor, frames: Int) -> Tensor {
    precondition(
      features.shape == [first.shape[0], hidden], "features of shape \(features.shape) for \(hidden) units")
    var written: [Tensor] = []
    if kind == .fixedState {
      let state = fromState(features)
      var x = first
      for _ in 0..<frames {
        x = output(next(fromInput(x), state, features)) + x
        written.append(x)
      }
    } else {
      let input = fromInput(Tensor.zeros(first.shape))
      var state = features
      for _ in 0..<frames {
        state = next(input, fromState(state), state)
        written.append(output(state))
      }
    }
    let shape = [first.shape[0], 1, first.shape[1]]
    return .concatenated(written.map { $0.reshaped(shape) }, axis: 1)
  }

  private func fromInput(_ x: Tensor) -> Tensor {
    x.matmul(inputs.weight.value, transposed: true) + inputs.bias.value
  }

  private func fromState(_ h: Tensor) -> Tensor {
    h.matmul(states.weight.value, transposed: true) + states.bias.value
  }

  /// The state behind h, (N, H), of what its gates r, z, n read of the input and of the state, (N, 3 H) both.
  private func next(_ input: Tensor, _ state: Tensor, _ h: Tensor) -> Tensor {
    func gate(_ all: Tensor, _ number: Int) -> Tensor {
      all.sliced(axis: 1, (number * hidden)..<((number + 1) * hidden))
    }
    let r = (gate(input, 0) + gate(state, 0)).sigmoid()
    let z = (gate(input, 1) + gate(state, 1)).sigmoid()
    let n = (gate(input, 2) + r * gate(state, 2)).tanh()
    return n + z * (h - n)
  }
}

/// mean over sequences of Σ |error| / length: (N, T, D) both, the target a constant, lengths (N) the frames of each that
/// are no padding. What is written of padded frames counts as well, as released.
public func absoluteErrorPerFrame(_ written: Tensor, target: Tensor, lengths: [Int]) -> Tensor {
  precondition(
    written.shape == target.shape && lengths.count == target.shape[0],
    "sequences of shapes \(written.shape) and \(target.shape), \(lengths.count) lengths")
  precondition(!target.isVariable, "what is written down is a constant")
  let shares = Tensor(lengths.map { 1 / Float($0 * lengths.count) }, shape: [lengths.count, 1, 1])
  return ((written - target).abs() * shares).sum()
}
