/// The interpolated average precision of PKU-MMD's own evaluation program.
///
/// The overlap of two actions of one class is (least end − greatest start) by (greatest end − least start). Each
/// detection goes to the action that it overlaps most, the last of equals, if it does so enough; several may go to one,
/// which counts once. Then the detections are taken away, least sure first. Whenever one that went to an action goes,
/// the area grows by the recall that is lost with it times the greatest precision so far, which is measured after the
/// removal; so the value is slightly higher than the area under the curve.
///
/// Source: Liu et al., "PKU-MMD: A large scale benchmark for continuous multi-modal human action understanding", 2017,
/// section 5, and its `evaluate.py`.
public enum OfficialAveragePrecision {
  /// The overlaps over which ``area(of:)`` is the mean: 0.05, 0.10, … 1.
  ///
  /// They are products in floating point, as in the official program, so that some are a little more than their
  /// decimals: an overlap of exactly 0.3 or 0.6 is less than 6 · 0.05 or 12 · 0.05, and does not count there.
  public static let overlaps = (1...20).map { Double($0) * 0.05 }

  /// Of all detections at once, from 0 to 1.
  ///
  /// - Parameter overlap: the least overlap of a right detection, above 0.
  public static func all(of videos: [DetectedVideo], overlap: Double) -> Double {
    value(of: videos, overlap: overlap) { _ in true }
  }

  /// The mean over the classes that have actions, mAP_a, from 0 to 1; 0 where none has.
  ///
  /// The official program divides by 51 whatever classes there are; here a class without actions does not count.
  public static func meanOverActions(of videos: [DetectedVideo], overlap: Double) -> Double {
    let values = classesWithActions(in: videos).map { label in
      value(of: videos, overlap: overlap) { $0 == label }
    }
    return values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }

  /// The mean over the recordings that have actions, mAP_v, from 0 to 1; 0 where none has.
  public static func meanOverVideos(of videos: [DetectedVideo], overlap: Double) -> Double {
    let values = videos.filter { !$0.truths.isEmpty }.map { video in all(of: [video], overlap: overlap) }
    return values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }

  /// 2D-AP: the area under ``all(of:overlap:)`` over ``overlaps``.
  public static func area(of videos: [DetectedVideo]) -> Double {
    overlaps.reduce(0) { $0 + all(of: videos, overlap: $1) } / Double(overlaps.count)
  }

  /// The average precision of the classes that `isCounted` picks.
  private static func value(
    of videos: [DetectedVideo], overlap: Double, isCounted: (Int) -> Bool
  ) -> Double {
    var hits: [[Int]] = []  // for each video and action, the detections that went to it and are still there
    var found: [(score: Double, hit: (video: Int, truth: Int)?)] = []
    for (index, video) in videos.enumerated() {
      let truths = video.truths.filter { isCounted($0.label) }
      hits.append([Int](repeating: 0, count: truths.count))
      for action in video.found where isCounted(action.label) {
        let truth = match(action, truths, overlap: overlap)
        if let truth { hits[index][truth] += 1 }
        found.append((action.score, truth.map { (index, $0) }))
      }
    }
    let total = hits.reduce(0) { $0 + $1.count }
    guard total > 0 else { return 0 }
    var right = hits.reduce(0) { $0 + $1.count { $0 > 0 } }
    var left = found.count
    var precision = left == 0 ? 0 : Double(right) / Double(left)
    var recall = Double(right) / Double(total)
    var area = 0.0
    // `sorted` keeps the order of equals.
    for (_, hit) in found.sorted(by: { $0.score < $1.score }) {
      left -= 1
      guard let hit else { continue }
      hits[hit.video][hit.truth] -= 1
      if hits[hit.video][hit.truth] == 0 { right -= 1 }
      precision = max(precision, left == 0 ? 0 : Double(right) / Double(left))
      area += precision * (recall - Double(right) / Double(total))
      recall = Double(right) / Double(total)
    }
    return area
  }

  /// The action that a detection goes to.
  private static func match(_ action: TimedAction, _ truths: [TimedAction], overlap: Double) -> Int? {
    var best: (overlap: Double, index: Int)?
    for (index, truth) in truths.enumerated() where truth.label == action.label {
      let common = Double(min(action.end, truth.end) - max(action.start, truth.start))
      let value = common / Double(max(action.end, truth.end) - min(action.start, truth.start))
      if value >= overlap, value >= best?.overlap ?? overlap { best = (value, index) }
    }
    return best?.index
  }
}
