import Foundation
import Reporting

extension BenchmarkPage {
  /// The most recordings whose timelines are drawn.
  private static let mostRecordings = 6
  /// The overlap at which classes of detection are compared.
  private static let classOverlap = "0.1"

  /// The checkpoints' curves, those of one name in one chart.
  var curves: String {
    groups.flatMap { group -> [String] in
      var names: [String] = []
      for curve in group.cells.flatMap({ $0.result?.curves ?? [] }) where !names.contains(curve.name) {
        names.append(curve.name)
      }
      return names.map { name in
        var axis = ""
        let lines = group.cells.compactMap { cell -> Curve? in
          guard let curve = cell.result?.curves?.first(where: { $0.name == name }) else { return nil }
          axis = curve.x_label
          return Curve(cell.checkpoint, dots: curve.points.map { ($0.x, $0.y) })
        }
        return Chart(
          title: "\(name) (\(group.title)), percent", curves: lines, axis: axis, startsAtZero: true
        ).html
      }
    }.joined()
  }

  /// Recordings with what each checkpoint found in them.
  var timelines: String {
    groups.flatMap { group -> [String] in
      let found = group.cells.filter { $0.result?.timelines != nil }
      guard let first = found.first?.result?.timelines else { return [] }
      let actions = found.flatMap { $0.result?.timelines ?? [] }.flatMap { $0.truth + $0.detections }
      let classes = Set(actions.map(\.label)).sorted()
      return first.prefix(Self.mostRecordings).map { recording in
        let rows = found.compactMap { cell in
          cell.result?.timelines?.first { $0.video == recording.video }.map {
            (cell.checkpoint, $0.detections)
          }
        }
        return TimelineFigure(
          title: "\(recording.video) (\(group.title))", rows: [("truth", recording.truth)] + rows,
          classes: classes
        ).html
      } + [
        first.count > Self.mostRecordings
          ? #"<p class="note">The first \#(Self.mostRecordings) of \#(first.count) recordings.</p>"# + "\n"
          : ""
      ]
    }.joined()
  }

  /// How much of each class is right, and how well each was detected.
  var classes: String {
    groups.map { group in
      ClassBars(
        title: group.title,
        series: group.cells.compactMap { cell in
          cell.result?.classification.map { (cell.checkpoint, $0.per_class) }
        }, names: classNames(in: group.cells.compactMap(\.result))
      ).html
        + ClassBars(
          title: "\(group.title): average precision at overlap \(Self.classOverlap)",
          series: group.cells.compactMap { cell in
            cell.result?.detected_classes.map { classes in
              let pairs = classes.map { ($0.name, $0.average_precision[Self.classOverlap] ?? 0) }
              return (cell.checkpoint, Dictionary(uniqueKeysWithValues: pairs))
            }
          }
        ).html
    }.joined()
  }

  /// What classes are called, by their numbers.
  private func classNames(in results: [EvaluationResult]) -> [String: String] {
    guard let result = results.first(where: { $0.class_names != nil }), let names = result.class_names else {
      return [:]
    }
    return Dictionary(
      uniqueKeysWithValues: names.indices.map { (EvaluationResult.className($0), result.title(of: $0)) })
  }

  /// The confusion matrices; those of the first task are open.
  var confusions: String {
    var isOpen = true
    return groups.map { group in
      let figures = group.cells.compactMap { cell in
        cell.result.flatMap { result in
          result.classification.map {
            ConfusionFigure(title: cell.checkpoint, counts: $0.confusion) {
              (result.shortName(of: $0), result.title(of: $0))
            }.html
          }
        }
      }.joined()
      guard !figures.isEmpty else { return "" }
      defer { isOpen = false }
      return """
        <details\(isOpen ? " open" : "")><summary>\(HTML.escaped(group.title))</summary>
        <div class="figures">
        \(figures)</div></details>

        """
    }.joined()
  }

  /// The maps of features.
  var maps: String {
    report.maps.compactMap { one in
      one.map.map { FeatureFigure(title: "\(one.checkpoint), \(one.data)", map: $0).html }
    }.joined()
  }
}
