/// Features of test samples on the plane in which they differ most. A class has a colour and a shape, and its number
/// stands at its middle.
struct FeatureFigure {
  /// What is shown.
  var title: String
  /// The map.
  var map: FeatureMap

  private static let width = 420.0
  private static let height = 320.0
  private static let margin = 16.0

  /// The figure; empty where there is no point.
  var html: String {
    guard let left = map.points.map(\.x).min(), let right = map.points.map(\.x).max(),
      let low = map.points.map(\.y).min(), let high = map.points.map(\.y).max()
    else { return "" }
    // Both directions have one scale: distances in the figure are distances of features.
    let scale = min(
      (Self.width - 2 * Self.margin) / max(right - left, 1e-9),
      (Self.height - 2 * Self.margin) / max(high - low, 1e-9))
    func place(_ point: FeatureMap.Point) -> (x: Double, y: Double) {
      (
        Self.width / 2 + (point.x - (left + right) / 2) * scale,
        Self.height / 2 - (point.y - (low + high) / 2) * scale
      )
    }
    var (dots, names) = ("", "")
    for (label, points) in Dictionary(grouping: map.points, by: \.label).sorted(by: { $0.key < $1.key }) {
      let places = points.map(place)
      let shape = label / 8 % 4
      let path = places.map { "M\(Drawing.number($0.x)) \(Drawing.number($0.y))\(Self.strokes[shape])" }
        .joined()
      dots += """
        <path class="dots s\(shape) \(Drawing.colour(label))" d="\(path)">\
        <title>\(EvaluationResult.className(label))</title></path>
        """
      let middle = (
        places.map(\.x).reduce(0, +) / Double(places.count),
        places.map(\.y).reduce(0, +) / Double(places.count)
      )
      names += Drawing.text("\(label + 1)", x: middle.0, y: middle.1 + 4, kind: "mid name")
    }
    let shares = [map.shares.x, map.shares.y].map { "\(Drawing.number(100 * $0)) %" }
    return Drawing.figure(
      title, width: Self.width, height: Self.height, dots + names,
      below: """
        <p class="note">\(map.points.count) test samples; the two directions have \(shares[0]) and \(shares[1]) of the \
        variance; numbers: middles of the classes</p>
        """)
  }

  /// A dot (round or square by the ends of its line), a cross, a plus.
  private static let strokes = ["h0", "h0", "m-2.2-2.2l4.4 4.4m0-4.4l-4.4 4.4", "m-3 0h6m-3-3v6"]
}
