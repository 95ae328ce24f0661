import Foundation
import Reporting

extension EvaluationResult.Measure {
  /// The name as people read it: `top-1`, `mean class`, `spatial: top-1`.
  public var title: String {
    let plain =
      switch name {
      case "top1": "top-1"
      case "top5": "top-5"
      default: name.replacing("_", with: " ")
      }
    return condition.map { "\($0): \(plain)" } ?? plain
  }

  /// The number with its spread: `84.1`, `66.7 ± 0.4`.
  public var text: String {
    let number = String(format: "%.1f", value)
    return spread.map { "\(number) ± \(String(format: "%.1f", $0.value))" } ?? number
  }
}

extension EvaluationResult {
  /// The result for a terminal: each class with what it is most often taken for or how well it was detected, the
  /// confusion matrix where it fits, curves, and the measures.
  public var summary: String {
    var parts: [String] = []
    if let classification { parts += tables(of: classification) }
    if let detected_classes { parts.append(detected_classes.table) }
    parts += (curves ?? []).map { curve in
      let rows = curve.points.map { ["\($0.x)", String(format: "%.1f", $0.y)] }
      return "\(curve.name)\n" + TextTable(header: [curve.x_label, curve.y_label], rows: rows).description
    }
    if measures.contains(where: { $0.condition != nil || $0.spread != nil }) {
      parts.append(
        TextTable(header: ["measure", "%"], rows: measures.map { [$0.title, $0.text] }).description)
    }
    let own = measures.filter { $0.condition == headline.condition }
    let numbers = own.map { "\($0.title) \($0.text) %" }.joined(separator: ", ")
    var last = "\(task) on \(split): \(numbers) of \(samples["test"] ?? 0) test samples"
    if selected_on_test == true { last += "; chosen by the test samples' accuracy" }
    return (parts + [last]).joined(separator: "\n\n")
  }
}

extension [EvaluationResult.DetectedClass] {
  /// The classes with their average precisions, by rising overlap.
  fileprivate var table: String {
    let overlaps = Set(flatMap(\.average_precision.keys)).sorted()
    let rows = map { one in
      [one.name, String(one.actions), String(one.detections)]
        + overlaps.map { String(format: "%.1f", one.average_precision[$0] ?? 0) }
    }
    return TextTable(header: ["class", "actions", "found"] + overlaps.map { "AP@\($0) %" }, rows: rows)
      .description
  }
}

extension EvaluationResult {
  /// The classes, and the confusion matrix where it fits.
  private func tables(of classification: Classification) -> [String] {
    let confusion = classification.confusion
    let counted = confusion.enumerated().filter { _, row in row.contains { $0 > 0 } }
    let rows = counted.map { label, row in
      let wrong = row.enumerated().filter { $0.offset != label && $0.element > 0 }.max {
        $0.element < $1.element
      }
      let right = classification.per_class[Self.className(label)] ?? 0
      return [
        title(of: label), String(row.reduce(0, +)), String(format: "%.1f", right),
        wrong.map { "\(title(of: $0.offset)) (\($0.element))" } ?? "",
      ]
    }
    var tables = [
      TextTable(header: ["class", "samples", "right %", "most often taken for"], rows: rows).description
    ]
    if counted.count <= 16 {
      let used = counted.map(\.offset)
      let matrix = used.map { row in
        [shortName(of: row)] + used.map { String(confusion[row][$0]) }
      }
      tables.append(
        "confusion (row: true class, column: taken for)\n"
          + TextTable(header: [""] + used.map(shortName), rows: matrix).description)
    }
    return tables
  }
}
