import Kernels
import NN
import TensorCore
import Testing

/// The number of threads is the program's, so these tests run one after the other.
@Suite(.serialized) struct OperationThreadTests {
  /// Operations on arrays that several tasks share, and what their inputs are.
  private static let operations: [(String, [[Int]], @Sendable ([Tensor]) -> Tensor)] = [
    ("permuted", [[40, 50, 60]], { $0[0].permuted([2, 1, 0]) }),
    (
      "repeated", [[40, 1, 60], [50, 60]], { $0[0] * $0[1] + $0[0] / ($0[1].square() + Tensor(scalar: 1)) }
    ),
    ("reduced", [[40, 50, 60]], { $0[0].sum(axes: [0, 2]) + $0[0].max(axes: [0, 2]) }),
    ("shaped", [[40, 50, 60]], { $0[0].sliced(axis: 1, 3..<40, step: 2).gathered(axis: 0, [3, 3, 39]) }),
    ("rows", [[1500, 80]], { $0[0].softmax() + $0[0].standardized(axis: 1) + $0[0].logSoftmax() }),
    ("pooled", [[40, 50, 60]], { $0[0].maxPooled(axis: 1, size: 3, stride: 2, padding: 1).gelu() }),
    (
      "convolved", [[40, 12, 5, 20], [24, 20, 3, 1], [24]],
      { $0[0].convolved($0[1], bias: $0[2], .along(stride: 2, padding: 1)) }
    ),
    ("pointwise", [[40, 20, 5, 20], [24, 20, 1, 1]], { $0[0].convolved($0[1]) }),
    (
      "each channel", [[40, 12, 5, 20], [20, 1, 3, 1]],
      { $0[0].convolvedDepthwise($0[1], .along(padding: 1)) }
    ),
    ("one matrix", [[5, 5], [40, 12, 5, 20]], { $0[0].batchedMatmul($0[1]) }),
    ("a matrix a sample", [[40, 5, 5], [40, 12, 5, 20]], { $0[0].batchedMatmul($0[1], transposed: true) }),
    ("large products", [[3, 100, 70], [3, 70, 90]], { $0[0].batchedMatmul($0[1]) }),
    ("graphs of channels", [[20, 12, 5, 20], [20, 5, 5, 20]], { $0[0].spread(alongEachChannel: $0[1]) }),
  ]

  @Test(arguments: operations.indices)
  func resultsDoNotDependOnThreads(index: Int) {
    let (name, shapes, operation) = Self.operations[index]
    let inputs = shapes.enumerated().map { sample("input \($0)", $1) }
    func run() -> [Float] {
      let variables = inputs.map { $0.asVariable() }
      let output = operation(variables)
      let gradients = gradients(of: output, seed: sample("seed", output.shape))
      return output.values + variables.flatMap { gradients[$0]?.values ?? [] }
    }
    let before = Kernels.threadCount
    defer { Kernels.setThreadCount(before) }
    Kernels.setThreadCount(1)
    let one = run()
    for threads in [2, 4] {
      Kernels.setThreadCount(threads)
      #expect(run() == one, "\(name), \(threads) threads")
    }
  }

  @Test func draws() {
    let before = Kernels.threadCount
    defer { Kernels.setThreadCount(before) }
    let x = sample("x", [200_000])
    let dropout = Dropout(ParameterStore(seed: 1).root / "drop", share: 0.5)
    let pass = Pass(seed: 1, epoch: 1, batch: 1, view: "query")
    Kernels.setThreadCount(1)
    let one = dropout(x, pass).values
    Kernels.setThreadCount(4)
    #expect(dropout(x, pass).values == one)
  }
}
