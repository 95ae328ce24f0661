import Skeleton

/// What a plan has made of some samples.
public struct Batch: Sendable {
  /// The samples' names, (N).
  public let names: [String]
  private var values: [(any Sendable)?]

  /// A batch of a plan without anything in it yet.
  public init(_ names: [String], of plan: ViewPlan) {
    self.names = names
    values = [(any Sendable)?](repeating: nil, count: plan.count)
  }

  /// A part of the batch.
  public subscript<Value>(view: View<Value>) -> Value {
    guard let value = values[view.index] as? Value else {
      preconditionFailure("a batch of another plan, or a view that only others are made of")
    }
    return value
  }

  /// Sets a part of the batch.
  public mutating func set<Value>(_ view: View<Value>, to value: Value) { values[view.index] = value }

  mutating func set(_ index: Int, to value: (any Sendable)?) { values[index] = value }
}

/// The samples of a batch, and where its draws come from: (seed, epoch, sample or batch, view) and nothing else, so that
/// a batch does not depend on who makes it or when.
public struct BatchDraw: Sendable {
  /// The seed of the run.
  public let seed: UInt64
  /// The epoch, from 0.
  public let epoch: Int
  /// The number of the batch in its epoch.
  public let index: Int
  /// The samples' names, (N).
  public let names: [String]
  /// The samples' frames, (N).
  public let clips: [SkeletonClip]
  /// Of each sample another one of its group, where the plan groups them, see ``ViewPlan/group(by:)``; nil for one that is
  /// alone. (N), or nothing.
  public var partners: [SkeletonClip?] = []

  /// Some samples and their place in a run.
  public init(seed: UInt64, epoch: Int, index: Int, names: [String], clips: [SkeletonClip]) {
    (self.seed, self.epoch, self.index, self.names, self.clips) = (seed, epoch, index, names, clips)
  }

  /// The draws of a sample for a view.
  public func random(_ view: String, of sample: Int) -> KeyedRandom {
    KeyedRandom(seed: seed, epoch: epoch, sample: names[sample], view: view)
  }

  /// The draws that all samples share for a view.
  public func random(_ view: String) -> KeyedRandom {
    KeyedRandom(seed: seed, epoch: epoch, sample: "batch \(index)", view: view)
  }
}
