import Foundation
import Reporting

/// What the figures of the benchmark's page share: how numbers and texts stand in SVG.
enum Drawing {
  /// A place or size, to a tenth of the drawing's unit.
  static func number(_ value: Double) -> String {
    let tenths = String(format: "%.1f", value)
    guard tenths.hasSuffix(".0") else { return tenths }
    return tenths == "-0.0" ? "0" : String(tenths.dropLast(2))
  }

  /// The class of a colour: one of the page's eight.
  static func colour(_ index: Int) -> String { "c\(index % 8)" }

  /// Text in the drawing; `kind` is `mid`, `end` or empty for where its place is in it.
  static func text(_ text: String, x: Double, y: Double, kind: String = "") -> String {
    let style = kind.isEmpty ? "" : #" class="\#(kind)""#
    return #"<text\#(style) x="\#(number(x))" y="\#(number(y))">\#(HTML.escaped(text))</text>"#
  }

  /// A figure around a drawing, with what it is called and a line of explanation.
  static func figure(
    _ title: String, width: Double, height: Double, _ svg: String, below: String = "", kind: String = ""
  ) -> String {
    let name = HTML.escaped(title)
    let style = kind.isEmpty ? "" : #" class="\#(kind)""#
    return """
      <figure\(style)><figcaption>\(name)</figcaption>
      <svg viewBox="0 0 \(number(width)) \(number(height))" role="img" aria-label="\(name)">\(svg)</svg>
      \(below)</figure>

      """
  }

  /// A legend of names in the page's colours.
  static func legend(_ names: [String]) -> String {
    let items = names.enumerated().map { index, name in
      #"<li class="\#(colour(index))"><b></b><span>\#(HTML.escaped(name))</span></li>"#
    }
    return #"<ul class="legend">\#(items.joined())</ul>"#
  }
}
