/// How the two bodies of a sample go on beyond its last frame, where they repeat themselves out of step.
///
/// 2s-AGCN fills 300 frames by repeating each body's own frames, and only then moves every frame so that the first body
/// is at its centre. A second body that repeats itself after another number of frames than the first is moved, beyond
/// the recording's end, by what the first body does there, which the sample's own frames do not tell: this does.
public struct BodyLoops: Sendable, Equatable {
  /// The index of the sample in its shard.
  public var sample: Int
  /// The number of frames after which the first body repeats itself, at most the sample's length.
  public var first: Int
  /// The number of frames after which the second body does, another one.
  public var second: Int
  /// Metres, (first, C=3): the place that each frame's bodies were moved by, turned as the sample is; 0 where nothing
  /// was moved.
  public var origins: [Float]

  /// Loops; which sample they belong to is for the builder to say.
  public init(sample: Int = 0, first: Int, second: Int, origins: [Float]) {
    self.sample = sample
    self.first = first
    self.second = second
    self.origins = origins
  }

  /// Whether the values can be right for a sample of so many frames.
  func isSound(length: Int) -> Bool {
    (1...length).contains(first) && (1...length).contains(second) && first != second
      && origins.count == 3 * first && origins.allSatisfy(\.isFinite)
  }
}

extension Shard {
  /// How the bodies of a sample go on beyond its last frame; nil where they are in step, or nobody noted it.
  public func loops(of sample: SampleRecord) -> BodyLoops? {
    loops.first { samples[$0.sample].start == sample.start }
  }
}

/// One column of whole numbers of `/loops`, all int32.
struct LoopColumn: Sendable {
  let name: String
  let value: any WritableKeyPath<BodyLoops, Int> & Sendable

  /// The columns before `origins`, in the order of the format's table.
  static let all: [LoopColumn] = [
    LoopColumn(name: "sample", value: \.sample),
    LoopColumn(name: "first", value: \.first),
    LoopColumn(name: "second", value: \.second),
  ]
}
