/// A line of a chart: numbers by step, few enough to draw.
struct Curve {
  /// What it is called in the legend.
  var name: String
  /// The points, from left to right.
  var points: [Point]
  /// Whether each point is a measurement of its own, which gets a dot, rather than the mean of many.
  var hasDots = false

  /// One point of a curve, with the smallest and largest of the numbers that it is the mean of.
  struct Point: Equatable {
    var x: Double
    var mean: Double
    var low: Double
    var high: Double
  }

  /// A curve of points that are drawn as they are.
  init(_ name: String, dots: [(x: Double, y: Double)]) {
    self.name = name
    points = dots.map { Point(x: $0.x, mean: $0.y, low: $0.y, high: $0.y) }
    hasDots = true
  }

  /// A curve of many numbers, taken together in at most `most` groups of neighbours.
  ///
  /// - Parameters:
  ///   - values: a number for each step from 1, or none.
  ///   - most: how many points may be drawn.
  init(_ name: String, values: [Double?], most: Int = 300) {
    self.name = name
    let size = max((values.count + most - 1) / most, 1)
    points = stride(from: 0, to: values.count, by: size).compactMap { start in
      let group = values[start..<min(start + size, values.count)].compactMap(\.self)
      guard let low = group.min(), let high = group.max() else { return nil }
      let middle = Double(start) + Double(min(size, values.count - start) + 1) / 2
      return Point(x: middle, mean: group.reduce(0, +) / Double(group.count), low: low, high: high)
    }
  }

  /// Larger numbers are drawn as this one, so that their differences are numbers.
  static let largest = 1e300

  /// The curve without what cannot be drawn: points that are no numbers are left out, numbers beyond ``largest`` are
  /// that, and those closer to 0 than its inverse are 0.
  var drawable: Curve {
    func drawn(_ value: Double) -> Double {
      abs(value) < 1 / Self.largest ? 0 : min(max(value, -Self.largest), Self.largest)
    }
    var curve = self
    curve.points = points.filter { ![$0.x, $0.mean, $0.low, $0.high].contains(where: \.isNaN) }.map {
      Point(x: drawn($0.x), mean: drawn($0.mean), low: drawn($0.low), high: drawn($0.high))
    }
    return curve
  }
}
