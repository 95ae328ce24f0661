import Skeleton

/// What is hidden from a recording, to measure how a model copes with it.
///
/// Masks depend on the seed and the sample's name alone, so every method and every machine sees the same ones. Both
/// people of a sample are hidden alike. Follows PCM3++ (arXiv 2406.02978), which leaves open how parts make up a
/// ratio; the rule here is ours.
public struct Occlusion: Sendable, Equatable {
  /// What is hidden.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// Whole body parts, in all frames.
    case spatial
    /// All joints, in one block of frames.
    case temporal
  }

  /// The share of a sample that is to be hidden: a number drawn from a range for each sample.
  public struct Ratio: Sendable, Equatable, CustomStringConvertible {
    /// The least share.
    public let low: Float
    /// The greatest share.
    public let high: Float

    /// A range within 0 … 1.
    public init(_ low: Float, _ high: Float) throws {
      guard 0 < low, low <= high, high < 1 else {
        throw InputError(
          "--ratio", found: "\(low)...\(high)", expected: "numbers between 0 and 1, the lower first")
      }
      self.low = low
      self.high = high
    }

    /// Reads `0.3...0.7`, or `0.5` for a share that is always the same.
    public init(argument: String) throws {
      let ends = argument.replacing("...", with: " ").split(separator: " ").map { Float($0) }
      guard let first = ends.first, let low = first, let last = ends.last, let high = last, ends.count <= 2
      else {
        throw InputError("--ratio", found: argument, expected: "a range such as 0.3...0.7, or a number")
      }
      try self.init(low, high)
    }

    /// The least and the greatest share, as the shortest decimals that mean them.
    public var bounds: [Double] { [low, high].map { Double("\($0)") ?? Double($0) } }

    /// `0.3...0.7`.
    public var description: String { low == high ? "\(low)" : "\(low)...\(high)" }
  }

  /// What is hidden of a sample.
  public struct Mask: Sendable, Equatable {
    /// The hidden joints; all of them for a temporal mask.
    public let joints: [Int]
    /// The frames in which they are hidden.
    public let frames: Range<Int>

    /// The hidden share of a clip of so many frames.
    public func share(ofFrames frameCount: Int) -> Double {
      Double(joints.count * frames.count) / Double(Kinect25.jointCount * max(1, frameCount))
    }
  }

  /// What is hidden.
  public let kind: Kind
  /// How much.
  public let ratio: Ratio
  /// The key of all draws.
  public let seed: UInt64

  /// An occlusion with its settings.
  public init(kind: Kind, ratio: Ratio, seed: UInt64) {
    self.kind = kind
    self.ratio = ratio
    self.seed = seed
  }

  /// The mask of a sample of so many frames.
  ///
  /// Spatial: a share r is drawn, then the parts are gone through in random order, and each is hidden if that brings
  /// the number of hidden joints nearer to r·25. The first is hidden in any case, and never all of them are.
  /// Temporal: a share r is drawn, then the place of a block of r·T frames, rounded, at least one frame and never
  /// all; a clip of a single frame stays as it is.
  public func mask(of sample: String, frameCount: Int) -> Mask {
    var random = KeyedRandom(seed: seed, sample: sample, view: "occlusion.\(kind.rawValue)")
    let share = random.uniform(ratio.low, ratio.high)
    switch kind {
    case .spatial:
      let target = share * Float(Kinect25.jointCount)
      var joints: [Int] = []
      for part in random.shuffled(Kinect25.parts) {
        let more = joints.count + part.joints.count
        let isNearer = abs(Float(more) - target) < abs(Float(joints.count) - target)
        if joints.isEmpty || (isNearer && more < Kinect25.jointCount) { joints += part.joints }
      }
      return Mask(joints: joints.sorted(), frames: 0..<frameCount)
    case .temporal:
      guard frameCount > 1 else { return Mask(joints: Array(0..<Kinect25.jointCount), frames: 0..<0) }
      let length = min(max(Int((share * Float(frameCount)).rounded()), 1), frameCount - 1)
      let start = random.integer(below: frameCount - length + 1)
      return Mask(joints: Array(0..<Kinect25.jointCount), frames: start..<(start + length))
    }
  }
}
