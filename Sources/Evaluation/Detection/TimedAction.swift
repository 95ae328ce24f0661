/// An action in a recording, known or found.
public struct TimedAction: Sendable, Equatable, Codable {
  /// The class from 0.
  public var label: Int
  /// The first frame.
  public var start: Int
  /// The frame after the last.
  public var end: Int
  /// How sure a detector is; 1 for an action that is known.
  public var score: Double

  /// An action.
  public init(label: Int, start: Int, end: Int, score: Double = 1) {
    self.label = label
    self.start = start
    self.end = end
    self.score = score
  }
}

/// What is known and what was found in one recording.
public struct DetectedVideo: Sendable, Equatable {
  /// The recording's name.
  public let name: String
  /// Its actions.
  public let truths: [TimedAction]
  /// What a detector found, in any order.
  public let found: [TimedAction]

  /// A recording.
  public init(name: String, truths: [TimedAction], found: [TimedAction]) {
    self.name = name
    self.truths = truths
    self.found = found
  }
}

/// The classes that have an action in some recording, in rising order: those that means over classes are taken of.
func classesWithActions(in videos: [DetectedVideo]) -> [Int] {
  Set(videos.flatMap { $0.truths.map(\.label) }).sorted()
}
