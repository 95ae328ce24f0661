import Methods
import NN
import Skeleton
import TensorCore
import Testing

@testable import Batches

/// Which patches stay, for the draws of MAMP's own program.
@Suite(.enabled(if: !BackboneOracles.files("mamp").isEmpty, BackboneOracles.missing("mamp")))
struct TokenMaskOracleTests {
  @Test(arguments: BackboneOracles.files("mamp"))
  func whatMovesIsHidden(path: String) throws {
    let oracle = try BackboneOracle(path)
    let x = try oracle.tensor("inputs/x")  // (N, C, T, V, M)
    let (samples, bodies) = (x.shape[0], x.shape[4])
    let values = x.permuted([0, 2, 3, 1, 4]).values  // (N, T, V, C, M)
    let clips = (0..<samples).map { sample in
      let length = values.count / samples
      return SkeletonClip(values: Array(values[(sample * length)..<((sample + 1) * length)]))
    }
    let motion = (0..<samples * bodies).map {
      TokenMask.motion(of: clips[$0 / bodies], body: $0 % bodies, span: 4)
    }
    let intensity = try oracle.tensor("outputs/intensity")  // (B, L)
    expectNear(Tensor(motion.flatMap(\.self), shape: intensity.shape), intensity, 1e-5, "motion")

    let draws = try oracle.tensor("draws/uniform")
    let (mask, length) = (TokenMask(), draws.shape[1])
    let kept = motion.enumerated().flatMap { body, motion in
      let own = Array(draws.values[(body * length)..<((body + 1) * length)])
      return TokenMask.lowest(mask.kept(of: length), of: mask.scores(motion: motion, draws: own))
    }
    #expect(kept == (try oracle.integers("outputs/ids_keep")))
  }
}
