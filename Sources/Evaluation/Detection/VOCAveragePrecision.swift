/// Average precision as the PASCAL VOC toolkit computes it since 2010, and Simple-Skeleton-Detection for PCM3++.
///
/// The overlap of two actions is their common frames by the frames of either, each counted from start to end
/// inclusive: ends are taken as they stand, which gives every action one frame more than it has. Detections of a class,
/// surest first over all recordings, are each compared with the action of the class that they overlap most. The first
/// to overlap it enough is right; a later one is wrong, also where another action would be free. Precision is made to
/// fall with recall, and the area under it is taken at all points.
public enum VOCAveragePrecision {
  /// The mean over the classes that have actions, from 0 to 1; 0 where none has.
  ///
  /// - Parameter overlap: the least overlap of a right detection, above 0.
  public static func mean(of videos: [DetectedVideo], overlap: Double) -> Double {
    let values = classesWithActions(in: videos).map { value(of: $0, in: videos, overlap: overlap) }
    return values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }

  /// The average precision of one class that has actions, from 0 to 1.
  public static func value(of label: Int, in videos: [DetectedVideo], overlap: Double) -> Double {
    let truths = videos.map { $0.truths.filter { $0.label == label } }
    let count = truths.reduce(0) { $0 + $1.count }
    precondition(count > 0, "class \(label) has no action")
    var isTaken = truths.map { [Bool](repeating: false, count: $0.count) }
    let found = videos.enumerated().flatMap { video, content in
      content.found.filter { $0.label == label }.map { (video: video, action: $0) }
    }
    // `sorted` keeps the order of equals, so ties are settled by recording and then by order of detection.
    var isRight: [Bool] = []
    for (video, action) in found.sorted(by: { $0.action.score > $1.action.score }) {
      var best: (overlap: Double, index: Int)?
      for (index, truth) in truths[video].enumerated() {
        let value = overlapInclusive(action, truth)
        if value > best?.overlap ?? 0 { best = (value, index) }
      }
      guard let best, best.overlap >= overlap, !isTaken[video][best.index] else {
        isRight.append(false)
        continue
      }
      isTaken[video][best.index] = true
      isRight.append(true)
    }
    return area(isRight, of: count)
  }

  /// The common frames by the frames of either, ends inclusive.
  static func overlapInclusive(_ a: TimedAction, _ b: TimedAction) -> Double {
    let common = min(a.end, b.end) - max(a.start, b.start) + 1
    guard common > 0 else { return 0 }
    return Double(common) / Double((a.end - a.start + 1) + (b.end - b.start + 1) - common)
  }

  /// The area under the falling envelope of precision over recall.
  private static func area(_ isRight: [Bool], of count: Int) -> Double {
    var right = 0
    let precisions = isRight.enumerated().map { index, isOne in
      right += isOne ? 1 : 0
      return Double(right) / Double(index + 1)
    }
    var (area, envelope) = (0.0, 0.0)
    for index in isRight.indices.reversed() {
      envelope = max(envelope, precisions[index])
      if isRight[index] { area += envelope / Double(count) }
    }
    return area
  }
}
