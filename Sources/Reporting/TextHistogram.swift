import Skeleton

/// Counts or shares as bars of text.
public struct TextHistogram: Sendable, CustomStringConvertible {
  private let rows: [(label: String, value: Double, text: String)]
  private let width: Int
  private let most: Double

  /// A bar for each count, the longest as long as there is room.
  ///
  /// - Parameter width: the columns of a line. Labels are cut to two fifths of it.
  public init(_ rows: [(label: String, count: Int)], width: Int = 80) {
    self.rows = rows.map { ($0.label.visibleLine, Double($0.count), "\($0.count)") }
    self.width = width
    most = Double(max(1, rows.map(\.count).max() ?? 1))
  }

  /// A bar for each share of 1, shown in percent.
  public init(shares: [(label: String, share: Double)], width: Int = 80) {
    rows = shares.map { ($0.label.visibleLine, $0.share, TextHistogram.percent($0.share)) }
    self.width = width
    most = 1
  }

  /// The lines, without a line break at the end.
  public var description: String {
    let labelWidth = min(max(1, width * 2 / 5), rows.map(\.label.count).max() ?? 0)
    let textWidth = rows.map(\.text.count).max() ?? 0
    let room = max(1, width - labelWidth - textWidth - 4)
    return rows.map { row in
      let label =
        row.label.count > labelWidth
        ? row.label.prefix(labelWidth - 1) + "…"
        : String(repeating: " ", count: labelWidth - row.label.count) + row.label
      let text = String(repeating: " ", count: textWidth - row.text.count) + row.text
      // What is there shows, however little it is.
      let length = row.value == 0 ? 0 : max(1, Int(row.value / most * Double(room)))
      return "\(label)  \(text)" + (length == 0 ? "" : "  " + String(repeating: "█", count: length))
    }.joined(separator: "\n")
  }

  /// Counts as one character each, from a low block to a high one; a point where there is nothing.
  public static func blocks(_ counts: [Int]) -> String {
    let blocks = Array("▁▂▃▄▅▆▇█")
    let most = max(1, counts.max() ?? 1)
    return String(counts.map { $0 == 0 ? "·" : blocks[($0 * blocks.count - 1) / most] })
  }

  /// A share as people read it: `43.2 %`. What is not all is never 100, what is not nothing never 0.
  public static func percent(_ share: Double) -> String {
    var tenths = Int((share * 1000).rounded())
    if share < 1 { tenths = min(999, tenths) }
    if share > 0 { tenths = max(1, tenths) }
    return "\(tenths / 10).\(tenths % 10) %"
  }
}
