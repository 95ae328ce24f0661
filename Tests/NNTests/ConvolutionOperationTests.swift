import NN
import TensorCore
import Testing

@Suite struct ConvolutionOperationTests {
  struct Case: Sendable, CustomStringConvertible {
    var input: [Int]
    var outputs: Int
    var kernel: (Int, Int)
    var window = Window()
    var description: String { "\(input) to \(outputs), kernel \(kernel), \(window)" }
  }

  static let cases = [
    Case(input: [2, 7, 3, 2], outputs: 3, kernel: (1, 1)),
    Case(input: [1, 1, 1, 1], outputs: 1, kernel: (1, 1)),
    Case(input: [2, 7, 3, 2], outputs: 3, kernel: (3, 1), window: .along(padding: 1)),
    Case(input: [2, 7, 3, 2], outputs: 3, kernel: (3, 1), window: .along(stride: 2, padding: 1)),
    Case(input: [2, 8, 3, 2], outputs: 2, kernel: (3, 1), window: .along(stride: 2, padding: 1)),
    Case(input: [1, 9, 2, 2], outputs: 3, kernel: (3, 1), window: .along(dilation: 2, padding: 2)),
    Case(
      input: [1, 9, 2, 2], outputs: 3, kernel: (5, 1), window: .along(stride: 3, dilation: 2, padding: 4)),
    Case(input: [2, 5, 6, 2], outputs: 3, kernel: (3, 3), window: Window(padding: (1, 1))),
    Case(
      input: [1, 6, 5, 2], outputs: 2, kernel: (2, 3),
      window: Window(stride: (2, 1), dilation: (1, 2), padding: (0, 2))),
    Case(input: [2, 6, 2, 3], outputs: 2, kernel: (1, 1), window: .along(stride: 2)),
    Case(input: [1, 3, 2, 2], outputs: 2, kernel: (9, 1), window: .along(padding: 4)),
  ]

  /// Larger ones, with whole vectors, tiles that are left over, and several slices of depth.
  static let wide = [
    Case(input: [2, 13, 5, 16], outputs: 16, kernel: (9, 1), window: .along(padding: 4)),
    Case(input: [1, 13, 5, 40], outputs: 32, kernel: (9, 1), window: .along(stride: 2, padding: 4)),
    Case(input: [2, 5, 5, 19], outputs: 35, kernel: (3, 3), window: Window(padding: (1, 1))),
    Case(input: [3, 5, 5, 300], outputs: 21, kernel: (1, 1)),
    Case(input: [700, 2, 1, 3], outputs: 5, kernel: (1, 1)),
  ]

  static func reference(_ x: Tensor, _ w: Tensor, _ c: Case, depthwise: Bool = false) -> Tensor {
    let (input, weight, window) = (SlowArray(x), SlowArray(w), c.window)
    func length(_ count: Int, _ kernel: Int, _ stride: Int, _ dilation: Int, _ padding: Int) -> Int {
      (count + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1
    }
    let height = length(x.shape[1], c.kernel.0, window.stride.0, window.dilation.0, window.padding.0)
    let width = length(x.shape[2], c.kernel.1, window.stride.1, window.dilation.1, window.padding.1)
    return SlowArray.make([x.shape[0], height, width, w.shape[0]]) { index in
      var sum = 0.0
      for i in 0..<c.kernel.0 {
        for j in 0..<c.kernel.1 {
          let row = index[1] * window.stride.0 + i * window.dilation.0 - window.padding.0
          let column = index[2] * window.stride.1 + j * window.dilation.1 - window.padding.1
          for channel in 0..<w.shape[1] {
            let from = depthwise ? index[3] : channel
            sum += Double(input[[index[0], row, column, from]]) * Double(weight[[index[3], channel, i, j]])
          }
        }
      }
      return sum
    }
  }

  @Test(arguments: cases)
  func convolutions(c: Case) {
    let x = sample("x", c.input)
    let w = sample("w", [c.outputs, c.input[3], c.kernel.0, c.kernel.1])
    let b = sample("b", [c.outputs])
    #expect(x.convolved(w, c.window).difference(from: Self.reference(x, w, c)) < 1e-6)
    #expect(x.convolved(w, bias: b, c.window).difference(from: Self.reference(x, w, c) + b) < 1e-6)
    checkGradients([x, w, b]) { $0[0].convolved($0[1], bias: $0[2], c.window) }
    checkGradients([w]) { x.convolved($0[0], c.window) }
  }

  @Test(arguments: wide)
  func wideConvolutions(c: Case) throws {
    let x = sample("x", c.input).asVariable()
    let w = sample("w", [c.outputs, c.input[3], c.kernel.0, c.kernel.1]).asVariable()
    let found = x.convolved(w, c.window)
    let expected = Self.reference(x, w, c)
    #expect(found.difference(from: expected) < 1e-5)
    // The operation is linear in both: sum(seed y(x', w)) = sum(dx x') for any x', and so for w.
    let seed = sample("seed", expected.shape)
    let gradients = gradients(of: found, seed: seed)
    func dot(_ a: Tensor, _ b: Tensor) -> Double {
      zip(a.values, b.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    for trial in ["one", "two", "three"] {
      let other = sample(trial, x.shape)
      let along = dot(seed, Self.reference(other, w, c))
      let scale = (dot(seed, seed) * dot(other, other)).squareRoot()
      #expect(abs(dot(try #require(gradients[x]), other) - along) < 1e-5 * scale)
      let weight = sample(trial, w.shape)
      let alongWeight = dot(seed, Self.reference(x, weight, c))
      #expect(abs(dot(try #require(gradients[w]), weight) - alongWeight) < 1e-5 * scale)
    }
  }

  @Test(arguments: cases)
  func depthwiseConvolutions(c: Case) {
    let x = sample("x", c.input)
    let w = sample("w", [c.input[3], 1, c.kernel.0, c.kernel.1])
    let expected = Self.reference(x, w, c, depthwise: true)
    #expect(x.convolvedDepthwise(w, c.window).difference(from: expected) < 1e-6)
    checkGradients([x, w]) { $0[0].convolvedDepthwise($0[1], c.window) }
  }

  @Test(arguments: [(2, 2, 0), (3, 1, 1), (3, 2, 1), (4, 3, 0), (1, 1, 0)])
  func pooling(size: Int, stride: Int, padding: Int) {
    let x = distinct("x", [2, 7, 3])
    let slow = SlowArray(x)
    let count = (7 + 2 * padding - size) / stride + 1
    func entries(_ index: [Int]) -> [Double] {
      (0..<size).map { index[1] * stride + $0 - padding }.filter { (0..<7).contains($0) }
        .map { Double(slow[[index[0], $0, index[2]]]) }
    }
    let largest = SlowArray.make([2, count, 3]) { entries($0).max() ?? 0 }
    let means = SlowArray.make([2, count, 3]) { entries($0).reduce(0, +) / Double(entries($0).count) }
    #expect(x.maxPooled(axis: 1, size: size, stride: stride, padding: padding).values == largest.values)
    #expect(
      x.meanPooled(axis: 1, size: size, stride: stride, padding: padding).difference(from: means) < 1e-6)
    checkGradients([x]) { $0[0].maxPooled(axis: 1, size: size, stride: stride, padding: padding) }
    checkGradients([x]) { $0[0].meanPooled(axis: 1, size: size, stride: stride, padding: padding) }
  }

  @Test func theFirstOfEqualsInAWindowGetsTheGradient() throws {
    let x = Tensor([1, 3, 3, 3, 0], shape: [5]).asVariable()
    let gradient = try #require(gradients(of: x.maxPooled(axis: 0, size: 3, stride: 1).sum())[x])
    #expect(gradient.values == [0, 2, 1, 0, 0])
  }

  @Test func layersHavePyTorchsNamesAndStarts() {
    let store = ParameterStore(seed: 1)
    let convolution = Convolution(store.root / "conv", from: 6, to: 32, frames: 9, stride: 2)
    let graph = GraphConvolution(store.root / "gcn", from: 6, to: 8, graphs: 3)
    #expect(store.names == ["conv.weight", "conv.bias", "gcn.weight", "gcn.bias"])
    #expect(convolution.weight.value.shape == [32, 6, 9, 1] && graph.weight.value.shape == [24, 6, 1, 1])
    #expect(convolution(.zeros([2, 7, 3, 6])).shape == [2, 4, 3, 32])
    let bound = 1 / Float(54).squareRoot()
    let values = convolution.weight.value.values
    #expect(values.allSatisfy { abs($0) <= bound } && values.contains { abs($0) > 0.95 * bound })
    let start = Convolution(
      store.root / "wide", from: 64, to: 64, frames: 9, start: .kaimingFanOut)
    let squares = start.weight.value.values.reduce(0.0) { $0 + Double($1 * $1) } / Double(64 * 64 * 9)
    #expect(abs(squares - 2 / Double(64 * 9)) < 0.02 * squares)
    #expect(start.bias?.value.values == [Float](repeating: 0, count: 64))
  }

  @Test func graphConvolutions() {
    let store = ParameterStore(seed: 1)
    let layer = GraphConvolution(store.root, from: 2, to: 3, graphs: 2)
    let (x, graph) = (sample("x", [2, 3, 4, 2]), sample("graph", [2, 4, 4]))
    // First the convolution, then what neighbours send: as the released code does.
    let sent = x.convolved(layer.weight.value, bias: layer.bias.value).reshaped([2, 3, 4, 2, 3])
      .contracted("ntvkc,kvw->ntwc", graph)
    #expect(layer(x, along: graph).difference(from: sent) < 1e-6)
    checkGradients([x, graph], parameters: store.parameters) { layer($0[0], along: $0[1]) }
  }
}
