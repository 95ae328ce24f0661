/// Counts as bars of text.
public struct TextHistogram: Sendable, CustomStringConvertible {
  private let rows: [(label: String, count: Int)]
  private let width: Int

  /// A bar for each row, the longest as wide as is given.
  public init(_ rows: [(label: String, count: Int)], width: Int = 40) {
    self.rows = rows
    self.width = width
  }

  /// The lines, without a line break at the end.
  public var description: String {
    let most = max(1, rows.map(\.count).max() ?? 1)
    let labelWidth = rows.map(\.label.count).max() ?? 0
    let countWidth = rows.map { "\($0.count)".count }.max() ?? 0
    return rows.map { row in
      let label = String(repeating: " ", count: labelWidth - row.label.count) + row.label
      let count = String(repeating: " ", count: countWidth - "\(row.count)".count) + "\(row.count)"
      // What is there shows, however little it is.
      let length = row.count == 0 ? 0 : max(1, row.count * width / most)
      return "\(label)  \(count)  " + String(repeating: "█", count: length)
    }.joined(separator: "\n")
  }

  /// Counts as one character each, from a low block to a high one; a point where there is nothing.
  public static func blocks(_ counts: [Int]) -> String {
    let blocks = Array("▁▂▃▄▅▆▇█")
    let most = max(1, counts.max() ?? 1)
    return String(counts.map { $0 == 0 ? "·" : blocks[($0 * blocks.count - 1) / most] })
  }
}
