import Skeleton

/// How layers run: whether batches are normalized by their own statistics, and what dropout draws from.
public struct Pass: Sendable {
  /// Whether the batch's statistics are used, and the running ones follow them.
  public let usesBatchStatistics: Bool
  /// What draws depend on; nil where nothing is dropped.
  private let draw: Draw?

  private struct Draw: Sendable {
    let seed: UInt64
    let epoch: Int
    let batch: Int
    let view: String
  }

  private init(usesBatchStatistics: Bool, draw: Draw?) {
    (self.usesBatchStatistics, self.draw) = (usesBatchStatistics, draw)
  }

  /// Running statistics, nothing dropped.
  public static let evaluation = Pass(usesBatchStatistics: false, draw: nil)

  /// The batch's statistics, which the running ones follow; nothing dropped.
  public static let adapting = Pass(usesBatchStatistics: true, draw: nil)

  /// Training: the batch's statistics, and draws that depend on these four alone, whatever else is drawn.
  public init(seed: UInt64, epoch: Int, batch: Int, view: String) {
    self.init(
      usesBatchStatistics: true, draw: Draw(seed: seed, epoch: epoch, batch: batch, view: view))
  }

  /// The same pass for a part of the model that runs more than once in it: what it draws is its own.
  public func part(_ name: String) -> Pass {
    Pass(
      usesBatchStatistics: usesBatchStatistics,
      draw: draw.map { Draw(seed: $0.seed, epoch: $0.epoch, batch: $0.batch, view: "\($0.view).\(name)") })
  }

  /// A generator for the layer of this name; nil where nothing is dropped.
  ///
  /// The same pass and layer give the same numbers each time: a layer that runs twice in a step needs two passes,
  /// or two parts of one.
  public func random(_ layer: String) -> KeyedRandom? {
    draw.map {
      KeyedRandom(seed: $0.seed, epoch: $0.epoch, sample: "batch \($0.batch)", view: "\($0.view).\(layer)")
    }
  }
}
