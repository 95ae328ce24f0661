import Foundation
import NN
import TensorCore
import Testing

/// log softmax of a row, in double precision.
private func logSoftmax(_ row: [Double]) -> [Double] {
  let sum = log(row.map(exp).reduce(0, +))
  return row.map { $0 - sum }
}

private func rows(_ tensor: Tensor) -> [[Double]] {
  let width = tensor.shape[1]
  let values = tensor.values
  return (0..<tensor.shape[0]).map { row in (0..<width).map { Double(values[row * width + $0]) } }
}

@Suite struct LossTests {
  @Test(arguments: [1, 3], [1, 2, 5, 16, 37])
  func crossEntropy(count: Int, classes: Int) {
    let logits = sample("logits", [count, classes])
    let labels = (0..<count).map { $0 % classes }
    let loss = softmaxCrossEntropy(logits, labels: labels).scalar
    let expected = -zip(rows(logits), labels).map { logSoftmax($0)[$1] }.reduce(0, +) / Double(count)
    #expect(abs(Double(loss) - expected) < 1e-6 * max(1, expected))
    checkGradients([logits]) { softmaxCrossEntropy($0[0], labels: labels) }
  }

  @Test(arguments: [1, 3], [1, 2, 31])
  func contrast(count: Int, negatives: Int) {
    let (positive, negative) = (sample("p", [count]), sample("n", [count, negatives]))
    let loss = infoNCE(positive: positive, negatives: negative, temperature: 0.5).scalar
    let expected =
      -zip(positive.values, rows(negative)).map { logSoftmax([Double($0) / 0.5] + $1.map { $0 / 0.5 })[0] }
      .reduce(0, +) / Double(count)
    #expect(abs(Double(loss) - expected) < 1e-6 * max(1, expected))
    checkGradients([positive, negative]) { infoNCE(positive: $0[0], negatives: $0[1], temperature: 0.5) }
    checkGradients([negative]) { infoNCE(positive: positive, negatives: $0[0], temperature: 0.5) }
  }

  @Test(arguments: [1, 3], [1, 2, 31])
  func divergence(count: Int, keys: Int) {
    let (teacher, student) = (sample("t", [count, keys]), sample("s", [count, keys]))
    func loss(_ student: Tensor) -> Tensor {
      similarityKL(teacher: teacher, student: student, teacherTemperature: 0.3, studentTemperature: 0.6)
    }
    let expected =
      zip(rows(teacher), rows(student)).map { teacher, student -> Double in
        let p = logSoftmax(teacher.map { $0 / 0.3 })
        let q = logSoftmax(student.map { $0 / 0.6 })
        return zip(p, q).map { exp($0) * ($0 - $1) }.reduce(0, +)
      }.reduce(0, +) / Double(count)
    #expect(abs(Double(loss(student).scalar) - expected) < 1e-6 * max(1, expected))
    checkGradients([student]) { loss($0[0]) }
    let same = similarityKL(
      teacher: teacher, student: teacher, teacherTemperature: 0.3, studentTemperature: 0.3)
    #expect(abs(same.scalar) < 1e-6)
  }

  @Test func largeSimilaritiesDoNotOverflow() {
    let positive = Tensor([1], shape: [1])
    let negatives = Tensor([-1, 1, 0.5], shape: [1, 3])
    let loss = infoNCE(positive: positive, negatives: negatives, temperature: 0.005).scalar
    #expect(abs(loss - Float(log(2.0))) < 1e-5)
  }

  @Test(arguments: [[1], [7], [2, 3, 4]])
  func reconstruction(shape: [Int]) {
    let (prediction, target) = (sample("p", shape), sample("t", shape))
    for mask in [sampleMask("m", shape), .zeros(shape)] {
      let errors = zip(zip(prediction.values, target.values), mask.values).map { pair, mask in
        (pair.0 - pair.1) * (pair.0 - pair.1) * (1 - mask)
      }
      let hidden = mask.values.map { 1 - $0 }.reduce(0, +)
      let expected = hidden > 0 ? errors.reduce(0, +) / hidden : 0
      #expect(abs(maskedMSE(prediction, target: target, mask: mask).scalar - expected) < 1e-6)
      checkGradients([prediction]) { maskedMSE($0[0], target: target, mask: mask) }
    }
    let visible = Tensor([Float](repeating: 1, count: prediction.count), shape: shape)
    #expect(maskedMSE(prediction, target: target, mask: visible).scalar == 0)
  }
}
