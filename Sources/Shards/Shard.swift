import Skeleton

/// What a shard says about all of its samples: its root attributes.
public struct ShardAttributes: Sendable, Equatable, Codable {
  /// The data set: `ntu60`.
  public var dataset: String
  /// The normalization profile: `agcn300`.
  public var profile: String
  /// The resolved settings of the conversion, JSON.
  public var recipe: String
  /// The joints in the order of axis V.
  public var jointNames: [String]
  /// Frames a second.
  public var frameRate: Double
  /// The unit of the coordinates.
  public var units: String
  /// The program that wrote the shard, with its version.
  public var generator: String

  /// Attributes of a shard.
  public init(
    dataset: String, profile: String, recipe: String, jointNames: [String], frameRate: Double, units: String,
    generator: String
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

/// A shard in memory: a few hundred samples, their frames one after another.
public struct Shard: Sendable, Equatable {
  /// The format's name, root attribute `format`.
  public static let format = "skeleton-shard"
  /// The format's version, root attribute `format_version`.
  public static let version = 1
  /// Numbers in a frame: M · V · C.
  public static let frameWidth = Kinect25.bodyCount * Kinect25.jointCount * Kinect25.coordinateCount
  /// Joints in a frame: M · V.
  public static let jointWidth = Kinect25.bodyCount * Kinect25.jointCount

  /// What holds for all samples.
  public let attributes: ShardAttributes
  /// The samples in the order of their names.
  public let samples: [SampleRecord]
  /// Coordinates, (F, M, V, C); an absent body is 0.
  public let frames: [Float]
  /// 0 where a joint is absent or occluded, else 1, (F, M, V).
  public let visible: [UInt8]

  /// The frames of a sample, (T, M, V, C).
  public func frames(of sample: SampleRecord) -> ArraySlice<Float> {
    frames[(sample.start * Self.frameWidth)..<((sample.start + sample.length) * Self.frameWidth)]
  }

  /// Which joints of a sample are visible, (T, M, V).
  public func visible(of sample: SampleRecord) -> ArraySlice<UInt8> {
    visible[(sample.start * Self.jointWidth)..<((sample.start + sample.length) * Self.jointWidth)]
  }
}
