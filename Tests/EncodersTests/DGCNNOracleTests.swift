import NN
import TensorCore
import Testing

@testable import Encoders
@testable import Methods

@Suite(.enabled(if: !BackboneOracles.files("dgcnn").isEmpty, BackboneOracles.missing("dgcnn")))
struct DGCNNOracleTests {
  /// The published classifier: the largest numbers over points and their means, then three linear layers.
  private struct Classifier {
    let first: Parameter  // (O, 2 D), no bias
    let layers: (Linear, Linear)
    let norms: (BatchNorm1d, BatchNorm1d)

    init(_ scope: Scope, _ oracle: BackboneOracle) throws {
      func shape(_ name: String) throws -> [Int] { try oracle.tensor("parameters/\(name).weight").shape }
      let shapes = try (1...3).map { try shape("linear\($0)") }
      first = (scope / "linear1").parameter("weight", shape: shapes[0], initialise: constant(0))
      layers = (
        Linear(scope / "linear2", from: shapes[1][1], to: shapes[1][0]),
        Linear(scope / "linear3", from: shapes[2][1], to: shapes[2][0])
      )
      norms = (
        BatchNorm1d(scope / "bn6", features: shapes[0][0]), BatchNorm1d(scope / "bn7", features: shapes[1][0])
      )
    }

    func callAsFunction(_ map: Tensor, _ pass: Pass) -> Tensor {
      let pooled = Tensor.concatenated([map.max(axes: [1]), map.mean(axes: [1])], axis: 1)
      let y = norms.0(pooled.matmul(first.value, transposed: true), pass).leakyRelu(slope: 0.2)
      return layers.1(norms.1(layers.0(y), pass).leakyRelu(slope: 0.2))
    }
  }

  /// The sizes of a file's parameters.
  private static func settings(_ oracle: BackboneOracle) throws -> DGCNNSettings {
    var settings = DGCNNSettings()
    settings.neighbours = try oracle.tensor("neighbours/1").shape[2]
    settings.widths = try (1...4).map { try oracle.tensor("parameters/bn\($0).weight").count }
    settings.features = try oracle.tensor("parameters/bn5.weight").count
    return settings
  }

  @Test(arguments: BackboneOracles.files("dgcnn"))
  func neighbours(path: String) throws {
    let oracle = try BackboneOracle(path)
    let count = try Self.settings(oracle).neighbours
    for layer in 1...4 {
      let x = try oracle.tensor(layer == 1 ? "input" : "layers/\(layer - 1)").channelsSecond()  // (B, P, C)
      let numbers = try oracle.integers("neighbours/\(layer)")  // (B, P, K), within a cloud
      let expected = stride(from: 0, to: numbers.count, by: count).flatMap { start in
        numbers[start..<start + count].map { start / count / x.shape[1] * x.shape[1] + $0 }.sorted()
      }
      #expect(x.nearestPoints(count) == expected, "layer \(layer)")
    }
  }

  @Test(arguments: BackboneOracles.files("dgcnn"))
  func outputsStatisticsAndGradients(path: String) throws {
    let oracle = try BackboneOracle(path)
    let store = ParameterStore(seed: 1)
    let backbone = DGCNN(store.root, try Self.settings(oracle))
    let classifier = try Classifier(store.root, oracle)
    try oracle.fill(store)
    let points = try oracle.clips().asVariable()
    expectNear(
      classifier(backbone.map(points, .evaluation), .evaluation), try oracle.tensor("output_eval"), 1e-4,
      "output in evaluation")
    // Running statistics have to move once only.
    let before = ParameterSnapshot(store.buffers)
    for (number, layer) in backbone.edges(points, .adapting).enumerated() {
      expectNear(
        layer.channelsSecond(), try oracle.tensor("layers/\(number + 1)"), 1e-4, "layer \(number + 1)")
    }
    before.restore()
    let map = backbone.map(points, .adapting)
    expectNear(map.channelsSecond(), try oracle.tensor("point_features"), 1e-4, "points")
    let output = classifier(map, .adapting)
    expectNear(output, try oracle.tensor("output"), 1e-4, "output")
    // Norms stand in the file under both of their names.
    try oracle.checkStatistics(store) { name in
      name.hasPrefix("conv") ? "bn\(name.dropFirst(4).prefix(1))\(name.dropFirst(7))" : name
    }
    let found = gradients(of: output, seed: try oracle.tensor("weight"))
    // A norm of three clouds has gradients of which most cancels. Ours are to be within 1e-4 of the exact ones, from which
    // the file says how far its own are.
    try oracle.checkGradients(
      found, store, input: points, tolerance: 1e-4 + oracle.number("float64_gradient_difference"))
  }
}

@Suite struct DGCNNTests {
  @Test func publishedParameterCount() {
    let store = ParameterStore(seed: 1)
    let backbone = DGCNN(store.root)
    #expect(store.parameterCount == 617_856)
    #expect(backbone.featureCount == 1024)
  }

  @Test func firstValues() throws {
    let store = ParameterStore(seed: 1)
    _ = DGCNN(store.root)
    for (name, inputs) in [("conv1.0.weight", 6), ("conv4.0.weight", 256), ("conv5.0.weight", 512)] {
      let bound = 1 / Float(inputs).squareRoot()
      let largest = try #require(store[name]).value.values.map(abs).max() ?? 0
      #expect(largest <= bound && largest > 0.98 * bound, "\(name)")
    }
  }

  /// The first layer made pair by pair.
  @Test func edgesArePairs() throws {
    var settings = DGCNNSettings()
    (settings.neighbours, settings.coordinates, settings.widths, settings.features) = (4, 2, [5], 7)
    let store = ParameterStore(seed: 1)
    let backbone = DGCNN(store.root, settings)
    let x = sampleClips([3, 9, 2])
    let weight = try #require(store["conv1.0.weight"]).value.reshaped([5, 4])
    let rows = x.reshaped([27, 2])
    let own = rows.rows((0..<27 * 4).map { $0 / 4 })
    let pairs = Tensor.concatenated([rows.rows(x.nearestPoints(4)) - own, own], axis: 1)
    let norm = BatchNorm1d(ParameterStore(seed: 1).root, features: 5)
    let expected = norm(pairs.matmul(weight, transposed: true), .adapting).leakyRelu(slope: 0.2)
    expectNear(
      backbone.edges(x, .adapting)[0], expected.reshaped([3, 9, 4, 5]).max(axes: [2]), 1e-5, "edges")
    // The order of points makes no difference to a cloud's feature.
    let turned = x.gathered(axis: 1, Array((0..<9).reversed()))
    expectNear(backbone(turned, .evaluation), backbone(x, .evaluation), 1e-5, "feature")
    #expect(backbone(x, .evaluation).shape == [3, 7])
  }
}
