import Encoders
import Methods
import NN
import TensorCore
import Testing

/// DSTformer against its own program: representations, lifted joints, losses and all gradients.
@Suite(.enabled(if: !BackboneOracles.files("dstformer").isEmpty, BackboneOracles.missing("dstformer")))
struct DSTformerOracleTests {
  static let tolerance: Float = 1e-4

  /// The mean length of (…, C).
  private static func length(_ x: Tensor) -> Tensor {
    x.square().sum(axes: [x.shape.count - 1]).squareRoot().mean()
  }

  private static func velocity(_ x: Tensor) -> Tensor {
    x.sliced(axis: 1, 1..<x.shape[1]) - x.sliced(axis: 1, 0..<x.shape[1] - 1)
  }

  @Test(arguments: BackboneOracles.files("dstformer"))
  func lifting(path: String) throws {
    let oracle = try BackboneOracle(path)
    let x = try oracle.tensor("inputs/x")  // (N, T, V, C)
    var size = DSTformer.Size(joints: x.shape[2])
    let table = try oracle.tensor("parameters/temp_embed").shape
    (size.frames, size.width, size.channels) = (table[1], table[3], x.shape[3])
    (size.depth, size.heads) = (2, 4)
    size.inner = try oracle.tensor("parameters/blocks_st.0.mlp_s.fc1.bias").count
    size.representation = try oracle.tensor("parameters/pre_logits.fc.bias").count
    let store = ParameterStore(seed: 1)
    let backbone = DSTformer(store.root, size)
    try oracle.fill(store)

    let representation = backbone(x, .adapting)
    expectNear(
      representation, try oracle.tensor("outputs/representation"), Self.tolerance, "representation")
    let joints = backbone.lifted(representation)
    expectNear(joints, try oracle.tensor("outputs/prediction"), Self.tolerance, "joints")
    #expect(backbone(x, .evaluation).values == representation.values)

    let target = try oracle.tensor("inputs/target")
    let scale =
      (joints * target).sum(axes: [2, 3], keepingAxes: true)
      / joints.square().sum(axes: [2, 3], keepingAxes: true)
    let terms = [
      "position": Self.length(joints - target), "scale": Self.length(joints * scale - target),
      "velocity": Self.length(Self.velocity(joints) - Self.velocity(target)),
      "reprojection_2d": Self.length(
        (joints - x).sliced(axis: 3, 0..<2) * (try oracle.tensor("inputs/confidence"))),
    ]
    #expect(Set(terms.keys) == Set(try oracle.names("terms")))
    for (name, term) in terms {
      expectNear(term, try oracle.tensor("terms/\(name)"), Self.tolerance, name)
    }
    let weights: [(String, Float)] = [("position", 1), ("scale", 0.5), ("velocity", 20)]
    var loss = Tensor(scalar: 0)
    for (name, weight) in weights { loss = loss + (try #require(terms[name])) * weight }
    expectNear(loss, try oracle.tensor("loss"), Self.tolerance, "loss")
    #expect(Set(try oracle.names("gradients")) == Set(store.names))
    #expect(try oracle.misses(gradients(of: loss), store) == [])
  }
}
