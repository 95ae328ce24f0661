import Skeleton

/// What no value of a shard goes beyond, so that nothing that reads shards has to fear it.
public enum ShardLimits {
  /// The most classes of a data set that is not known here.
  ///
  /// The published ones have a few hundred. Readers make a confusion matrix of them, and a classifier.
  public static let mostClasses = 1000

  /// How far from the origin a coordinate can be, in metres.
  ///
  /// Kinect v2 sees eight metres, and profiles move and turn bodies but scale none. What is farther is no place, and its
  /// square soon no number.
  public static let farthest: Float = 10_000

  /// The number of classes of a data set: labels are from 0 to one less.
  public static func classCount(of dataset: String) -> Int {
    SkeletonDataset(rawValue: dataset)?.classCount ?? mostClasses
  }

  /// The first of these coordinates that is none.
  static func absurdity(in coordinates: some Collection<Float>) -> Float? {
    // Of NaN every comparison is false.
    coordinates.allSatisfy { abs($0) <= farthest } ? nil : coordinates.first { !(abs($0) <= farthest) }
  }
}
