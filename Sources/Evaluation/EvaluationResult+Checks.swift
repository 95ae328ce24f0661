import Shards
import Skeleton

extension EvaluationResult {
  /// The most frames, samples and actions of a kind that a result may speak of, so that sums of them are numbers.
  private static let mostCounted = 1 << 40

  /// Throws if a number is none that an evaluation writes: pages and tables, which compute with it, rely on this.
  ///
  /// - Parameter file: the file that it is from, for messages.
  func check(in file: String) throws {
    func refuse(_ place: String, _ found: String, _ expected: String) -> InputError {
      InputError(
        file, at: place, found: found, expected: expected, hint: "no evaluation writes this; measure again")
    }
    func count(_ number: Int, _ place: String) throws {
      guard (0...Self.mostCounted).contains(number) else {
        throw refuse(place, "\(number)", "a whole number in 0...\(Self.mostCounted)")
      }
    }
    guard !measures.isEmpty else { throw refuse("measures", "nothing", "at least one measure") }
    for (name, number) in samples { try count(number, "samples/\(name)") }
    for (index, spread) in measures.enumerated().compactMap({ at, one in one.spread.map { (at, $0) } }) {
      try count(spread.count, "measures/\(index)/spread/count")
    }
    if let confusion = classification?.confusion {
      guard confusion.count <= ShardLimits.mostClasses, confusion.allSatisfy({ $0.count == confusion.count })
      else {
        throw refuse(
          "classification/confusion",
          "\(confusion.count) rows of \(confusion.map(\.count).max() ?? 0) numbers",
          "a square of at most \(ShardLimits.mostClasses)")
      }
      for (row, counts) in confusion.enumerated() {
        for number in counts { try count(number, "classification/confusion/\(row)") }
      }
    }
    if let names = class_names, names.count > ShardLimits.mostClasses {
      throw refuse("class_names", "\(names.count) names", "at most \(ShardLimits.mostClasses)")
    }
    var names: Set<String> = []
    for (index, one) in (detected_classes ?? []).enumerated() {
      guard names.insert(one.name).inserted else {
        throw refuse("detected_classes/\(index)/name", "\(one.name) twice", "each class once")
      }
      try count(one.actions, "detected_classes/\(index)/actions")
      try count(one.detections, "detected_classes/\(index)/detections")
    }
    for (index, timeline) in (timelines ?? []).enumerated() {
      for action in timeline.truth + timeline.detections {
        try count(action.start, "timelines/\(index)")
        try count(action.end, "timelines/\(index)")
        guard action.start <= action.end, (0..<ShardLimits.mostClasses).contains(action.label) else {
          throw refuse(
            "timelines/\(index)", "class \(action.label) from frame \(action.start) to \(action.end)",
            "a class in 0..<\(ShardLimits.mostClasses), and an end behind the start")
        }
      }
    }
  }
}
