import NN
import TensorCore
import Testing

@testable import Kernels

/// Rows at a stride that is a multiple of 4 KiB share a set of the cache, so the kernels put them elsewhere.
@Suite struct StrideTests {
  @Test(arguments: [1, 16, 1023, 1024, 1025, 2048, 4096])
  func noStrideIsAMultipleOfFourKiB(count: Int) {
    let stride = PackedMatrix.stride(count)
    #expect(!stride.isMultiple(of: 1024) && (count...(count + 16)).contains(stride))
  }

  /// Rows of the states (hidden 1024) and of the gates' gradients (hidden 256) are set apart; the layer has to compute
  /// what one computes that has a unit less, when its last unit has only zeros for weights.
  @Test(arguments: [(256, true), (1024, false)])
  func aLayerWhoseRowsAreSetApart(hidden: Int, gradientsToo: Bool) throws {
    let (small, large) = (ParameterStore(seed: 1), ParameterStore(seed: 1))
    let layers = [(small, hidden - 1), (large, hidden)].map { store, hidden in
      GRU(store.root, input: 3, hidden: hidden, layers: 1, mode: .forward)
    }
    for parameter in small.parameters {
      let twin = try #require(large[parameter.name])
      twin.value = widened(parameter.value, to: twin.value.shape, hidden: hidden)
    }
    let x = sample("x", [5, 3, 3])
    let y = layers.map { $0(x) }  // (5, 3, hidden)
    let weight = sample("weight", y[0].shape)
    let expected = widenedRows(y[0].values, from: hidden - 1)
    #expect(relativeDifference(y[1].values, expected) < 1e-5)
    guard gradientsToo else { return }

    let before = gradients(of: y[0], seed: weight)
    let after = gradients(
      of: y[1], seed: Tensor(widenedRows(weight.values, from: hidden - 1), shape: y[1].shape))
    for parameter in small.parameters {
      let twin = try #require(large[parameter.name])
      let expected = widened(try #require(before[parameter.value]), to: twin.value.shape, hidden: hidden)
      let found = try #require(after[twin.value])
      // The unit that was added learns something; what is compared is the rest.
      let rest = zip(found.values, kept(twin.value.shape, hidden: hidden)).map { $1 ? $0 : 0 }
      #expect(relativeDifference(rest, expected.values) < 1e-4, "\(parameter.name)")
    }
  }

  /// Rows of `width` numbers with a zero behind each.
  private func widenedRows(_ values: [Float], from width: Int) -> [Float] {
    stride(from: 0, to: values.count, by: width).flatMap { values[$0..<($0 + width)] + [0] }
  }

  /// (3 (H - 1), …) as (3H, …), with zeros for the last unit of each gate and for what is read from its state.
  private func widened(_ value: Tensor, to shape: [Int], hidden: Int) -> Tensor {
    var values = value.values[...]
    return Tensor(kept(shape, hidden: hidden).map { $0 ? values.removeFirst() : 0 }, shape: shape)
  }

  /// Which numbers of a parameter of this shape are not the last unit's.
  private func kept(_ shape: [Int], hidden: Int) -> [Bool] {
    let columns = shape.count > 1 ? shape[1] : 1
    return (0..<(shape[0] * columns)).map { index in
      (index / columns) % hidden != hidden - 1 && !(columns == hidden && index % columns == hidden - 1)
    }
  }
}

@Suite struct FittingCoreTests {
  @Test func loopsOfAnOldProcessorGiveWayToThoseThatFit() {
    #expect(OpenBLAS.fittingCore(chosen: "Prescott", instructionLevel: 4) == "SkylakeX")
    #expect(OpenBLAS.fittingCore(chosen: "Nehalem", instructionLevel: 3) == "Haswell")
    #expect(OpenBLAS.fittingCore(chosen: "Nehalem", instructionLevel: 2) == nil)
    for core in ["Haswell", "Zen", "SkylakeX", "Cooperlake", "SapphireRapids", "neoversen1"] {
      #expect(OpenBLAS.fittingCore(chosen: core, instructionLevel: 4) == nil)
    }
  }
}
