import Foundation
import Reporting

/// Curves over steps, as an SVG figure whose colours are those of the page around it.
struct Chart {
  /// What is shown, with its unit.
  var title: String
  /// The lines, at most eight; the page has as many colours.
  var curves: [Curve]
  /// What the horizontal axis counts.
  var axis = "step"
  /// Whether the vertical axis starts at 0. One that does not is logarithmic where the numbers are all positive and span
  /// more than three powers of ten.
  var startsAtZero = false

  /// The ends of the horizontal axis; nil for those of the points.
  var span: ClosedRange<Double>?

  private static let (width, height) = (420.0, 220.0)
  private static let (left, right, top, bottom) = (48.0, 398.0, 8.0, 180.0)

  /// The figure; empty where there is no point.
  var html: String {
    let curves = curves.map(\.drawable)
    let points = curves.flatMap(\.points)
    guard let first = span?.lowerBound ?? points.map(\.x).min(),
      let last = span?.upperBound ?? points.map(\.x).max(),
      let low = points.map(\.low).min(), let high = points.map(\.high).max()
    else { return "" }
    let isLogarithmic = !startsAtZero && low > 0 && high / low > 1000
    let y =
      isLogarithmic
      ? Self.decades(from: low, to: high)
      : Self.ticks(from: startsAtZero ? min(low, 0) : low, to: high, about: 5)
    let x = Self.ticks(from: first, to: last, about: 5).filter { $0 >= first && $0 <= last }
    func height(_ value: Double) -> Double { isLogarithmic ? log10(value) : value }
    let (bottomValue, topValue) = (height(y[0]), height(y[y.count - 1]))
    func across(_ value: Double) -> Double {
      last == first
        ? (Self.left + Self.right) / 2
        : Self.left + (value - first) / (last - first) * (Self.right - Self.left)
    }
    func up(_ value: Double) -> Double {
      Self.bottom - (height(value) - bottomValue) / (topValue - bottomValue) * (Self.bottom - Self.top)
    }
    var svg = ""
    for tick in y {
      let at = Self.text(up(tick))
      svg +=
        #"<line class="grid" x1="\#(Self.text(Self.left))" x2="\#(Self.text(Self.right))" y1="\#(at)" y2="\#(at)"/>"#
      svg +=
        #"<text class="end" x="\#(Self.text(Self.left - 7))" y="\#(Self.text(up(tick) + 4))">\#(isLogarithmic ? Self.short(tick) : Self.label(tick, y))</text>"#
    }
    for tick in x {
      svg +=
        #"<text class="mid" x="\#(Self.text(across(tick)))" y="\#(Self.text(Self.bottom + 18))">\#(Self.label(tick, x))</text>"#
    }
    svg +=
      #"<text class="mid" x="\#(Self.text((Self.left + Self.right) / 2))" y="\#(Self.text(Self.height - 2))">\#(HTML.escaped(axis))</text>"#
    for (index, curve) in curves.enumerated() where !curve.points.isEmpty {
      svg += #"<g class="curve c\#(index % 8)"><title>\#(HTML.escaped(curve.name))</title>"#
      if curve.points.contains(where: { $0.low < $0.high }) && curves.count == 1 {
        let rim =
          curve.points.map { (across($0.x), up($0.high)) }
          + curve.points.reversed().map { (across($0.x), up($0.low)) }
        svg += #"<path class="band" d="\#(Self.path(rim))Z"/>"#
      }
      let line = curve.points.map { (across($0.x), up($0.mean)) }
      svg += #"<path class="line" d="\#(Self.path(line))"/>"#
      if curve.hasDots || curve.points.count == 1 {
        for (x, y) in line { svg += #"<circle r="3.5" cx="\#(Self.text(x))" cy="\#(Self.text(y))"/>"# }
      }
      svg += "</g>"
    }
    let legend = curves.enumerated().compactMap { index, curve in
      curve.points.last.map {
        #"<li class="c\#(index % 8)"><b></b>\#(HTML.escaped(curve.name)) <output>\#(Self.short($0.mean))</output></li>"#
      }
    }.joined()
    let name = HTML.escaped(title)
    return """
      <figure><figcaption>\(name)</figcaption>
      <svg viewBox="0 0 \(Self.text(Self.width)) \(Self.text(Self.height))" role="img" aria-label="\(name)">\(svg)</svg>
      <ul class="legend">\(legend)</ul></figure>

      """
  }

  /// Round numbers from below the lowest to above the highest, at least two. Neither is beyond ``Curve/largest``.
  static func ticks(from low: Double, to high: Double, about count: Int) -> [Double] {
    let size = max(abs(low), abs(high))
    // Numbers closer than this have too few digits between them for marks that differ.
    let isWide = high - low > size * 1e-9
    let span = max(isWide ? high - low : max(size, 1e-12) * 0.2, 1e-300)
    let raw = span / Double(count)
    let power = pow(10, floor(log10(raw)))
    let step = power * ([1, 2, 5, 10].first { $0 * power >= raw * 0.999 } ?? 10)
    let start = (low / step + 1e-9).rounded(.down)
    var end = (high / step - 1e-9).rounded(.up)
    if end <= start { end = start + 1 }
    return (Int(start)...Int(end)).map { Double($0) * step }
  }

  /// Powers of ten from below the lowest to above the highest, both positive, at most eight.
  static func decades(from low: Double, to high: Double) -> [Double] {
    let (first, last) = (Int(floor(log10(low) + 1e-9)), Int(ceil(log10(high) - 1e-9)))
    let step = (last - first + 6) / 7
    return (0...((last - first + step - 1) / step)).map { pow(10, Double(first + $0 * step)) }
  }

  /// A tick's label, with as many decimals as tell it from its neighbours.
  static func label(_ value: Double, _ ticks: [Double]) -> String {
    let step = ticks.count > 1 ? ticks[1] - ticks[0] : max(abs(value), 1)
    if step < 1e-3 || step >= 1e9 { return String(format: "%.4g", abs(value) < step / 2 ? 0 : value) }
    let decimals = max(0, -Int(floor(log10(step) + 1e-9)))
    return String(format: "%.\(decimals)f", abs(value) < step / 2 ? 0 : value)
  }

  /// Four significant digits.
  private static func short(_ value: Double) -> String { String(format: "%.4g", value) }

  /// A place in the drawing, to a tenth of its unit.
  private static func text(_ value: Double) -> String {
    let tenths = String(format: "%.1f", value)
    return tenths.hasSuffix(".0") ? String(tenths.dropLast(2)) : tenths
  }

  private static func path(_ points: [(Double, Double)]) -> String {
    points.enumerated().map { "\($0.offset == 0 ? "M" : "L")\(text($0.element.0)) \(text($0.element.1))" }
      .joined()
  }
}
