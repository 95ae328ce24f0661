import Skeleton
import Testing

@testable import Evaluation

/// The evaluators of detection on cases that can be computed by hand, and against slow restatements.
@Suite struct DetectionMetricsTests {
  private func action(_ label: Int, _ start: Int, _ end: Int, _ score: Double = 1) -> TimedAction {
    TimedAction(label: label, start: start, end: end, score: score)
  }

  private func video(_ truths: [TimedAction], _ found: [TimedAction]) -> DetectedVideo {
    DetectedVideo(name: "0001-L", truths: truths, found: found)
  }

  @Test func vocByHand() {
    // Surest first: right, wrong (the action is taken), right. Precisions 1, 1/2, 2/3; the envelope 1, 2/3, 2/3.
    let one = video(
      [action(0, 0, 99), action(0, 200, 299)],
      [action(0, 0, 99, 0.9), action(0, 10, 99, 0.8), action(0, 200, 289, 0.7)])
    #expect(VOCAveragePrecision.mean(of: [one], overlap: 0.5) == 0.5 + 0.5 * 2 / 3)
    // The second action is overlapped by 90 of 100 frames, which is enough at 0.9 and not above.
    #expect(VOCAveragePrecision.mean(of: [one], overlap: 0.9) == 0.5 + 0.5 * 2 / 3)
    #expect(VOCAveragePrecision.mean(of: [one], overlap: 0.91) == 0.5)
    // A class that nobody does is not counted; one that nobody finds is.
    let two = video([action(1, 0, 10)], [action(2, 0, 10, 0.5)])
    #expect(VOCAveragePrecision.mean(of: [one, two], overlap: 0.91) == 0.25)
    #expect(VOCAveragePrecision.mean(of: [video([], [])], overlap: 0.5) == 0)
  }

  @Test func officialByHand() {
    // Two detections go to the first action, one to none. All there: right 1 of 3, recall 1/2, precision 1/3.
    let one = video(
      [action(0, 0, 100), action(0, 200, 300)],
      [action(0, 0, 100, 0.9), action(0, 10, 100, 0.3), action(0, 500, 600, 0.5)])
    // Away goes 0.3: right 1 of 2, precision 1/2; 0.5: nothing; 0.9: recall falls by 1/2 at the greatest, 1/2.
    #expect(OfficialAveragePrecision.all(of: [one], overlap: 0.5) == 0.25)
    // A detection of another class or in another recording goes to none.
    let two = video([action(0, 0, 100)], [action(1, 0, 100, 0.9)])
    #expect(OfficialAveragePrecision.all(of: [two], overlap: 0.5) == 0)
    #expect(OfficialAveragePrecision.meanOverVideos(of: [one, two], overlap: 0.5) == 0.125)
    #expect(OfficialAveragePrecision.meanOverVideos(of: [one, video([], [])], overlap: 0.5) == 0.25)
    // A lone right detection: its removal is measured at its own precision, 1, so the value is 1, at any overlap.
    let sure = video([action(3, 5, 9)], [action(3, 5, 9, 0.1)])
    #expect(OfficialAveragePrecision.area(of: [sure]) == 1)
    #expect(OfficialAveragePrecision.overlaps.count == 20 && OfficialAveragePrecision.overlaps[9] == 0.5)
    // Half of the frames: right up to 0.5, half of the twenty overlaps.
    let half = video([action(3, 0, 100)], [action(3, 0, 50, 0.1)])
    #expect(OfficialAveragePrecision.area(of: [half]) == 0.5)
    // Overlaps of exactly 0.3 and 0.6 are below the official (k + 1) * 0.05, which are 0.30000000000000004 and
    // 0.6000000000000001: right at 0.05 to 0.25, and to 0.55.
    let three = video([action(3, 0, 10)], [action(3, 0, 3, 0.1)])
    #expect(OfficialAveragePrecision.area(of: [three]) == 0.25)
    let six = video([action(3, 0, 10)], [action(3, 0, 6, 0.1)])
    #expect(OfficialAveragePrecision.area(of: [six]) == 0.55)
  }

  /// The definitions, said slowly, on random detections with many equal scores and overlaps.
  @Test func evaluatorsAreTheirDefinitions() {
    for seed in 0..<20 {
      var random = KeyedRandom(seed: UInt64(seed), view: "detections")
      func actions(_ count: Int) -> [TimedAction] {
        (0..<count).map { _ in
          let start = random.integer(below: 40)
          return action(
            random.integer(below: 3), start, start + 1 + random.integer(below: 12),
            Double(random.integer(below: 4)))
        }
      }
      let videos = (0..<3).map { DetectedVideo(name: "\($0)", truths: actions(6), found: actions(9)) }
      for overlap in [0.1, 0.3, 0.5, 0.7] {
        let all = OfficialAveragePrecision.all(of: videos, overlap: overlap)
        #expect(abs(all - slowOfficial(videos, overlap)) < 1e-12)
        for label in classesWithActions(in: videos) {
          let value = VOCAveragePrecision.value(of: label, in: videos, overlap: overlap)
          #expect(abs(value - slowVOC(label, videos, overlap)) < 1e-12)
        }
      }
    }
  }

  /// For every prefix of the detections, surest first, precision and recall; the area by thresholds of recall.
  private func slowVOC(_ label: Int, _ videos: [DetectedVideo], _ overlap: Double) -> Double {
    let found = videos.indices.flatMap { v in
      videos[v].found.filter { $0.label == label }.map { (v, $0) }
    }.enumerated().sorted { ($1.element.1.score, $0.offset) < ($0.element.1.score, $1.offset) }.map(\.element)
    var taken: [[Int]] = []
    var points: [(recall: Double, precision: Double)] = []
    let total = videos.reduce(0) { $0 + $1.truths.count { $0.label == label } }
    for (index, (v, action)) in found.enumerated() {
      let overlaps = videos[v].truths.map { truth -> Double in
        guard truth.label == label else { return 0 }
        let (a, b) = (Set(action.start...action.end), Set(truth.start...truth.end))
        return Double(a.intersection(b).count) / Double(a.union(b).count)
      }
      let best = overlaps.max() ?? 0
      let truth = overlaps.firstIndex(of: best) ?? 0
      if best >= overlap, !taken.contains([v, truth]) { taken.append([v, truth]) }
      points.append((Double(taken.count) / Double(total), Double(taken.count) / Double(index + 1)))
    }
    return (1...total).reduce(0) { sum, count in
      let recall = Double(count) / Double(total) - 1e-9
      return sum + (points.filter { $0.recall >= recall }.map(\.precision).max() ?? 0) / Double(total)
    }
  }

  /// The detections without the k least sure, for every k.
  private func slowOfficial(_ videos: [DetectedVideo], _ overlap: Double) -> Double {
    let found = videos.indices.flatMap { v in videos[v].found.map { (v, $0) } }.enumerated().sorted {
      ($0.element.1.score, $0.offset) < ($1.element.1.score, $1.offset)
    }.map(\.element)
    let total = videos.reduce(0) { $0 + $1.truths.count }
    func target(_ v: Int, _ action: TimedAction) -> [Int]? {
      let values = videos[v].truths.map { truth -> Double in
        guard truth.label == action.label else { return -9 }
        let common = min(action.end, truth.end) - max(action.start, truth.start)
        return Double(common) / Double(max(action.end, truth.end) - min(action.start, truth.start))
      }
      guard let best = values.max(), best >= overlap, let index = values.lastIndex(of: best) else {
        return nil
      }
      return [v, index]
    }
    let targets = found.map { target($0.0, $0.1) }
    func right(from first: Int) -> Int { Set(targets[first...].compactMap(\.self)).count }
    var best = found.isEmpty ? 0 : Double(right(from: 0)) / Double(found.count)
    var sum = 0.0
    for index in found.indices where targets[index] != nil {
      let left = found.count - index - 1
      best = max(best, left == 0 ? 0 : Double(right(from: index + 1)) / Double(left))
      sum += best * Double(right(from: index) - right(from: index + 1)) / Double(total)
    }
    return sum
  }
}
