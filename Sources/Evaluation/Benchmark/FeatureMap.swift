import Foundation
import Skeleton
import TensorCore

/// The features of test samples in the plane of their two principal components: `map.json` of a benchmark's cell.
public struct FeatureMap: Codable, Sendable, Equatable {
  /// A sample.
  public struct Point: Codable, Sendable, Equatable {
    /// Its class from 0.
    public var label: Int
    /// Along the direction in which features differ most.
    public var x: Double
    /// Along the next.
    public var y: Double
  }

  /// A direction's share of all variance, from 0 to 1.
  public struct Shares: Codable, Sendable, Equatable {
    /// The first direction's.
    public var x: Double
    /// The second's.
    public var y: Double
  }

  /// The samples in the order of the split.
  public var points: [Point]
  /// How much of the variance the plane shows.
  public var shares: Shares

  /// The map of features. The plane is that of all samples; of more than `most`, evenly chosen ones are kept.
  ///
  /// Numbers are rounded to four digits of the widest, which is finer than can be drawn.
  public init(_ features: FeatureSet, most: Int) {
    let components = PrincipalComponents(
      features.values.values, count: features.names.count, dimensions: features.featureCount)
    let widest = components.points.reduce(0) { max($0, abs($1.x), abs($1.y)) }
    let unit = widest > 0 ? pow(10, (log10(widest)).rounded(.down) - 3) : 1
    func rounded(_ value: Double) -> Double { (value / unit).rounded() * unit }
    let count = components.points.count
    let kept = min(count, most)
    points = (0..<kept).map { index in
      let at = index * count / kept
      let point = components.points[at]
      return Point(label: features.labels[at], x: rounded(point.x), y: rounded(point.y))
    }
    shares = Shares(
      x: (components.shares.x * 1e4).rounded() / 1e4, y: (components.shares.y * 1e4).rounded() / 1e4)
  }
}
