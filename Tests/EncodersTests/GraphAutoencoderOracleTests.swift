import NN
import TensorCore
import Testing

@testable import Encoders
@testable import Methods

/// The graph autoencoder of SkeletonMAE against a statement of it in PyTorch: joints, statistics, losses and all gradients.
@Suite(
  .enabled(if: !BackboneOracles.files("skeletonmae_gin").isEmpty, BackboneOracles.missing("skeletonmae_gin")))
struct GraphAutoencoderOracleTests {
  static let tolerance: Float = 1e-4

  @Test(arguments: BackboneOracles.files("skeletonmae_gin"))
  func hiddenJoints(path: String) throws {
    let oracle = try BackboneOracle(path, group: "pretraining")
    let x = try oracle.tensor("inputs/x").asVariable()
    var size = GraphAutoencoder.Size()
    size.channels = x.shape[2]
    size.width = try oracle.tensor("parameters/mask_token").count
    size.hidden = try oracle.tensor("parameters/encoder_to_decoder.weight").shape[0]
    let adjacency = try oracle.tensor("inputs/adjacency")
    let graph = SkeletonGraph(matrices: adjacency.reshaped([1] + adjacency.shape))
    let store = ParameterStore(seed: 1)
    let model = GraphAutoencoder(store.root, graph, size)
    try oracle.fill(store)

    let hidden = try oracle.tensor("draws/masked")
    let result = model.reconstruction(of: x, hiding: hidden, .adapting)
    expectNear(result.encoded, try oracle.tensor("outputs/hidden"), Self.tolerance, "encoded")
    expectNear(result.guess, try oracle.tensor("outputs/reconstruction"), Self.tolerance, "guess")
    try oracle.checkStatistics(store, group: "outputs/running")

    let places = hidden.values.indices.filter { hidden.values[$0] == 1 }
    func rows(_ joints: Tensor) -> Tensor { joints.reshaped([hidden.count, size.width]).rows(places) }
    let loss = cosineReconstruction(rows(result.guess), target: rows(result.target))
    expectNear(loss, try oracle.tensor("loss"), Self.tolerance, "loss")
    expectNear(
      loss * (1 / Float(places.count)), try oracle.tensor("outputs/loss_as_printed_in_paper"), Self.tolerance,
      "loss as printed")
    let found = gradients(of: loss)
    #expect(Set(try oracle.names("gradients")) == Set(store.parameters.map(\.name) + ["inputs"]))
    #expect(try oracle.misses(found, store) == [])
    expectNear(
      try #require(found[x]), try oracle.tensor("gradients/inputs/x"), Self.tolerance, "gradient of the poses"
    )

    let joints = model(x, .evaluation)
    expectNear(joints, try oracle.tensor("outputs/evaluation_hidden"), Self.tolerance, "all joints")
    expectNear(
      joints.sum(axes: [1]), try oracle.tensor("outputs/evaluation_sum_pool"), Self.tolerance, "pooled")
  }
}
