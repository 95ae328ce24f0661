import NN
import Skeleton
import TensorCore
import Testing

@testable import Encoders
@testable import Methods

@Suite(.enabled(if: !BackboneOracles.files("stgcn").isEmpty, BackboneOracles.missing("stgcn")))
struct STGCNOracleTests {
  /// A backbone and a classifier of the file's sizes and numbers, and the clips as a variable.
  private struct Model {
    let oracle: BackboneOracle
    let store = ParameterStore(seed: 1)
    let backbone: STGCN
    let classifier: Linear
    let clips: Tensor

    init(_ path: String) throws {
      oracle = try BackboneOracle(path)
      var settings = STGCNSettings()
      settings.hidden = try oracle.tensor("parameters/st_gcn_networks.0.tcn.0.weight").count
      settings.features = try oracle.tensor("feature").shape[1]
      settings.dropout = 0
      let graph = SkeletonGraph(matrices: try oracle.tensor("buffers/A"))
      backbone = STGCN(store.root, settings, graph)
      classifier = Linear(
        store.root / "fc", from: settings.features, to: try oracle.tensor("output").shape[1])
      try oracle.fill(store)
      clips = try oracle.clips().asVariable()
    }
  }

  @Test(arguments: BackboneOracles.files("stgcn"))
  func graphs(path: String) throws {
    let oracle = try BackboneOracle(path)
    let spatial = SkeletonGraph.spatial(parents: Kinect25.parents, centre: 20)
    expectNear(spatial.matrices, try oracle.tensor("buffers/A"), 1e-6, "spatial partition")
    let directed = SkeletonGraph.directed(parents: Kinect25.parents)
    expectNear(directed.matrices, try oracle.tensor("other_graph/A"), 1e-6, "three graphs")
  }

  @Test(arguments: BackboneOracles.files("stgcn"))
  func wholeClips(path: String) throws {
    let model = try Model(path)
    let oracle = model.oracle
    let before = model.backbone(model.clips, .evaluation)
    expectNear(before, try oracle.tensor("feature_eval"), 1e-4, "feature in evaluation")
    expectNear(model.classifier(before), try oracle.tensor("output_eval"), 1e-4, "output in evaluation")
    let feature = model.backbone(model.clips, .adapting)
    let output = model.classifier(feature)
    expectNear(feature, try oracle.tensor("feature"), 1e-4, "feature")
    expectNear(output, try oracle.tensor("output"), 1e-4, "output")
    try oracle.checkStatistics(model.store)
    let found = gradients(of: output, seed: try oracle.tensor("weight"))
    try oracle.checkGradients(found, model.store, input: model.clips)
  }

  @Test(arguments: BackboneOracles.files("stgcn"))
  func jointsLeftOut(path: String) throws {
    let model = try Model(path)
    let left = Set(try model.oracle.integers("joint_drop/joints"))
    let joints = (0..<model.clips.shape[3]).filter { !left.contains($0) }
    func output(_ pass: Pass) -> Tensor {
      BodyMap.pooled(model.backbone.map(model.clips, joints: joints, pass))
    }
    expectNear(output(.evaluation), try model.oracle.tensor("joint_drop/output_eval"), 1e-4, "evaluation")
    // A number in front of a ReLU is 0 but for rounding, and whether its gradient passes is chance: numbers of the input
    // are moved by up to a millionth until it falls as in the file. All gradients then are near, not only most.
    let oracle = model.oracle
    var misses: [String] = []
    for trial in 0..<16 {
      var random = KeyedRandom(seed: 1, sample: "\(trial)", view: "rounding")
      let size: Float = trial == 0 ? 0 : 1e-6
      let values = model.clips.values.map { $0 * (1 + random.uniform(-size, size)) }
      let clips = Tensor(values, shape: model.clips.shape).asVariable()
      let feature = BodyMap.pooled(model.backbone.map(clips, joints: joints, .adapting))
      expectNear(feature, try oracle.tensor("joint_drop/output"), 1e-4, "output")
      let found = gradients(of: feature, seed: try oracle.tensor("joint_drop/weight"))
      misses = try oracle.misses(found, model.store, inputs: ["input": clips], group: "joint_drop/gradients")
      if misses.isEmpty { break }
    }
    #expect(misses == [])
  }

  /// Two outputs of one map, and all gradients of both.
  private func check(
    _ path: String, _ group: String, _ readout: (Tensor, BackboneOracle) throws -> (Tensor, Tensor)
  )
    throws
  {
    let model = try Model(path)
    let oracle = model.oracle
    func outputs(_ pass: Pass) throws -> (Tensor, Tensor) {
      let (first, second) = try readout(model.backbone.map(model.clips, pass), oracle)
      return (model.classifier(first), model.classifier(second))
    }
    let evaluated = try outputs(.evaluation)
    expectNear(evaluated.0, try oracle.tensor("\(group)/output0_eval"), 1e-4, "first, evaluation")
    expectNear(evaluated.1, try oracle.tensor("\(group)/output1_eval"), 1e-4, "second, evaluation")
    let trained = try outputs(.adapting)
    expectNear(trained.0, try oracle.tensor("\(group)/output0"), 1e-4, "first")
    expectNear(trained.1, try oracle.tensor("\(group)/output1"), 1e-4, "second")
    let loss =
      (trained.0 * (try oracle.tensor("\(group)/weight0"))).sum()
      + (trained.1 * (try oracle.tensor("\(group)/weight1"))).sum()
    try oracle.checkGradients(
      gradients(of: loss), model.store, input: model.clips, group: "\(group)/gradients")
  }

  @Test(arguments: BackboneOracles.files("stgcn"))
  func maskPool(path: String) throws {
    try check(path, "mask_pool") { map, oracle in
      let (shown, hidden) = BodyMap.pooled(map, mask: try oracle.tensor("mask_pool/mask"))
      return (shown, hidden)
    }
  }

  @Test(arguments: BackboneOracles.files("stgcn"))
  func attentionDrop(path: String) throws {
    try check(path, "attention_drop") { map, oracle in
      (BodyMap.pooled(map), BodyMap.pooled(BodyMap.attentionDropped(map)))
    }
    let model = try Model(path)
    let map = model.backbone.map(model.clips, .adapting)
    let rows = [map.shape[0] * map.shape[1]] + map.shape.dropFirst(2)  // (N M, T', V, D)
    expectNear(
      map.reshaped(rows).permuted([0, 3, 1, 2]), try model.oracle.tensor("attention_drop/feature_map"), 1e-4,
      "map")
    let joints = BodyMap.attention(map).mean(axes: [2, 4]).reshaped([rows[0], rows[2]])
    expectNear(joints, try model.oracle.tensor("attention_drop/joint_attention"), 1e-4, "joints")
  }
}
