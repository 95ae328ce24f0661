import Foundation
import Shards
import Skeleton
import Testing

@testable import Evaluation

/// Results that somebody else made, with a seal that is right: what no evaluation writes is refused by its name, and what
/// is read can be shown.
@Suite struct HostileResultTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Reads a result with these parts in place of its own; what it is refused for, or nil.
  private func refusal(_ changes: [String: String]) throws -> InputError? {
    let hash = String(repeating: "0", count: 64)
    var parts = [
      "task": #""linear""#, "measures": #"[{"name":"top1","value":50}]"#, "split": #""xview""#,
      "samples": #"{"train":2,"test":2}"#, "data": #"{"train":"\#(hash)","test":"\#(hash)"}"#,
      "checkpoints": "[]",
      "recipe": #""kind: linear""#,
    ]
    parts.merge(changes) { $1 }
    let json = "{" + parts.map { "\"\($0)\":\($1)" }.sorted().joined(separator: ",") + "}"
    try JSONSeal.sealed(Data(json.utf8)).write(to: folder.url.appendingPathComponent("result.json"))
    do {
      let result = try EvaluationResult(contentsOf: folder.url)
      #expect(!result.summary.isEmpty && !ResultTable([("a", result)]).description.isEmpty)
      for counts in [result.classification?.confusion].compactMap(\.self) {
        _ = ConfusionFigure(title: "", counts: counts).html
      }
      for timeline in result.timelines ?? [] {
        let actions = timeline.truth + timeline.detections
        let rows = [("truth", timeline.truth), ("found", timeline.detections)]
        _ = TimelineFigure(title: "", rows: rows, classes: Set(actions.map(\.label)).sorted()).html
      }
      for curve in result.curves ?? [] {
        _ = Chart(title: "", curves: [Curve("", dots: curve.points.map { ($0.x, $0.y) })]).html
      }
      return nil
    } catch let error as InputError { return error }
  }

  @Test(arguments: [
    ("measures", "[]"), ("samples", #"{"test":-1}"#), ("samples", #"{"test":9223372036854775807}"#),
    ("measures", #"[{"name":"top1","value":50,"spread":{"kind":"deviation","value":1,"count":-1}}]"#),
    ("classification", #"{"per_class":{},"confusion":[[1,2],[3]]}"#),
    ("classification", #"{"per_class":{},"confusion":[[1]"# + String(repeating: ",[1]", count: 2000) + "]}"),
    ("classification", #"{"per_class":{},"confusion":[[9223372036854775807,1],[0,0]]}"#),
    ("classification", #"{"per_class":{},"confusion":[[-1]]}"#),
    (
      "detected_classes",
      #"[{"name":"A001","actions":1,"detections":1,"average_precision":{}},{"name":"A001","actions":1,"detections":1,"average_precision":{}}]"#
    ),
    ("detected_classes", #"[{"name":"A001","actions":-1,"detections":1,"average_precision":{}}]"#),
    (
      "timelines",
      #"[{"video":"v","truth":[{"label":9223372036854775807,"start":0,"end":9,"score":1}],"detections":[]}]"#
    ),
    ("timelines", #"[{"video":"v","truth":[],"detections":[{"label":0,"start":9,"end":0,"score":1}]}]"#),
    (
      "timelines",
      #"[{"video":"v","truth":[{"label":0,"start":-9223372036854775808,"end":9,"score":1}],"detections":[]}]"#
    ),
  ])
  func whatNoEvaluationWritesIsRefused(part: String, json: String) throws {
    let error = try refusal([part: json])
    #expect(
      error?.kind == .badData && error?.place.hasPrefix(part) == true, "\(error?.description ?? "read")")
  }

  @Test(arguments: [
    ("measures", #"[{"name":"top1","value":1e308},{"name":"top5","value":-1e308}]"#),
    (
      "curves",
      #"[{"name":"c","x_label":"x","y_label":"y","points":[{"x":-1e308,"y":1e308},{"x":1e308,"y":5e-324}]}]"#
    ),
    ("classification", #"{"per_class":{"A001":1e308},"confusion":[[1,2],[3,4]]}"#),
    ("classification", #"{"per_class":{},"confusion":[]}"#),
    ("detected_classes", #"[{"name":"A001","actions":1,"detections":1,"average_precision":{"0.1":-1e308}}]"#),
    (
      "timelines",
      #"[{"video":"v","truth":[{"label":0,"start":5,"end":5,"score":1e308}],"detections":[{"label":999,"start":0,"end":1099511627776,"score":-1}]}]"#
    ),
  ])
  func oddNumbersAreShown(part: String, json: String) throws {
    #expect(try refusal([part: json]) == nil)
  }
}
