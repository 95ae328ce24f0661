import Skeleton
import TensorCore

/// What is made of the samples of every batch: the views that a method has asked for, in the order in which it did.
///
/// A view's name is part of the key of its draws, so that a view is the same whatever others there are.
public struct ViewPlan: Sendable {
  private struct Maker: Sendable {
    let isKept: Bool
    let make: @Sendable (BatchDraw, Batch) -> any Sendable
  }

  private var makers: [Maker] = []
  /// What samples of a group have in common, by their names; nil where a batch is of single samples.
  public private(set) var group: (@Sendable (_ name: String) -> String?)?
  private let stream: SkeletonStream

  /// A plan of nothing.
  ///
  /// - Parameter stream: what the views are of that do not say otherwise.
  public init(stream: SkeletonStream = .joint) { self.stream = stream }

  /// How many views there are.
  public var count: Int { makers.count }

  /// Adds a view.
  ///
  /// - Parameters:
  ///   - keeps: whether the batch has it; one that only later views are made of is dropped with the samples.
  ///   - make: makes it of the samples, and of the views that were added before.
  public mutating func add<Value: Sendable>(
    keeps: Bool = true, _ make: @escaping @Sendable (_ draw: BatchDraw, _ made: Batch) -> Value
  ) -> View<Value> {
    makers.append(Maker(isKept: keeps, make: make))
    return View(index: makers.count - 1)
  }

  /// Has batches bring another sample of the same group for each of theirs, from the same side of the split.
  ///
  /// - Parameter key: what samples of a group have in common, by their names; nil for a sample that is in none. Two
  ///   views that group have to group alike.
  public mutating func group(by key: @escaping @Sendable (_ name: String) -> String?) { group = key }

  /// Adds the other samples of the batch's groups, (N); nil for a sample that is alone in its own.
  public mutating func partners() -> View<[SkeletonClip?]> {
    add(keeps: false) { draw, _ in
      draw.partners.isEmpty ? draw.clips.map { _ in nil } : draw.partners
    }
  }

  /// Adds samples that were augmented, each by draws of its own for the view's name. They are of no stream yet.
  public mutating func samples(_ name: String, _ steps: [Augmentation]) -> View<[SkeletonClip]> {
    add(keeps: false) { draw, _ in
      draw.clips.indices.map { sample in
        var random = draw.random(name, of: sample)
        return steps.reduce(draw.clips[sample]) { $1($0, &random) }
      }
    }
  }

  /// Adds samples that were augmented further, each by draws of its own for the view's name.
  public mutating func samples(
    _ name: String, of view: View<[SkeletonClip]>, _ steps: [Augmentation]
  ) -> View<[SkeletonClip]> {
    add(keeps: false) { draw, made in
      made[view].enumerated().map { sample, clip in
        var random = draw.random(name, of: sample)
        return steps.reduce(clip) { $1($0, &random) }
      }
    }
  }

  /// Adds a stream of samples, by default the plan's.
  ///
  /// Streams come after augmentations and before anything is mixed, cut or hidden: displacements between a clip and what
  /// was pasted into it, or the zeros around it, are no motion.
  public mutating func samples(
    _ view: View<[SkeletonClip]>, in stream: SkeletonStream? = nil
  ) -> View<[SkeletonClip]> {
    let stream = stream ?? self.stream
    return add(keeps: false) { _, made in made[view].map(stream.derived) }
  }

  /// Adds samples as encoders read them, (N, T, 150); they have to be of one length.
  public mutating func clips(_ samples: View<[SkeletonClip]>) -> View<Clips> {
    add { _, made in Clips(SkeletonClip.stacked(made[samples])) }
  }

  /// Adds augmented samples of a stream, by default the plan's, as encoders read them, (N, T, 150).
  public mutating func clips(
    _ name: String, _ steps: [Augmentation], in stream: SkeletonStream? = nil
  ) -> View<Clips> {
    clips(samples(samples(name, steps), in: stream))
  }

  /// What becomes of some samples.
  public func batch(of draw: BatchDraw) -> Batch {
    var batch = Batch(draw.names, of: self)
    for (index, maker) in makers.enumerated() { batch.set(index, to: maker.make(draw, batch)) }
    for (index, maker) in makers.enumerated() where !maker.isKept { batch.set(index, to: nil) }
    return batch
  }
}

extension SkeletonClip {
  /// Clips of one length as a tensor, (N, T, 150).
  public static func stacked(_ clips: [SkeletonClip]) -> Tensor {
    let frames = clips.first?.frameCount ?? 0
    precondition(clips.allSatisfy { $0.frameCount == frames }, "clips of different lengths")
    var values: [Float] = []  // (N, T, V, C, M)
    values.reserveCapacity(clips.count * frames * width)
    for clip in clips { values.append(contentsOf: clip.values) }
    return Tensor(values, shape: [clips.count, frames, width])
  }
}
