import HDF5

/// An action within an untrimmed recording.
public struct ActionInterval: Sendable, Equatable, Codable {
  /// The index of the sample in its shard.
  public var sample: Int
  /// The first frame, counted within the sample.
  public var start: Int
  /// The frame after the last.
  public var end: Int
  /// The class from 0.
  public var label: Int
  /// How sure the annotator was, as the data set says it.
  public var confidence: Float

  /// An interval; which sample it belongs to is for the builder to say.
  public init(sample: Int = 0, start: Int, end: Int, label: Int, confidence: Float = 1) {
    self.sample = sample
    self.start = start
    self.end = end
    self.label = label
    self.confidence = confidence
  }

  /// Whether the values can be right for a sample of so many frames, in a data set of so many classes.
  func isSound(length: Int, classes: Int) -> Bool {
    start >= 0 && start < end && end <= length && (0..<classes).contains(label)
      && confidence.isFinite
  }
}

/// One column of whole numbers of `/intervals`, all int32.
struct IntervalColumn: Sendable {
  let name: String
  let value: any WritableKeyPath<ActionInterval, Int> & Sendable

  /// The columns before `confidence`, in the order of the format's table.
  static let all: [IntervalColumn] = [
    IntervalColumn(name: "sample", value: \.sample),
    IntervalColumn(name: "start", value: \.start),
    IntervalColumn(name: "end", value: \.end),
    IntervalColumn(name: "label", value: \.label),
  ]
}
