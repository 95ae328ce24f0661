import Reporting

extension DetectionRecipe: EvaluationTask {
  /// Overlaps that are reported.
  private static let overlaps = [0.1, 0.3, 0.5, 0.7]

  /// Trains a frame classifier on the training recordings and compares what it finds in the others with the truth.
  ///
  /// Measures: `map@θ`, the VOC-style mean average precision over classes; under the condition `official` the official
  /// evaluator's `map_action@θ`, `map_video@θ`, `ap@θ` and `2d_ap`; `frames`, the percent of frames that are right.
  public func evaluate(_ subject: EvaluationSubject, mode: ProgressMode) throws -> EvaluationResult {
    let outcome = try Detection(self)(subject.encoders, train: subject.train, test: subject.test, mode: mode)
    let videos = outcome.videos
    typealias Measure = EvaluationResult.Measure
    var measures = Self.overlaps.map {
      Measure("map@\($0)", 100 * VOCAveragePrecision.mean(of: videos, overlap: $0))
    }
    for overlap in Self.overlaps {
      measures += [
        Measure(
          "map_action@\(overlap)",
          100 * OfficialAveragePrecision.meanOverActions(of: videos, overlap: overlap),
          condition: "official"),
        Measure(
          "map_video@\(overlap)", 100 * OfficialAveragePrecision.meanOverVideos(of: videos, overlap: overlap),
          condition: "official"),
        Measure(
          "ap@\(overlap)", 100 * OfficialAveragePrecision.all(of: videos, overlap: overlap),
          condition: "official"),
      ]
    }
    measures.append(Measure("2d_ap", 100 * OfficialAveragePrecision.area(of: videos), condition: "official"))
    measures.append(Measure("frames", outcome.frameAccuracy))
    var result = EvaluationResult(self, of: subject, measures: measures)
    result.curves = [
      Self.curve("map", of: videos, VOCAveragePrecision.mean),
      Self.curve("official: map action", of: videos, OfficialAveragePrecision.meanOverActions),
    ]
    result.timelines = videos.map(EvaluationResult.Timeline.init)
    result.head = outcome.head
    return result
  }

  /// An evaluator over overlaps of 0.1 to 0.7.
  private static func curve(
    _ name: String, of videos: [DetectedVideo], _ evaluator: ([DetectedVideo], Double) -> Double
  ) -> EvaluationResult.Curve {
    EvaluationResult.Curve(
      name, x: "overlap", y: "%",
      points: (1...7).map {
        EvaluationResult.Curve.Point(x: Double($0) / 10, y: 100 * evaluator(videos, Double($0) / 10))
      })
  }
}
