import Kernels
import NN
import Skeleton
import TensorCore
import Testing

extension ThreadTests {
  /// What `work` gives with one thread is what it gives with more, to the bit.
  private func expectTheSame(_ what: String, _ work: () -> [Float]) {
    let before = Kernels.threadCount
    defer { Kernels.setThreadCount(before) }
    Kernels.setThreadCount(1)
    let one = work()
    #expect(!one.isEmpty)
    for threads in [2, 4] {
      Kernels.setThreadCount(threads)
      #expect(work() == one, "\(what), \(threads) threads")
    }
  }

  @Test(arguments: [(1, 300), (7, 65), (40, 8)])
  func attentionDoesNotDependOnThreads(batch: Int, tokens: Int) {
    let packed = sample("packed", [batch, tokens, 3 * 24]).asVariable()
    let mask = sampleMask("mask", [batch, 1, tokens]).hiding()
    expectTheSame("attention") {
      let output = packed.selfAttention(heads: 3, mask: mask)
      let found = gradients(of: output, seed: sample("seed", output.shape))
      return output.values + (found[packed]?.values ?? [])
    }
  }

  @Test(arguments: GRUMode.allCases, [1, 150])
  func lstmDoesNotDependOnThreads(mode: GRUMode, sequences: Int) {
    expectTheSame("LSTM") {
      let store = ParameterStore(seed: 3)
      let lstm = LSTM(store.root, input: 10, hidden: 24, layers: 2, mode: mode)
      let x = sample("x", [sequences, 9, 10]).asVariable()
      let output = lstm(x)
      let found = gradients(of: output, seed: sample("seed", output.shape))
      return output.values + ([x] + store.parameters.map(\.value)).flatMap { found[$0]?.values ?? [] }
    }
  }

  @Test func clustersDoNotDependOnThreads() {
    let points = sample("points", [1500, 12])
    expectTheSame("k-means") {
      var random = KeyedRandom(seed: 3, view: "k-means")
      let clusters = KMeans(count: 40)(points, random: &random)
      return clusters.centres.values + clusters.distances + clusters.numbers.map(Float.init)
    }
  }
}
