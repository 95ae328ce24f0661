import Foundation
import TensorCore

extension Clusters {
  /// How far apart the rows of each cluster are, (K): the mean distance from its centre by log(rows + 10), of clusters of
  /// one row or none the largest, within the 10th and the 90th of hundred, scaled to a mean of `mean`.
  ///
  /// Distances are those of straight lines, where squares are clustered by. Li et al., "Prototypical contrastive learning of
  /// unsupervised representations", 2021.
  public func concentrations(mean: Float) -> [Float] {
    var (sums, counts) = (
      [Double](repeating: 0, count: centres.shape[0]), [Int](repeating: 0, count: centres.shape[0])
    )
    for (number, distance) in zip(numbers, distances) {
      sums[number] += Double(max(distance, 0)).squareRoot()
      counts[number] += 1
    }
    let own = zip(sums, counts).map { $1 > 1 ? $0 / Double($1) / log(Double($1) + 10) : 0 }
    let largest = own.max() ?? 0
    let filled = zip(own, counts).map { $1 > 1 ? $0 : largest }
    let sorted = filled.sorted()
    /// Between the two nearest, as numpy has it.
    func percentile(_ share: Double) -> Double {
      let place = share * Double(sorted.count - 1)
      let lower = Int(place)
      let upper = min(lower + 1, sorted.count - 1)
      return sorted[lower] + (place - Double(lower)) * (sorted[upper] - sorted[lower])
    }
    let (low, high) = (percentile(0.1), percentile(0.9))
    let clipped = filled.map { min(max($0, low), high) }
    let average = clipped.reduce(0, +) / Double(clipped.count)
    // Where all rows are their centres nothing tells clusters apart.
    return clipped.map { average > 0 ? Float($0 / average) * mean : mean }
  }
}
