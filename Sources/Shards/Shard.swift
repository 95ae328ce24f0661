import Skeleton

/// What holds for all samples of a shard.
public struct ShardAttributes: Sendable, Equatable, Codable {
  /// The data set: `ntu60`.
  public var dataset: String
  /// The normalization profile: `agcn300`.
  public var profile: String
  /// The recipe with every default filled in, as JSON.
  public var recipe: String
  /// The names of the joints, axis V.
  public var jointNames: [String]
  /// Frames a second.
  public var frameRate: Double
  /// The unit of the coordinates: `m`.
  public var units: String
  /// Name and version of the program.
  public var generator: String

  /// Attributes; joints and units are those of Kinect v2 unless given.
  public init(
    dataset: String, profile: String, recipe: String, jointNames: [String] = Kinect25.jointNames,
    frameRate: Double = 30, units: String = "m", generator: String
  ) {
    self.dataset = dataset
    self.profile = profile
    self.recipe = recipe
    self.jointNames = jointNames
    self.frameRate = frameRate
    self.units = units
    self.generator = generator
  }
}

/// All values of one shard.
public struct Shard: Sendable {
  /// What holds for all samples.
  public let attributes: ShardAttributes
  /// The samples in the order of their rows.
  public let samples: [SampleRecord]
  /// Metres, (F, M=2, V=25, C=3); an absent body is 0.
  public let frames: [Float]
  /// 1 where a joint was seen, else 0, (F, M, V).
  public let visible: [UInt8]
  /// The actions of untrimmed recordings, else empty.
  public let intervals: [ActionInterval]
  /// Beyond which frame bodies that are out of step repeat themselves, of the few samples that have such, in order.
  public let loops: [BodyLoops]
  /// What was kept of joints on request, (F, M, V, width) each; empty unless it was asked for when reading.
  public internal(set) var columns: [JointColumn: [Float]] = [:]

  /// Numbers of one row of `/frames`: M·V·C.
  public static let frameSize = visibleSize * Kinect25.coordinateCount
  /// Numbers of one row of `/visible`: M·V.
  public static let visibleSize = Kinect25.bodyCount * Kinect25.jointCount
}
