import Batches
import Encoders
import Recipes
import Skeleton
import TensorCore

/// A way to learn an encoder from sequences without labels: one file, whose mathematics reads beside its paper.
///
/// Its parts come from a ``MethodBuilder``; whatever is made there is trained, saved, resumed and evaluated.
public protocol PretrainingMethod: SendableMetatype {
  /// Its settings, whose kind is the method's name.
  associatedtype Settings: MethodSettings
  /// The names of all terms that a step may have, in the order of the log's columns.
  var terms: [String] { get }
  /// The names of all numbers that a step may measure beside, which begin with `accuracy_` or `chance_`.
  var measures: [String] { get }
  /// The first epochs of the run in which nothing is learned: the optimizer has nothing to remember of them.
  var fillingEpochs: Int { get }
  /// A method with fresh parameters.
  ///
  /// - Throws: an `InputError` if the recipe's encoder is not such as it needs.
  init(_ settings: Settings, _ build: MethodBuilder) throws
  /// What happens to a batch: losses, which `step` learns from, and whatever moves by itself.
  func step(_ batch: Batch, _ step: inout Step)
  /// Called before the first step of every epoch, which is counted from 0 over the run.
  ///
  /// - Parameter features: the encoder's features of all training samples, (N, D); they are computed when asked for.
  func begin(epoch: Int, _ features: () throws -> Tensor) throws
}

extension PretrainingMethod {
  /// Nothing is measured.
  public var measures: [String] { [] }
  /// All epochs are learned from.
  public var fillingEpochs: Int { 0 }
  /// Nothing happens before an epoch.
  public func begin(epoch: Int, _ features: () throws -> Tensor) throws {}
}

/// The settings of a method, which is what recipes name.
public protocol MethodSettings: RecipeSettings {
  /// Refuses what does not fit what stands around it in the recipe.
  ///
  /// - Throws: an `InputError` that names the settings.
  func check(_ around: MethodSurroundings, in file: String) throws
}

extension MethodSettings {
  /// Everything fits.
  public func check(_ around: MethodSurroundings, in file: String) throws {}
}

/// What a recipe has beside the method's own settings.
public struct MethodSurroundings: Sendable {
  /// Samples in a batch, N.
  public var batch: Int
  /// Frames of a clip, T.
  public var frames: Int
  /// What the encoder reads, where a method does not say otherwise.
  public var stream: SkeletonStream
  /// The encoder.
  public var encoder: Variant<EncoderFamily>

  /// Surroundings.
  public init(batch: Int, frames: Int, stream: SkeletonStream, encoder: Variant<EncoderFamily>) {
    (self.batch, self.frames, self.stream, self.encoder) = (batch, frames, stream, encoder)
  }
}

extension InputError {
  /// What is said where clips are cut into sixteenths and eighths.
  static func frames(_ frames: Int, in file: String) -> InputError {
    InputError(
      file, at: "input.frames", found: "\(frames)", expected: "a multiple of 16",
      hint: "views are mixed in sixteenths and masked in eighths of their length")
  }

  /// What is said where batches do not fill a queue.
  static func queue(_ queue: Int, batch: Int, in file: String) -> InputError {
    InputError(
      file, at: "method.queue", found: "\(queue)", expected: "a multiple of batch, \(batch)",
      hint: "a batch of keys replaces the oldest whole batch")
  }
}
