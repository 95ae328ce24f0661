import NN
import Skeleton
import TensorCore
import Testing

@testable import Encoders
@testable import Methods

/// The sizes of a short stack's blocks, from the shapes of a file's parameters.
private func blocks(_ oracle: BackboneOracle, _ weight: String) throws -> [GraphBlockSize] {
  let names = try oracle.names("parameters")
  return try (1...4).map { number in
    let shape = try oracle.tensor("parameters/l\(number).gcn1.\(weight).weight").shape
    let isLonger = names.contains("l\(number).residual.conv.weight")
    return GraphBlockSize(from: shape[1], to: shape[0], stride: isLonger ? 2 : 1)
  }
}

private func check(
  _ oracle: BackboneOracle, _ store: ParameterStore, features: Int, _ backbone: (Tensor, Pass) -> Tensor
) throws {
  let classifier = Linear(store.root / "fc", from: features, to: try oracle.tensor("output").shape[1])
  try oracle.fill(store)
  let clips = try oracle.clips().asVariable()
  let before = backbone(clips, .evaluation)
  expectNear(before, try oracle.tensor("feature_eval"), 1e-4, "feature in evaluation")
  expectNear(classifier(before), try oracle.tensor("output_eval"), 1e-4, "output in evaluation")
  let feature = backbone(clips, .adapting)
  let output = classifier(feature)
  expectNear(feature, try oracle.tensor("feature"), 1e-4, "feature")
  expectNear(output, try oracle.tensor("output"), 1e-4, "output")
  try oracle.checkStatistics(store)
  let found = gradients(of: output, seed: try oracle.tensor("weight"))
  try oracle.checkGradients(found, store, input: clips)
}

@Suite(.enabled(if: !BackboneOracles.files("agcn").isEmpty, BackboneOracles.missing("agcn")))
struct AGCNOracleTests {
  @Test(arguments: BackboneOracles.files("agcn"))
  func outputsStatisticsAndGradients(path: String) throws {
    let oracle = try BackboneOracle(path)
    let store = ParameterStore(seed: 1)
    let graph = SkeletonGraph(matrices: try oracle.tensor("buffers/A"))
    let backbone = AGCN(store.root, bodies: 2, graph, blocks: try blocks(oracle, "conv_d.0"))
    try check(oracle, store, features: backbone.featureCount) { backbone($0, $1) }
  }
}

@Suite(.enabled(if: !BackboneOracles.files("ctrgcn").isEmpty, BackboneOracles.missing("ctrgcn")))
struct CTRGCNOracleTests {
  @Test(arguments: BackboneOracles.files("ctrgcn"))
  func outputsStatisticsAndGradients(path: String) throws {
    let oracle = try BackboneOracle(path)
    let store = ParameterStore(seed: 1)
    let graph = SkeletonGraph(matrices: try oracle.tensor("graph/A"))
    let backbone = CTRGCN(store.root, bodies: 2, graph, blocks: try blocks(oracle, "convs.0.conv3"))
    try check(oracle, store, features: backbone.featureCount) { backbone($0, $1) }
  }
}
