import NN
import Skeleton
import TensorCore
import Testing

@testable import Encoders
@testable import Methods

@Suite struct BackboneTests {
  private static let spatial = SkeletonGraph.spatial(parents: Kinect25.parents, centre: 20)
  private static let directed = SkeletonGraph.directed(parents: Kinect25.parents)

  @Test(arguments: [(16, 256, 821_380), (64, 256, 3_083_412), (64, 1024, 12_791_956)])
  func parametersOfSTGCN(hidden: Int, features: Int, expected: Int) {
    let store = ParameterStore(seed: 1)
    var settings = STGCNSettings()
    (settings.hidden, settings.features) = (hidden, features)
    _ = STGCN(store.root, settings, Self.spatial)
    #expect(store.parameterCount == expected)
  }

  @Test func parametersOfTheOthers() {
    let agcn = ParameterStore(seed: 1)
    _ = AGCN(agcn.root, bodies: 2, Self.directed)
    #expect(agcn.parameterCount == 3_454_090)
    let ctrgcn = ParameterStore(seed: 1)
    _ = CTRGCN(ctrgcn.root, bodies: 2, Self.directed)
    #expect(ctrgcn.parameterCount == 1_431_252)
  }

  @Test func firstValues() throws {
    let store = ParameterStore(seed: 1)
    _ = STGCN(store.root, STGCNSettings(), Self.spatial)
    func deviation(_ name: String, from mean: Double) throws -> Double {
      let values = try #require(store[name]).value.values
      let sum = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
      return (sum / Double(values.count)).squareRoot()
    }
    #expect(abs(try deviation("st_gcn_networks.8.tcn.2.weight", from: 0) - 0.02) < 0.001)
    #expect(abs(try deviation("st_gcn_networks.9.tcn.3.weight", from: 1) - 0.02) < 0.005)
    #expect(try deviation("st_gcn_networks.8.tcn.2.bias", from: 0) == 0)
    #expect(try deviation("edge_importance.3", from: 1) == 0)
    let other = ParameterStore(seed: 1)
    _ = CTRGCN(other.root, bodies: 2, Self.directed)
    let learned = try #require(other["l4.gcn1.PA"]).value
    #expect(learned.values == Self.directed.matrices.values)
    #expect(try #require(other["l4.gcn1.bn.weight"]).value.values.allSatisfy { $0 == 1e-6 })
    #expect(try #require(other["l4.gcn1.alpha"]).value.values == [0])
  }

  @Test func graphsAreNormalized() {
    let sums = Self.spatial.matrices.sum(axes: [0, 1]).values
    #expect(sums.allSatisfy { abs($0 - 1) < 1e-6 })
    let counts = Self.spatial.matrices.values.map { $0 > 0 ? Float(1) : 0 }
    #expect(Tensor(counts, shape: [3, 25, 25]).sum(axes: [1, 2]).values == [25, 40, 8])
    // Any skeleton: a chain of three around its middle.
    let chain = SkeletonGraph.spatial(parents: [1, 1, 1], centre: 1)
    #expect(chain.matrices.sliced(axis: 0, 2..<3).values == [0, 0, 0, 0.5, 0, 0.5, 0, 0, 0])
  }

  @Test func bodiesOfFrames() {
    // (N 1, T 1, V 2, C 3, M 2), each number telling its place.
    let frames = Tensor((0..<12).map { Float($0) }, shape: [1, 1, 12])
    let bodies = BodyMap.bodies(frames, joints: 2, coordinates: 3)
    #expect(bodies.shape == [1, 2, 1, 2, 3])
    #expect(bodies.values == [0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11])
  }

  @Test func trainingDropsAndOtherSkeletonsWork() {
    // Four joints, one body, two coordinates.
    let graph = SkeletonGraph.directed(parents: [0, 0, 1, 1])
    var settings = STGCNSettings()
    (settings.hidden, settings.features, settings.coordinates) = (2, 5, 2)
    let stgcn = STGCN(ParameterStore(seed: 1).root, settings, graph)
    let x = sampleClips([3, 1, 9, 4, 2])
    let map = stgcn.map(x, .evaluation)
    #expect(map.shape == [3, 1, 3, 4, 5])
    let first = stgcn(x, Pass(seed: 1, epoch: 1, batch: 1, view: "query")).values
    #expect(stgcn(x, Pass(seed: 1, epoch: 1, batch: 1, view: "query")).values == first)
    #expect(stgcn(x, Pass(seed: 1, epoch: 1, batch: 2, view: "query")).values != first)
    let sizes = [GraphBlockSize(from: 2, to: 8), GraphBlockSize(from: 8, to: 16, stride: 2)]
    #expect(
      AGCN(ParameterStore(seed: 1).root, bodies: 1, graph, blocks: sizes)(x, .adapting).shape == [3, 16])
    #expect(
      CTRGCN(ParameterStore(seed: 1).root, bodies: 1, graph, blocks: sizes)(x, .adapting).shape == [3, 16])
  }
}
