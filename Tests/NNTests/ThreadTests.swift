import Kernels
import NN
import Synchronization
import TensorCore
import Testing

/// The number of threads is the program's, so these tests run one after the other.
@Suite(.serialized) struct ThreadTests {
  /// One step of a model with a GRU, a batch norm, a projector and the losses: all gradients, one after the
  /// other.
  private static func step(sequences: Int, mode: GRUMode) -> [Float] {
    let store = ParameterStore(seed: 3)
    let norm = BatchNorm1d(store.root / "norm", features: 10)
    let gru = GRU(store.root / "gru", input: 10, hidden: 24, layers: 2, mode: mode)
    let linear = Linear(store.root / "linear", from: gru.output, to: 16)
    let x = sample("x", [sequences, 9, 10])
    let frames = linear(gru(norm(x, training: true)))
    let z = frames.lastStep().normalizedRows()
    let negatives = z.matmul(sample("queue", [700, 16]).normalizedRows(), transposed: true)
    let teacher = sample("teacher", [sequences, 700])
    let terms = [
      infoNCE(positive: z.rowDot(sample("k", [sequences, 16])), negatives: negatives, temperature: 0.07),
      similarityKL(teacher: teacher, student: negatives, teacherTemperature: 0.05, studentTemperature: 0.1),
      maskedMSE(frames, target: sample("t", frames.shape), mask: sampleMask("m", frames.shape)),
    ]
    let gradients = gradients(of: terms[0] + terms[1] + terms[2])
    return terms.map(\.scalar) + store.parameters.flatMap { gradients[$0.value]?.values ?? [] }
  }

  @Test(arguments: GRUMode.allCases, [1, 150])
  func resultsDoNotDependOnThreads(mode: GRUMode, sequences: Int) {
    let before = Kernels.threadCount
    defer { Kernels.setThreadCount(before) }
    Kernels.setThreadCount(1)
    let one = ThreadTests.step(sequences: sequences, mode: mode)
    for threads in [2, 3, 8] {
      Kernels.setThreadCount(threads)
      #expect(ThreadTests.step(sequences: sequences, mode: mode) == one, "\(threads) threads")
    }
  }

  @Test(arguments: [(1500, 90, 300), (300, 90, 1500), (520, 520, 30)])
  func productsDoNotDependOnThreads(m: Int, n: Int, k: Int) {
    let before = Kernels.threadCount
    defer { Kernels.setThreadCount(before) }
    let (a, b) = (sample("a", [m, k]), sample("b", [k, n]))
    Kernels.setThreadCount(1)
    let one = a.matmul(b).values
    Kernels.setThreadCount(2)
    #expect(a.matmul(b).values == one)
    // Against one product for each of a few rows.
    for row in [0, 1, m / 2, m - 1] {
      let alone = a.rows([row]).matmul(b).values
      #expect(relativeDifference(Array(one[row * n..<(row + 1) * n]), alone) < 1e-5)
    }
  }

  @Test func everyTaskRunsOnce() {
    let before = Kernels.threadCount
    defer { Kernels.setThreadCount(before) }
    for threads in [1, 2, 5] {
      Kernels.setThreadCount(threads)
      for tasks in [0, 1, 2, 100] {
        let counter = Counter(count: tasks)
        Kernels.parallel(tasks) { counter.add($0) }
        #expect(counter.values == [Int](repeating: 1, count: tasks))
      }
    }
  }
}

private final class Counter: Sendable {
  private let counts: Mutex<[Int]>

  init(count: Int) { counts = Mutex([Int](repeating: 0, count: count)) }

  var values: [Int] { counts.withLock { $0 } }

  func add(_ task: Int) { counts.withLock { $0[task] += 1 } }
}
