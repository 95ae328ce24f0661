import NN
import Skeleton
import TensorCore

/// A part of a loss.
public struct Term {
  let name: String
  let value: Tensor
  let weight: Float

  /// A part of a loss with a name of the log, `nce`; the log has its value before the weight.
  public init(_ name: String, _ value: Tensor, weight: Float = 1) {
    (self.name, self.value, self.weight) = (name, value, weight)
  }
}

/// A training step that is being made.
public struct Step {
  /// The seed of the run.
  public let seed: UInt64
  /// The epoch, from 0, over the run.
  public let epoch: Int
  /// The number of the batch in its epoch.
  public let index: Int
  /// The share of the stage that is done.
  public let progress: Double
  private var stop: () -> Bool
  /// Whether it was asked to stop before it had learned from everything, and so is of no use.
  public private(set) var wasStopped = false

  /// The gradient of the loss by every trainable parameter.
  public private(set) var gradients = Gradients()
  private var losses: [Tensor] = []
  private var values: [(name: String, value: Tensor)] = []

  /// What was measured in the step and is no part of its loss, such as an accuracy, by the names of the log's columns.
  public private(set) var measures: [String: Float] = [:]

  /// What a step shows to whom watches it, by name: embeddings, predictions.
  public private(set) var shown: [String: Tensor] = [:]
  private let isWatched: Bool

  /// The beginning of a step.
  ///
  /// - Parameters:
  ///   - isWatched: whether what is shown is kept.
  ///   - stop: asked between views, forward and backward. Once it says true nothing more is learned, and what the step
  ///     has by then is of no use.
  public init(
    seed: UInt64, epoch: Int = 0, index: Int = 0, progress: Double = 0, isWatched: Bool = false,
    stop: @escaping () -> Bool = { false }
  ) {
    (self.seed, self.epoch, self.index, self.progress) = (seed, epoch, index, progress)
    (self.isWatched, self.stop) = (isWatched, stop)
  }

  /// Whether the step was asked to stop.
  public var isStopped: Bool {
    mutating get {
      wasStopped = wasStopped || stop()
      return wasStopped
    }
  }

  /// Learns from the sum of some terms with their weights, at once, so that what is learned from one after another shares
  /// its memory; the gradients of all calls add up.
  public mutating func learn(_ terms: Term...) { learn(terms) }

  /// Learns from the sum of a list of terms.
  public mutating func learn(_ terms: [Term]) {
    let weighted = terms.map { $0.weight == 1 ? $0.value : $0.value * $0.weight }
    values += terms.map { ($0.name, $0.value.detached()) }
    guard let first = weighted.first, !isStopped else { return }
    let loss = weighted.dropFirst().reduce(first, +)
    losses.append(loss.detached())
    gradients.accumulate(TensorCore.gradients(of: loss))
  }

  /// The step without what it was told to ask, so that it can be kept.
  public var finished: Step {
    var step = self
    step.stop = { false }
    return step
  }

  /// The loss.
  public var loss: Float { losses.reduce(0) { $0 + $1.scalar } }

  /// What it was made of, before weights, by the names of the log's columns; terms of one name are added up.
  public var terms: [String: Float] {
    values.reduce(into: [:]) { $0[$1.name] = ($0[$1.name] ?? 0) + $1.value.scalar }
  }

  /// How layers run on a view: draws of dropout depend on it.
  public func pass(_ view: String) -> Pass { Pass(seed: seed, epoch: epoch, batch: index, view: view) }

  /// The step's own draws.
  public func random(_ name: String = "step") -> KeyedRandom {
    KeyedRandom(seed: seed, epoch: epoch, sample: "batch \(index)", view: name)
  }

  /// Puts a number into the log that nothing is learned from, under a name of ``PretrainingMethod/measures``.
  public mutating func measure(_ name: String, _ value: Float) { measures[name] = value }

  /// Shows something to whom watches the step.
  public mutating func show(_ name: String, _ tensor: @autoclosure () -> Tensor) {
    if isWatched { shown[name] = tensor().detached() }
  }
}
