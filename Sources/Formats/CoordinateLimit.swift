extension DecimalScanner.Number {
  /// How far from the camera a joint can be, in metres: a hundred times what the camera sees.
  ///
  /// What shards hold may be ten times as far, since profiles move and turn bodies.
  private static let farthest = 1000.0

  /// The number as a coordinate: too large where nobody can be.
  @inline(__always)
  var asCoordinate: DecimalScanner.Number {
    if case .finite(let value) = self, abs(value) > Self.farthest { return .outOfRange }
    return self
  }
}
