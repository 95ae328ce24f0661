import Batches
import Recipes

/// How clips of a task are augmented, before their answers are taken.
public struct TaskViewSettings: Sendable, Equatable {
  /// The crop's length as a share of the sample.
  public var crop: ClosedRange<Float> = 0.5...1
  /// The largest number beside the diagonal of a shear.
  public var shear: Float

  /// Crops of at least half of a sample.
  public init(shear: Float) { self.shear = shear }

  static let settings: [Setting<TaskViewSettings>] = [
    .range("crop", \.crop, 0.01...1, "length of the temporal crop, as a share of the sample"),
    .number("shear", \.shear, 0...2, "the largest number beside the diagonal of a shear; 0 for none"),
  ]

  /// A crop, and a shear where there is one.
  func steps(_ frames: Int) -> [Augmentation] {
    [.crop(crop, to: frames)] + (shear > 0 ? [.shear(upTo: shear)] : [])
  }
}
