import ArgumentParser
import Foundation
import Kernels
import NN
import Skeleton
import TensorCore

/// The operations that backbones are made of, each against what bounds it.
struct OperationBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ops",
    abstract: "Time the operations of backbones against OpenBLAS's sgemm and a copy of memory.",
    discussion: """
      Sizes are those of ST-GCN-16 (256 bodies, 50 frames, 25 joints), CTR-GCN (32 bodies, 64 frames), of a transformer (32
      bodies, 75 visible tokens, 256 channels in 8 heads) and of DGCNN (4 clouds of 2000 points).

      Products: the ratio is their multiplications a second over those of sgemm, (8192, 2048) x (2048, 3072) with
      OpenBLAS's own threads. Others: numbers read and written a second, one array in and one out, over those of a
      multiplication by a number. Backward is from a gradient of the output to those of all inputs; that of nearest points has
      no product but only rows that are added up. Rounds alternate; the table has medians, milliseconds by the clock and
      ratios by processors.

      Example: skelbench ops --threads 2
      """)

  @Option(help: "Threads for both.")
  var threads = Kernels.threadCount

  @Option(help: "How often each is measured.")
  var rounds = 5

  @Option(help: "Only operations whose name contains this.")
  var only = ""

  func validate() throws {
    guard threads >= 1 && rounds >= 1 else { throw ValidationError("--threads and --rounds start at 1") }
  }

  func run() throws {
    let library = try OpenBLAS.start()
    Kernels.setThreadCount(threads)
    print("OpenBLAS for \(library.core), \(threads) threads, medians of \(rounds)")
    print("operation                                     forward ms   ratio   backward ms   ratio")
    let operations = MeasuredOperation.all.filter { only.isEmpty || $0.name.contains(only) }
    let product = LargeProduct()
    let copied = draw("copy", [256, 50, 25, 64])
    var (products, copies) = ([Seconds](), [Seconds]())
    var times = [[(forward: Seconds, backward: Seconds)]](repeating: [], count: operations.count)
    for round in 0...rounds {
      let ofProduct = product.seconds(threads: threads)
      let ofCopy = Stopwatch.seconds { _ = copied * 2 }
      if round > 0 {
        products.append(ofProduct)
        copies.append(ofCopy)
      }
      for (number, operation) in operations.enumerated() {
        let time = operation.seconds()
        if round > 0 { times[number].append(time) }
      }
    }
    // Rates are those of a second of processors: other programs change them little.
    let bounds = (
      product.operations / 2 / median(products).processor, Double(copied.count) / median(copies).processor
    )
    for (operation, times) in zip(operations, times) {
      let isProduct = operation.multiplications > 0
      let work = isProduct ? operation.multiplications : Double(operation.shapes[0].reduce(1, *))
      let bound = isProduct ? bounds.0 : bounds.1
      let (forward, backward) = (median(times.map(\.forward)), median(times.map(\.backward)))
      print(
        operation.name.padding(toLength: 46, withPad: " ", startingAt: 0)
          + String(
            format: "%10.2f  %6.2f  %12.2f  %6.2f", forward.clock * 1000, work / forward.processor / bound,
            backward.clock * 1000, (isProduct ? 2 : 1) * work / backward.processor / bound))
    }
  }
}

/// An operation at one size.
private struct MeasuredOperation: Sendable {
  let name: String
  let shapes: [[Int]]
  /// Multiplications of the forward pass; 0 for what memory bounds.
  let multiplications: Double
  let apply: @Sendable ([Tensor]) -> Tensor

  /// The time of the operation alone, and of the way from its output's gradient to those of all inputs.
  func seconds() -> (forward: Seconds, backward: Seconds) {
    let inputs = shapes.enumerated().map { draw("\($0)", $1) }
    let forward = Stopwatch.seconds { _ = apply(inputs) }
    let output = apply(inputs.map { $0.asVariable() })
    let seed = draw("seed", output.shape)
    return (forward, Stopwatch.seconds { _ = gradients(of: output, seed: seed) })
  }

  static let all: [MeasuredOperation] = graph + channels + tokens

  /// ST-GCN-16 and, where it matters, the wider ST-GCN.
  private static let graph: [MeasuredOperation] =
    [(50, 16), (25, 32), (13, 64), (13, 256)].flatMap { frames, width in
      let x = [256, frames, 25, width]
      return [
        temporal("stgcn", x, outputs: width, kernel: 9),
        pointwise("stgcn", x, inputs: 3 * width, outputs: width),
        MeasuredOperation(
          name: "stgcn graphs, T \(frames), C \(width)", shapes: [x, [3, 25, 25]],
          multiplications: multiplications(256 * frames * 75, width, 25)
        ) { $0[0].spread(along: $0[1]) },
      ]
    } + [
      temporal("stgcn", [256, 50, 25, 32], outputs: 32, kernel: 9, stride: 2),
      plain("batch norm", [256, 50, 25, 16]) { x in
        BatchNorm1d(ParameterStore(seed: 1).root, features: 16)(x, training: true)
      },
      plain("relu", [256, 50, 25, 16]) { $0.relu() },
      plain("dropout", [256, 50, 25, 16]) { x in
        Dropout(ParameterStore(seed: 1).root, share: 0.5)(
          x, Pass(seed: 1, epoch: 1, batch: 1, view: "query"))
      },
      plain("mean of frames and joints", [256, 13, 25, 256]) { $0.mean(axes: [1, 2]) },
      plain("permuted", [256, 50, 25, 16]) { $0.permuted([0, 3, 2, 1]) },
    ]

  /// CTR-GCN.
  private static let channels: [MeasuredOperation] =
    [(64, 64), (32, 128), (16, 256)].flatMap { frames, width in
      let x = [32, frames, 25, width]
      return [
        temporal("ctrgcn", [32, frames, 25, width / 4], outputs: width / 4, kernel: 5, dilation: 2),
        pointwise("ctrgcn", x, inputs: width, outputs: 3 * width),
        MeasuredOperation(
          name: "ctrgcn graphs of channels, T \(frames), C \(width)",
          shapes: [[32, frames, 75, width], [32, 25, 75, width]],
          multiplications: multiplications(32 * frames * 25, width, 75)
        ) { $0[0].spread(alongEachChannel: $0[1]) },
        plain("max of windows", [32, frames, 25, width / 4]) {
          $0.maxPooled(axis: 1, size: 3, stride: 1, padding: 1)
        },
      ]
    }

  /// A transformer of 75 visible tokens.
  private static let tokens: [MeasuredOperation] = [
    MeasuredOperation(
      name: "products of 75 x 32 x 75, 256 of them", shapes: [[256, 75, 32], [256, 75, 32]],
      multiplications: multiplications(256 * 75, 75, 32)
    ) { $0[0].batchedMatmul($0[1], otherTransposed: true) },
    MeasuredOperation(
      name: "products of 75 x 75 x 32, 256 of them", shapes: [[256, 75, 75], [256, 75, 32]],
      multiplications: multiplications(256 * 75, 32, 75)
    ) { $0[0].batchedMatmul($0[1]) },
    attention(batch: 32, tokens: 75), attention(batch: 4, tokens: 750),
    plain("softmax", [256, 75, 75]) { $0.softmax() },
    plain("gelu", [2400, 1024]) { $0.gelu() },
    MeasuredOperation(
      name: "layer norm, (2400, 256)", shapes: [[2400, 256], [256], [256]], multiplications: 0
    ) { $0[0].layerNormalized(weight: $0[1], bias: $0[2], epsilon: 1e-5) },
    plain("heads apart", [32, 75, 8, 32]) { $0.permuted([0, 2, 1, 3]) },
    plain("gathered tokens", [32, 750, 256]) { $0.gathered(axis: 1, (0..<75).map { $0 * 10 }) },
    plain("exp", [2400, 1024]) { $0.exp() },
    MeasuredOperation(
      name: "rows of the 20 nearest points, [4, 2000, 64]", shapes: [[4, 2000, 64]],
      multiplications: multiplications(4 * 2000, 2000, 64)
    ) { $0[0].reshaped([8000, 64]).rows($0[0].nearestPoints(20)) },
    plain("repeated bias", [2400, 1024]) { $0 + Tensor.zeros([2400, 1]) },
  ]

  /// Attention of 8 heads over 256 channels; going back it has five products in place of two.
  private static func attention(batch: Int, tokens: Int) -> MeasuredOperation {
    MeasuredOperation(
      name: "attention, (\(batch), \(tokens), 256), 8 heads", shapes: [[batch, tokens, 768]],
      multiplications: 2 * multiplications(batch * tokens, tokens, 256)
    ) { $0[0].selfAttention(heads: 8) }
  }

  private static func multiplications(_ rows: Int, _ columns: Int, _ depth: Int) -> Double {
    Double(rows) * Double(columns) * Double(depth)
  }

  private static func temporal(
    _ backbone: String, _ x: [Int], outputs: Int, kernel: Int, stride: Int = 1, dilation: Int = 1
  ) -> MeasuredOperation {
    let moved = stride > 1 ? ", stride \(stride)" : dilation > 1 ? ", dilation \(dilation)" : ""
    let window = Window.along(stride: stride, dilation: dilation, padding: dilation * (kernel - 1) / 2)
    return MeasuredOperation(
      name: "\(backbone) \(kernel) x 1, T \(x[1]), C \(x[3])\(moved)",
      shapes: [x, [outputs, x[3], kernel, 1]],
      multiplications: multiplications(x[0] * ((x[1] + stride - 1) / stride) * x[2], outputs, kernel * x[3])
    ) { $0[0].convolved($0[1], window) }
  }

  private static func pointwise(_ backbone: String, _ x: [Int], inputs: Int, outputs: Int)
    -> MeasuredOperation
  {
    MeasuredOperation(
      name: "\(backbone) 1 x 1, T \(x[1]), \(inputs) to \(outputs)",
      shapes: [[x[0], x[1], x[2], inputs], [outputs, inputs, 1, 1]],
      multiplications: multiplications(x[0] * x[1] * x[2], outputs, inputs)
    ) { $0[0].convolved($0[1]) }
  }

  private static func plain(
    _ name: String, _ shape: [Int], _ apply: @escaping @Sendable (Tensor) -> Tensor
  ) -> MeasuredOperation {
    MeasuredOperation(name: "\(name), \(shape)", shapes: [shape], multiplications: 0) { apply($0[0]) }
  }
}

private func draw(_ name: String, _ shape: [Int]) -> Tensor {
  var random = KeyedRandom(seed: 1, sample: name, view: "benchmark")
  // A few thousand draws, repeated: drawing all would take longer than what is measured.
  let few = (0..<4099).map { _ in random.uniform(-1, 1) }
  return Tensor((0..<shape.reduce(1, *)).map { few[$0 % few.count] }, shape: shape)
}
