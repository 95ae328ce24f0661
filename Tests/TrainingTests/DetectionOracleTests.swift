import Evaluation
import Foundation
import Testing

/// Both evaluators of detection, and the making of actions from frame scores, against the reference programs.
@Suite struct DetectionOracleTests {
  /// What a `detection*.json` holds. Rows are class, start, end, confidence.
  struct Oracle: Decodable {
    struct Values: Decodable {
      let voc: Double
      let voc_per_class: [String: Double]
      let official_video: Double
      let official_all: Double
      let official_action: Double
    }
    struct Segments: Decodable {
      let scores: [[Float]]
      let smoothing_half_width: Int
      let threshold: Float
      let expected: [[Double]]
    }
    let ground_truth: [String: [[Double]]]
    let proposals: [String: [[Double]]]
    let expected: [String: Values]
    let segments: Segments

    var videos: [DetectedVideo] {
      ground_truth.keys.sorted().map { name in
        DetectedVideo(
          name: name, truths: (ground_truth[name] ?? []).map(action),
          found: (proposals[name] ?? []).map(action))
      }
    }

    func action(_ row: [Double]) -> TimedAction {
      TimedAction(label: Int(row[0]), start: Int(row[1]), end: Int(row[2]), score: row[3])
    }
  }

  private func oracles() throws -> [Oracle] {
    try Oracles.files("detection", ending: "json").map {
      try JSONDecoder().decode(Oracle.self, from: Data(contentsOf: $0))
    }
  }

  /// The reference program computes in single precision.
  private func expectEqual(_ value: Double, _ expected: Double, _ what: String) {
    #expect(abs(value - expected) < 1e-6, "\(what): \(value) for \(expected)")
  }

  @Test func bothEvaluatorsAgree() throws {
    for oracle in try oracles() {
      let videos = oracle.videos
      for (text, expected) in oracle.expected {
        let overlap = try #require(Double(text))
        expectEqual(VOCAveragePrecision.mean(of: videos, overlap: overlap), expected.voc, "voc \(text)")
        for (label, value) in expected.voc_per_class {
          let label = try #require(Int(label))
          expectEqual(
            VOCAveragePrecision.value(of: label, in: videos, overlap: overlap), value,
            "voc \(text) of \(label)")
        }
        expectEqual(
          OfficialAveragePrecision.meanOverVideos(of: videos, overlap: overlap), expected.official_video,
          "official by video \(text)")
        expectEqual(
          OfficialAveragePrecision.all(of: videos, overlap: overlap), expected.official_all,
          "official \(text)")
        expectEqual(
          OfficialAveragePrecision.meanOverActions(of: videos, overlap: overlap), expected.official_action,
          "official by action \(text)")
      }
    }
  }

  @Test func actionsOfFrameScoresAgree() throws {
    for oracle in try oracles() {
      let segments = oracle.segments
      let width = try #require(segments.scores.first).count
      let scores = FrameScores(values: segments.scores.flatMap(\.self), width: width)
      let actions = scores.smoothed(halfWidth: segments.smoothing_half_width).actions(
        threshold: segments.threshold)
      #expect(actions.count == segments.expected.count)
      for (action, row) in zip(actions, segments.expected) {
        // The reference counts classes as columns.
        #expect([action.label + 1, action.start, action.end] == row.prefix(3).map { Int($0) })
        expectEqual(action.score, row[3], "score")
      }
    }
  }
}
