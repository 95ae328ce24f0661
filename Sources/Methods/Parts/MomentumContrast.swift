import NN
import Recipes
import Skeleton
import TensorCore

/// The sizes of contrast with a queue. Defaults are those of SkeletonCLR and the methods that were made of it.
public struct MomentumContrastSettings: Sendable, Equatable {
  /// Numbers in an embedding, D.
  public var projection = 128
  /// Keys in the queue, K, a multiple of the batch size.
  public var queue = 32768
  /// How much of the key branch stays in a step.
  public var keyMomentum: Float = 0.999
  /// The temperature of InfoNCE, τ.
  public var temperature: Float = 0.07

  /// The published settings.
  public init() {}

  static let settings: [Setting<MomentumContrastSettings>] = [
    .integer("projection", \.projection, 2...4096, "numbers in an embedding"),
    .integer("queue", \.queue, 2...1_048_576, "keys in the queue, a multiple of the batch"),
    .number("key_momentum", \.keyMomentum, 0...1, "how much of the key branch stays in a step"),
    .number("temperature", \.temperature, 0.001...10, "temperature of InfoNCE"),
  ]

  /// The settings of methods that compare features as they are.
  static var withoutProjection: [Setting<MomentumContrastSettings>] {
    settings.filter { $0.key != "projection" }
  }

  /// Refuses batches that do not fill the queue.
  func check(_ around: MethodSurroundings, in file: String) throws {
    guard queue.isMultiple(of: around.batch) else {
      throw InputError.queue(queue, batch: around.batch, in: file)
    }
  }
}

/// A branch that learns, a copy of it that follows, and a queue of the copy's keys.
///
/// He et al., "Momentum contrast for unsupervised visual representation learning", 2020, sections 3.1 and 3.2.
struct MomentumContrast<Module> {
  let student: Module
  let teacher: Teacher<Module>
  let queue: FeatureQueue
  let settings: MomentumContrastSettings

  /// Parameters `encoder_q*` and `encoder_k*`, memory `queue*`, the star being the suffix.
  ///
  /// - Parameters:
  ///   - start: what keys are before there are any.
  ///   - size: numbers in a key of a branch, where it has no projector.
  ///   - make: makes a branch in a scope.
  init(
    _ settings: MomentumContrastSettings, _ build: MethodBuilder, suffix: String = "",
    start: FeatureQueue.Start = .directions, size: ((Module) -> Int)? = nil,
    _ make: (Scope) throws -> Module
  ) rethrows {
    self.settings = settings
    student = try make(build.root / "encoder_q\(suffix)")
    teacher = try build.teacher("encoder_k\(suffix)", of: "encoder_q\(suffix)", make)
    queue = build.queue(
      "queue\(suffix)", count: settings.queue, size: size?(student) ?? settings.projection, start: start)
  }

  /// Moves the teacher a step, and has it make keys, (N, D), which are constants.
  func keys(_ make: (Module) -> Tensor) -> Tensor {
    teacher.follow(settings.keyMomentum)
    return make(teacher.module).detached()
  }

  /// The cosines of embeddings, (N, D), with their keys and with the queue: (N, 1 + K).
  func logits(_ embeddings: Tensor, _ keys: Tensor) -> Tensor {
    .concatenated(
      [embeddings.rowDot(keys).reshaped([keys.shape[0], 1]), queue.similarities(of: embeddings)], axis: 1)
  }

  /// InfoNCE of embeddings, (N, D), with their keys.
  ///
  /// - Parameter others: negatives beside the queue's, each with one for every row, (N, D), which are constants.
  func nce(_ embeddings: Tensor, _ keys: Tensor, also others: [Tensor] = []) -> Tensor {
    var negatives = queue.similarities(of: embeddings)  // (N, K)
    if !others.isEmpty {
      let own = others.map { embeddings.rowDot($0.detached()).reshaped([$0.shape[0], 1]) }
      negatives = .concatenated([negatives] + own, axis: 1)
    }
    return infoNCE(
      positive: embeddings.rowDot(keys), negatives: negatives, temperature: settings.temperature)
  }
}

/// 1 for the key, column 0, and for each key of a queue that is among the `count` nearest of any of the views, whose
/// cosines are (N, 1 + K) each; else 0: (N, 1 + K).
func minedPositives(_ views: [Tensor], count: Int) -> Tensor {
  let (rows, width) = (views[0].shape[0], views[0].shape[1])
  var mask = [Float](repeating: 0, count: rows * width)
  for row in 0..<rows { mask[row * width] = 1 }
  for view in views where count > 0 {
    let nearest = view.detached().sliced(axis: 1, 1..<width).largestColumns(count)
    for (place, column) in nearest.enumerated() { mask[place / count * width + 1 + column] = 1 }
  }
  return Tensor(mask, shape: [rows, width])
}
