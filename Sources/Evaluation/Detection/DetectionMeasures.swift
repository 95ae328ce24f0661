/// What is reported of detection: both evaluators at several overlaps, in percent.
public enum DetectionMeasures {
  /// The overlaps of the table; papers quote some of them.
  static let overlaps = [0.1, 0.3, 0.5, 0.7]
  /// The overlaps of the curves.
  static let curveOverlaps = (1...7).map { Double($0) / 10 }

  /// An evaluator, at an overlap.
  struct Evaluator: Sendable {
    let name: String
    let value: @Sendable ([DetectedVideo], Double) -> Double
  }

  /// `voc_map` is what PCM3++ reports as mAP; the others are those of PKU-MMD's own program: by action (mAP_a), by
  /// video (mAP_v), and of all detections at once.
  static let evaluators = [
    Evaluator(name: "voc_map") { VOCAveragePrecision.mean(of: $0, overlap: $1) },
    Evaluator(name: "official_action") { OfficialAveragePrecision.meanOverActions(of: $0, overlap: $1) },
    Evaluator(name: "official_video") { OfficialAveragePrecision.meanOverVideos(of: $0, overlap: $1) },
    Evaluator(name: "official_all") { OfficialAveragePrecision.all(of: $0, overlap: $1) },
  ]

  /// `voc_map@0.5` first, then every evaluator at every overlap, the area over all overlaps, and the frames.
  public static func all(of outcome: Detection.Outcome) -> [(name: String, percent: Double)] {
    let values = evaluators.flatMap { evaluator in
      overlaps.map { ("\(evaluator.name)@\($0)", 100 * evaluator.value(outcome.videos, $0)) }
    }
    let first = values.firstIndex { $0.0 == "voc_map@0.5" } ?? 0
    return [values[first]] + values[..<first] + values[(first + 1)...] + [
      ("official_2d", 100 * OfficialAveragePrecision.area(of: outcome.videos)),
      ("frame_accuracy", outcome.frameAccuracy),
    ]
  }
}
