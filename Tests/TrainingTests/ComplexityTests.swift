import Encoders
import Foundation
import Kernels
import NN
import Recipes
import TensorCore
import Testing

@testable import Training

/// What recipes cost.
@Suite struct ComplexityTests {
  /// Encoders of two bodies with their published billions of products.
  ///
  /// Two of the networks are computed in another order than they are published in, which takes fewer products: ST-GCN mixes
  /// joints before channels, so K V² T M (C' - C) fewer where a block has C' channels of C; CTR-GCN takes the mean over
  /// frames before it makes r channels of C, so 6 V M C r (T - 1) fewer in each block.
  @Test(
    arguments: [
      ("{kind: gru}", 64, 2.878, 0.0),
      (
        "{kind: stgcn, hidden: 16, features: 256}", 50, 0.612,
        3 * 625 * 2 * (13 * 50 + 16 * 50 + 32 * 25 + 192 * 13)
      ),
      ("{kind: stgcn, hidden: 64, features: 256}", 64, 3.65, 3 * 625 * 2 * (61 * 64 + 64 * 64 + 128 * 32)),
      ("{kind: agcn}", 64, 4.14, 0),
      (
        "{kind: ctrgcn}", 64, 1.94,
        6 * 25 * 2 * (24 * 63 + 4 * 512 * 63 + 3 * 2048 * 31 + 2 * 8192 * 15)
      ),
      ("{kind: hcn}", 64, 0.387, 0),
    ] as [(String, Int, Double, Double)])
  func publishedNumbers(encoder: String, frames: Int, billions: Double, saved: Double) throws {
    let recipe = try PretrainRecipe.provided(
      "cmd", changing: ["input.frames=\(frames)", "encoder=\(encoder)"])
    let found = (Double(try Complexity.multiplyAdds(recipe)) + saved) / 1e9
    // Published numbers have three digits, or four.
    #expect(abs(found - billions) < (billions < 1 ? 0.001 : 0.005), "\(found)")
  }

  @Test func productsAreCountedByTheirSizes() {
    let (a, b) = (Tensor.zeros([2, 3, 4]), Tensor.zeros([4, 5]))
    #expect(MultiplyAdds.counted { a.matmul(b) }.count == 2 * 3 * 4 * 5)
    #expect(MultiplyAdds.counted { a.batchedMatmul(a, otherTransposed: true) }.count == 2 * 3 * 4 * 3)
    // Tokens of 2 numbers: 3 queries of 3 keys, and as many values.
    #expect(
      MultiplyAdds.counted { Tensor.zeros([7, 3, 6]).selfAttention(heads: 1) }.count
        == 7 * 2 * 3 * 3 * 2)
    let map = Tensor.zeros([2, 6, 5, 3])
    let weight = Tensor.zeros([4, 3, 3, 1])
    #expect(
      MultiplyAdds.counted { map.convolved(weight, .along(padding: 1)) }.count == 2 * 6 * 5 * 3 * 3 * 4)
    #expect(
      MultiplyAdds.counted {
        map.convolvedDepthwise(Tensor.zeros([3, 1, 3, 1]), .along(padding: 1))
      }.count == 2 * 6 * 5 * 3 * 3)
    // Outside, and number by number, nothing is counted.
    let inner = MultiplyAdds.counted { MultiplyAdds.counted { a.matmul(b) }.count + (a * 2 + a).count }
    #expect(inner.count == 0 && inner.result == 120 + 24)
  }

  @Test func stepsAreTimed() throws {
    let small = try SmallRun()
    let found = try Complexity(small.recipe, steps: 2)
    #expect(found.seconds_per_step ?? 0 > 0 && found.peak_mebibytes ?? 0 > 1 && found.batch == 4)
    #expect(found.parameters.encoder < found.parameters.model)
    let again = try JSONDecoder().decode(Complexity.self, from: Data(try found.json.utf8))
    #expect(again.multiply_adds == found.multiply_adds && again.parameters == found.parameters)
    #expect(found.description.contains("median of 2"))
    let counted = try Complexity(small.recipe, steps: 0)
    #expect(counted.seconds_per_step == nil && counted.peak_mebibytes == nil)
    // The numbers of the checkpoint are those that were counted.
    let model = try LearningModel(small.recipe, seed: 1)
    #expect(model.store.parameters.reduce(0) { $0 + $1.value.count } == found.parameters.model)
  }
}
