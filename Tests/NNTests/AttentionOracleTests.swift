import Kernels
import NN
import TensorCore
import Testing

/// The parts of transformers against PyTorch's: outputs, losses and gradients.
@Suite(.enabled(if: !OracleGroup.files("attention").isEmpty, OracleGroup.missing("attention")))
struct AttentionOracleTests {
  static let tolerance: Float = 1e-4

  /// Runs a group of a file: output, and gradients of Σ output · weight.
  private static func check(
    _ group: OracleGroup, output name: String = "output", _ store: ParameterStore = ParameterStore(seed: 1),
    _ model: (Tensor) throws -> Tensor
  ) throws {
    if !store.names.isEmpty { try group.load(into: store) }
    let x = try group.tensor("inputs/x").asVariable()
    let output = try model(x)
    expectClose(output, try group.tensor("outputs/\(name)"), tolerance, "\(group.name) output")
    let loss = (output * (try group.tensor("inputs/weight"))).sum()
    expectClose(loss, try group.tensor("loss"), tolerance, "\(group.name) loss")
    let found = gradients(of: loss)
    expectClose(
      try #require(found[x]), try group.tensor("gradients/inputs/x"), tolerance, "\(group.name) gradient of x"
    )
    try group.check(found, of: store, tolerance: tolerance)
  }

  @Test(arguments: OracleGroup.files("attention"))
  func everyGroup(path: String) throws {
    let (width, heads) = (24, 4)
    for name in try OracleGroup(path).names(in: "") {
      let group = OracleGroup(path, name)
      let store = ParameterStore(seed: 1)
      switch name {
      case "gelu": try Self.check(group) { $0.gelu() }
      case "gelu_tanh": try Self.check(group) { $0.gelu(.tanh) }
      case "layer_norm":
        let norm = LayerNorm(store.root, features: width)
        try Self.check(group, store) { norm($0) }
      case "multi_head":
        let layer = Attention(store.root, width: width, heads: heads)
        try Self.check(group, store) { layer($0) }
      case "masked":
        let layer = Attention(store.root, width: width, heads: heads, hasBias: false)
        let visible = try group.tensor("inputs/visible")
        let mask = visible.reshaped([visible.shape[0], 1, visible.shape[1]]).hiding()
        try Self.check(group, store) { layer($0, mask: mask) }
      case "pre_norm_block":
        let block = TransformerBlock(store.root, width: width, heads: heads, inner: 4 * width, dropPath: 0.3)
        try Self.check(group, store) { block($0, .evaluation) }
      case "pre_norm_block_drop_path":
        let block = TransformerBlock(store.root, width: width, heads: heads, inner: 4 * width)
        let keep = try group.tensor("draws/keep")
        func scaled(_ branch: Tensor, _ number: Int) -> Tensor {
          branch * keep.sliced(axis: 1, number..<number + 1).reshaped([keep.shape[0], 1, 1])
        }
        try Self.check(group, store) { block($0, first: { scaled($0, 0) }, second: { scaled($0, 1) }) }
      case "post_norm_layer":
        let block = PostNormBlock(store.root, width: width, heads: heads, inner: width)
        let whole = block(try group.tensor("inputs/x"), .evaluation)
        try group.load(into: store)
        expectClose(
          block(try group.tensor("inputs/x"), .evaluation), try group.tensor("outputs/output"),
          Self.tolerance,
          "\(name) tokens")
        #expect(whole.shape == [3, 11, width])
        try Self.check(group, output: "maximum", store) { block($0, .evaluation).max(axes: [1]) }
      case "positions":
        expectClose(
          sinusoids(positions: 11, width: width), try group.tensor("outputs/table"), 1e-6, "sinusoids")
      default: Issue.record("no test knows the group \(name) of \(path)")
      }
    }
  }
}
