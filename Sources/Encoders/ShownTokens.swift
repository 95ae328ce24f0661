import TensorCore

extension Tensor {
  /// Which of a batch's lists of `length` tokens are there, the first `counts[b]` of each: (B, length), 1 or 0.
  static func showing(first counts: [Int], of length: Int) -> Tensor {
    precondition(
      counts.allSatisfy { (1...length).contains($0) }, "\(counts) tokens of lists of \(length), not 1 to all")
    let values = counts.flatMap { count in (0..<length).map { $0 < count ? Float(1) : 0 } }
    return Tensor(values, shape: [counts.count, length])
  }
}
