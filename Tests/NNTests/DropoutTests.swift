import NN
import Skeleton
import TensorCore
import Testing

@Suite struct DropoutTests {
  private let pass = Pass(seed: 3, epoch: 2, batch: 5, view: "query")

  @Test(arguments: [1, 3, 64, 65, 70_001]) func dropoutFollowsItsGenerator(count: Int) throws {
    let dropout = Dropout(ParameterStore(seed: 1).root / "block" / "drop", share: 0.3)
    let x = sample("x", [count]).asVariable()
    var random = KeyedRandom(seed: 3, epoch: 2, sample: "batch 5", view: "query.block.drop")
    let threshold = UInt32((0.3 as Float).isZero ? 0 : (Double(0.3 as Float) * 0x1p32).rounded())
    let factor: Float = 1 / (1 - 0.3)
    let factors = x.values.map { _ in random.word() < threshold ? 0 : factor }
    let y = dropout(x, pass)
    #expect(y.values == zip(x.values, factors).map { $0 * $1 })
    let seed = sample("seed", [count])
    let gradient = try #require(gradients(of: y, seed: seed)[x])
    #expect(gradient.values == zip(seed.values, factors).map { $0 * $1 })
    if count > 1000 {
      let left = Double(factors.count { $0 > 0 }) / Double(count)
      #expect(abs(left - 0.7) < 0.01)
    }
  }

  @Test func dropPathLeavesOutWholeSamples() {
    let path = DropPath(ParameterStore(seed: 1).root / "path", share: 0.4)
    let x = sample("x", [200, 3])
    let y = path(x, pass)
    var dropped = 0
    for row in 0..<200 {
      let (own, from) = (y.values[(row * 3)..<(row * 3 + 3)], x.values[(row * 3)..<(row * 3 + 3)])
      if own.allSatisfy({ $0 == 0 }) {
        dropped += 1
      } else {
        #expect(zip(own, from).allSatisfy { abs($0 - $1 / 0.6) < 1e-5 })
      }
    }
    #expect((60...100).contains(dropped))
    checkGradients([sample("small", [5, 2])]) { path($0[0], pass) }
  }

  @Test func channelDropoutLeavesOutWholeChannels() {
    let channels = ChannelDropout(ParameterStore(seed: 1).root / "channels", share: 0.4)
    let x = sample("x", [20, 3, 2, 10])
    let y = SlowArray(channels(x, pass))
    var dropped = 0
    for sample in 0..<20 {
      for channel in 0..<10 {
        let places = SlowArray.indices([3, 2]).map { [sample] + $0 + [channel] }
        if places.allSatisfy({ y[$0] == 0 }) {
          dropped += 1
        } else {
          #expect(places.allSatisfy { abs(y[$0] - SlowArray(x)[$0] / 0.6) < 1e-5 })
        }
      }
    }
    #expect((60...100).contains(dropped))
    checkGradients([sample("small", [3, 2, 4])]) { channels($0[0], pass) }
  }

  @Test func onlyTrainingDrops() {
    let root = ParameterStore(seed: 1).root
    let x = sample("x", [50])
    for pass in [Pass.evaluation, .adapting] {
      #expect(Dropout(root / "a", share: 0.5)(x, pass).values == x.values)
      #expect(DropPath(root / "a", share: 0.5)(x, pass).values == x.values)
      #expect(ChannelDropout(root / "a", share: 0.5)(x, pass).values == x.values)
    }
    #expect(!Pass.evaluation.usesBatchStatistics && Pass.adapting.usesBatchStatistics)
    // Another layer, view, batch, epoch or seed draws others; the same draws the same.
    let first = Dropout(root / "a", share: 0.5)(x, pass).values
    #expect(Dropout(root / "a", share: 0.5)(x, pass).values == first)
    #expect(Dropout(root / "b", share: 0.5)(x, pass).values != first)
    for other in [
      Pass(seed: 4, epoch: 2, batch: 5, view: "query"), Pass(seed: 3, epoch: 3, batch: 5, view: "query"),
      Pass(seed: 3, epoch: 2, batch: 6, view: "query"), Pass(seed: 3, epoch: 2, batch: 5, view: "key"),
    ] { #expect(Dropout(root / "a", share: 0.5)(x, other).values != first) }
    // Parts of a pass draw others than the pass and each other, and drop nothing where the pass does not.
    let parts = ["one", "two"].map { Dropout(root / "a", share: 0.5)(x, pass.part($0)).values }
    #expect(parts[0] != first && parts[1] != first && parts[0] != parts[1])
    #expect(Dropout(root / "a", share: 0.5)(x, Pass.adapting.part("one")).values == x.values)
  }
}
