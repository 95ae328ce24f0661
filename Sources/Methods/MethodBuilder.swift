import Batches
import Encoders
import NN
import Recipes
import Skeleton
import TensorCore

/// Where a method gets its parts from.
///
/// A class, since a method's initialiser and the parts that it makes add to the same store, views and records.
public final class MethodBuilder {
  /// Parameters, statistics and memory.
  public let store: ParameterStore
  /// What is made of every batch.
  public var views: ViewPlan
  /// The encoders in the order in which they were made; the first is what a run's probe looks at.
  public private(set) var encoders: [(record: EncoderRecord, encoder: any SkeletonEncoder)] = []

  /// What bodies are made of.
  public let layout: SkeletonLayout
  /// What the recipe has beside the method's settings.
  public let around: MethodSurroundings
  private var branch = EncoderRecord.Branch.query

  /// A builder for a recipe.
  ///
  /// - Parameter store: where parameters are kept.
  public init(_ around: MethodSurroundings, layout: SkeletonLayout = .kinect25, store: ParameterStore) {
    (self.around, self.layout, self.store) = (around, layout, store)
    views = ViewPlan(stream: around.stream)
  }

  /// Where names begin.
  public var root: Scope { store.root }
  /// Frames of a clip, T.
  public var frames: Int { around.frames }
  /// Samples in a batch, N.
  public var samples: Int { around.batch }
  /// What clips are, for encoders.
  public var input: EncoderInput { EncoderInput(layout: layout, frames: frames) }

  /// The recipe's encoder, or another one, which evaluations then find by stream and branch.
  ///
  /// - Parameter stream: what it reads, where that is not the recipe's stream.
  public func encoder(
    _ scope: Scope, stream: SkeletonStream? = nil, _ other: Variant<EncoderFamily>? = nil
  ) -> any SkeletonEncoder {
    let settings = other ?? around.encoder
    let encoder = settings.encoder.encoder(scope, input)
    let record = EncoderRecord(
      scope: scope.path, branch: branch, stream: stream ?? around.stream, frames: frames, encoder: settings)
    encoders.append((record, encoder))
    return encoder
  }

  /// The recipe's encoder, where a method needs more of it than a feature of the sequence.
  ///
  /// - Throws: an `InputError` if it is not of that kind.
  public func encoder<Needed>(
    _ scope: Scope, as needed: Needed.Type, stream: SkeletonStream? = nil
  ) throws -> Needed {
    let made = encoder(scope, stream: stream)
    guard let encoder = made as? Needed else {
      throw InputError(
        "the recipe", at: "encoder", found: around.encoder.kind,
        expected: "one that \(Self.need(needed))",
        hint: "the method's own recipe in pipelines/pretrain has one")
    }
    return encoder
  }

  private static func need<Needed>(_ type: Needed.Type) -> String {
    if type == (any FrameEncoder).self { return "has a feature for every frame: gru or lstm" }
    if type == (any TokenEncoder).self { return "reads patches: vit" }
    if type == (any JointSubsetEncoder).self { return "can do without joints: stgcn" }
    if type == (any MapEncoder).self { return "has a feature for every joint: stgcn, agcn or ctrgcn" }
    if type == (any GranularityEncoder).self { return "reads ever fewer frames and joints: hico" }
    if type == (any StreamsEncoder).self { return "reads positions, bones and motion: umurl" }
    return "is a \(type)"
  }

  /// A copy of something that was made before, which follows it and learns nothing itself.
  ///
  /// - Parameters:
  ///   - name: the scope of the copy.
  ///   - student: the scope of what it follows, whose names are the same below.
  public func teacher<Module>(
    _ name: String, of student: String, _ make: (Scope) throws -> Module
  ) rethrows -> Teacher<Module> {
    let others = store.parameters.count
    branch = .key
    defer { branch = .query }
    let module = try make(root / name)
    let twins = store.parameters.dropFirst(others).map { own -> Teacher<Module>.Twins in
      guard let other = store[student + own.name.dropFirst(name.count)] else {
        preconditionFailure("\(own.name) has nothing to follow below \(student)")
      }
      return (other, own)
    }
    return Teacher(module: module, twins: twins)
  }

  /// A queue of keys, random ones at the start.
  public func queue(
    _ name: String, count: Int, size: Int, start: FeatureQueue.Start = .directions
  ) -> FeatureQueue {
    FeatureQueue(root, name, count: count, size: size, start: start)
  }
}
