import Skeleton

/// A table in plain text: columns as wide as their widest cell, numbers on the right.
public struct TextTable: Sendable, CustomStringConvertible {
  private let header: [String]
  private let rows: [[String]]

  /// A table of a header and rows; every row has as many cells as the header.
  public init(header: [String], rows: [[String]]) {
    precondition(rows.allSatisfy { $0.count == header.count }, "a row has not \(header.count) cells")
    self.header = header.map(\.visibleLine)
    self.rows = rows.map { $0.map(\.visibleLine) }
  }

  /// The table's lines, without a line break at the end.
  public var description: String {
    let widths = header.indices.map { column in
      ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    let isNumeric = header.indices.map { column in
      !rows.isEmpty && rows.allSatisfy { Double($0[column]) != nil || $0[column].isEmpty }
    }
    func line(_ cells: [String]) -> String {
      let padded = cells.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return isNumeric[column] ? space + cell : cell + space
      }
      return trimmed(padded.joined(separator: "  "))
    }
    let rule = trimmed(widths.map { String(repeating: "-", count: $0) }.joined(separator: "  "))
    return ([line(header), rule] + rows.map(line)).joined(separator: "\n")
  }

  private func trimmed(_ line: String) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }
}
