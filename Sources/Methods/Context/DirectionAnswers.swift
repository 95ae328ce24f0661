import Batches
import Skeleton
import TensorCore

/// Which numbers rise, and which are asked about, (N, T, V · C · M) both.
struct DirectionAnswers: Sendable {
  let rises: Tensor
  let counts: Tensor

  /// The mean of the accuracies of what rises and of what falls.
  func measure(_ logits: [Float], _ step: inout Step) {
    var (right, all) = ([0, 0], [0, 0])
    for ((logit, rises), counts) in zip(zip(logits, rises.values), counts.values) where counts > 0 {
      all[Int(rises)] += 1
      if (logit > 0) == (rises > 0) { right[Int(rises)] += 1 }
    }
    let shares = zip(right, all).compactMap { $1 > 0 ? Float($0) / Float($1) : nil }
    Answers(
      accuracy: shares.reduce(0, +) / Float(max(shares.count, 1)), chance: 1 / Float(max(shares.count, 1))
    )
    .measure("direction", &step)
  }
}

extension SkeletonClip {
  /// The mean length of the first body's bones over all frames; 0 where there is none.
  func meanBone(_ layout: SkeletonLayout) -> Float {
    var (sum, count) = (Float(0), 0)
    for frame in 0..<frameCount {
      for (joint, parent) in layout.parents.enumerated() where joint != parent {
        let (a, b) = (frame * SkeletonClip.width + joint * 6, frame * SkeletonClip.width + parent * 6)
        let square = [0, 2, 4].reduce(Float(0)) { sum, axis in
          let difference = values[a + axis] - values[b + axis]
          return sum + difference * difference
        }
        sum += square.squareRoot()
        count += 1
      }
    }
    return count > 0 ? sum / Float(count) : 0
  }
}
