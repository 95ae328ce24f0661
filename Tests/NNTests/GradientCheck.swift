import NN
import Skeleton
import TensorCore
import Testing

/// Numbers of U(-1, 1) that depend on the name alone.
func sample(_ name: String, _ shape: [Int]) -> Tensor {
  var random = KeyedRandom(seed: 7, sample: name, view: "test")
  return Tensor((0..<shape.reduce(1, *)).map { _ in random.uniform(-1, 1) }, shape: shape)
}

/// A mask of zeros and ones that depends on the name alone.
func sampleMask(_ name: String, _ shape: [Int]) -> Tensor {
  Tensor(sample(name, shape).values.map { $0 > 0 ? 1 : 0 }, shape: shape)
}

/// Holds the gradients of `function`, by its inputs and by the parameters that it uses, against central
/// differences.
///
/// The loss is the sum of the output times fixed random weights, added up in double precision, so that
/// float32 rounds only the output's own numbers: with a step of 1/128 that is about 1e-5 of them.
func checkGradients(
  _ inputs: [Tensor], parameters: [Parameter] = [], step: Float = 1 / 128, tolerance: Float = 2e-3,
  _ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation, _ function: ([Tensor]) -> Tensor
) {
  let variables = inputs.map { $0.asVariable() }
  let output = function(variables)
  let weights = sample("weights", output.shape)
  let gradients = gradients(of: output, seed: weights)

  func loss(_ inputs: [Tensor]) -> Double {
    zip(function(inputs).values, weights.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  func check(_ name: String, _ variable: Tensor, _ lossAt: (Tensor) -> Double) {
    guard let gradient = gradients[variable] else {
      Issue.record("\(name) got no gradient \(comment)", sourceLocation: sourceLocation)
      return
    }
    #expect(gradient.shape == variable.shape, sourceLocation: sourceLocation)
    let numeric = (0..<variable.count).map { position -> Float in
      func moved(by step: Float) -> Tensor {
        var values = variable.values
        values[position] += step
        return Tensor(values, shape: variable.shape)
      }
      return Float((lossAt(moved(by: step)) - lossAt(moved(by: -step))) / Double(2 * step))
    }
    let largest = numeric.map(abs).max() ?? 0
    let difference = zip(gradient.values, numeric).map { abs($0 - $1) }.max() ?? 0
    #expect(
      difference <= tolerance * max(largest, 0.05),
      "\(name), shape \(variable.shape): \(difference) off at a largest gradient of \(largest) \(comment)",
      sourceLocation: sourceLocation)
  }

  for (index, variable) in variables.enumerated() {
    check("input \(index)", variable) { moved in
      var others = inputs
      others[index] = moved
      return loss(others)
    }
  }
  for parameter in parameters {
    let value = parameter.value
    check(parameter.name, value) { moved in
      parameter.value = moved
      defer { parameter.value = value }
      return loss(inputs)
    }
  }
}

/// The largest difference of two lists, as a part of the largest number of the second.
func relativeDifference(_ a: [Float], _ b: [Float]) -> Float {
  guard a.count == b.count else { return .infinity }
  let difference = zip(a, b).map { abs($0 - $1) }.max() ?? 0
  return difference / max(b.map(abs).max() ?? 0, .leastNormalMagnitude)
}
