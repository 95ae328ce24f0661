import Reporting

extension DetectionRecipe: EvaluationTask {
  /// Overlaps that are reported.
  private static let overlaps = [0.1, 0.3, 0.5, 0.7]

  /// Trains a frame classifier on the training recordings and compares what it finds in the others with the truth.
  ///
  /// Measures: `map@θ`, the VOC-style mean average precision over classes; under the condition `official` the official
  /// evaluator's `map_action@θ`, `map_video@θ`, `ap@θ` and `2d_ap`; `frames`, the percent of frames that are right;
  /// and under the name of each variant its `map@θ`. Each class has its average precision beside them.
  public func evaluate(_ subject: EvaluationSubject, mode: ProgressMode) throws -> EvaluationResult {
    try subject.checkLearnsFromOthers()
    let detection = try Detection(self, of: subject.encoders, on: subject.train, mode: mode)
    let outcome = try detection.outcome(on: subject.test, mode: mode)
    let videos = outcome.videos
    var measures = Self.maps(of: videos)
    for overlap in Self.overlaps {
      measures += [
        ("map_action", OfficialAveragePrecision.meanOverActions),
        ("map_video", OfficialAveragePrecision.meanOverVideos),
        ("ap", OfficialAveragePrecision.all),
      ].map { name, evaluator in
        EvaluationResult.Measure(
          "\(name)@\(overlap)", 100 * evaluator(videos, overlap), condition: "official")
      }
    }
    measures += [
      EvaluationResult.Measure(
        "2d_ap", 100 * OfficialAveragePrecision.area(of: videos), condition: "official"),
      EvaluationResult.Measure("frames", outcome.frameAccuracy),
    ]
    for variant in subject.variants {
      measures += Self.maps(
        of: try detection.outcome(on: variant.test, mode: mode).videos, condition: variant.name)
    }
    var result = EvaluationResult(self, of: subject, measures: measures)
    result.curves = [
      Self.curve("mAP", of: videos, VOCAveragePrecision.mean),
      Self.curve("official: mAP by action", of: videos, OfficialAveragePrecision.meanOverActions),
    ]
    result.detected_classes = Self.classes(of: videos)
    result.timelines = videos.map(EvaluationResult.Timeline.init)
    result.head = detection.head
    return result
  }

  /// The VOC-style average precision of each class at every overlap.
  private static func classes(of videos: [DetectedVideo]) -> [EvaluationResult.DetectedClass] {
    classesWithActions(in: videos).map { label in
      EvaluationResult.DetectedClass(
        name: EvaluationResult.className(label),
        actions: videos.reduce(0) { $0 + $1.truths.count { $0.label == label } },
        detections: videos.reduce(0) { $0 + $1.found.count { $0.label == label } },
        average_precision: Dictionary(
          uniqueKeysWithValues: overlaps.map {
            ("\($0)", 100 * VOCAveragePrecision.value(of: label, in: videos, overlap: $0))
          }))
    }
  }

  /// The VOC-style mean average precision at every overlap.
  private static func maps(of videos: [DetectedVideo], condition: String? = nil) -> [EvaluationResult.Measure]
  {
    overlaps.map {
      EvaluationResult.Measure(
        "map@\($0)", 100 * VOCAveragePrecision.mean(of: videos, overlap: $0), condition: condition)
    }
  }

  /// An evaluator over overlaps of 0.1 to 0.7.
  private static func curve(
    _ name: String, of videos: [DetectedVideo], _ evaluator: ([DetectedVideo], Double) -> Double
  ) -> EvaluationResult.Curve {
    EvaluationResult.Curve(
      name, x: "overlap", y: "%",
      points: (1...7).map { tenths in
        let overlap = Double(tenths) / 10
        return EvaluationResult.Curve.Point(x: overlap, y: 100 * evaluator(videos, overlap))
      })
  }
}
