import Encoders
import Methods
import TensorCore
import Testing

@Suite(.enabled(if: !BackboneOracles.files("colors").isEmpty, BackboneOracles.missing("colors")))
struct CloudColoringOracleTests {
  @Test(arguments: BackboneOracles.files("colors"))
  func cloudAndColors(path: String) throws {
    let oracle = try BackboneOracle(path)
    let stored = try oracle.tensor("inputs/cloud")  // (T, V, M, 3)
    let (frames, joints, bodies) = (stored.shape[0], stored.shape[1], stored.shape[2])
    let clips = stored.permuted([2, 0, 1, 3]).reshaped([1, bodies, frames, joints, 3])
    let cloud = CloudColoring.cloud(of: clips)
    #expect(cloud.shape == [1, frames * joints * bodies, 3] && cloud.values == stored.values)
    for coloring in CloudColoring.allCases {
      let colors = coloring.colors(frames: frames, joints: joints, bodies: bodies)
      expectNear(
        colors.reshaped(stored.shape), try oracle.tensor("outputs/\(coloring.rawValue)"), 1e-6,
        coloring.rawValue)
    }
    // Targets of both losses are the cloud's points with their temporal colours.
    for kind in ["chamfer", "ordered"] {
      let colors = CloudColoring.temporal.colors(frames: frames, joints: joints, bodies: bodies)
      let points = Tensor.concatenated([cloud, colors.reshaped(cloud.shape)], axis: 2)
      expectNear(points, try oracle.tensor("\(kind)/inputs/target"), 1e-6, "target of \(kind)")
    }
  }
}

@Suite struct CloudColoringTests {
  @Test func endsOfTheRamp() {
    func colors(_ coloring: CloudColoring, _ frames: Int, _ joints: Int, _ bodies: Int) -> [Float] {
      coloring.colors(frames: frames, joints: joints, bodies: bodies).values
    }
    #expect(colors(.temporal, 2, 1, 1) == [0, 1, 0, 0, 0, 1])
    #expect(colors(.spatial, 1, 4, 1) == [0.5, 0.5, 0, 0, 1, 0, 0, 0.5, 0.5, 0, 0, 1])
    #expect(colors(.person, 1, 1, 2) == [1, 0, 0, 0, 0, 1])
    #expect(colors(.person, 1, 1, 1) == [1, 0, 0])
  }
}
