import Crypto
import Foundation
import Models
import NN
import Recipes
import Skeleton
import TensorCore

/// The folder of a training run.
///
///     recipe.yaml                what was computed, with every setting
///     checkpoint.safetensors     the newest model
///     state-000012.safetensors   what resuming needs beside it: momentum and queue
///     checkpoint-000050.safetensors …   older models that are kept
///     log.csv log.jsonl          a row for each step
///
/// The state is written first and the checkpoint, which names it by its SHA-256, replaces the last one by a rename:
/// at every moment the newest checkpoint has its own state beside it.
public struct RunFolder: Sendable {
  /// The folder.
  public let url: URL

  /// A run's folder, which need not exist yet.
  public init(_ url: URL) { self.url = url }

  /// The newest model.
  public var checkpoint: URL { url.appendingPathComponent("checkpoint.safetensors") }
  /// The resolved recipe.
  public var recipe: URL { url.appendingPathComponent("recipe.yaml") }
  /// The log as a table.
  public var csv: URL { url.appendingPathComponent("log.csv") }
  /// The log as a JSON object a line.
  public var jsonLines: URL { url.appendingPathComponent("log.jsonl") }

  /// What a run has to know to go on.
  public struct Progress: Sendable, Equatable {
    /// Epochs that are finished.
    public var epochs: Int
    /// Steps that are finished, over all epochs.
    public var steps: Int
    /// The SHA-256 of the data set's manifest.
    public var data: String
    /// The split and side that the run reads.
    public var split: String
  }

  /// Saves a run after an epoch, and removes the state that the last checkpoint had.
  ///
  /// - Parameters:
  ///   - store: the model.
  ///   - momentum: the optimizer's momentum of each parameter.
  ///   - queue: the negatives.
  ///   - keeps: whether a copy of the model stays when newer ones come.
  /// - Throws: an `InputError` if a parameter is not finite, before anything is written, or if the disk is full.
  public func save(
    _ store: ParameterStore, momentum: [String: Tensor], queue: FeatureQueue, recipe: PretrainRecipe,
    progress: Progress, keeps: Bool
  ) throws {
    for parameter in store.parameters where !parameter.value.values.allSatisfy(\.isFinite) {
      throw InputError(
        parameter.name, found: "a parameter that is not finite after epoch \(progress.epochs)",
        hint: "nothing was saved; the checkpoint before is intact. Try a lower optimizer.rate")
    }
    let number = String(format: "%06d", progress.epochs)
    let state = url.appendingPathComponent("state-\(number).safetensors")
    let old = try? Safetensors.metadata(of: checkpoint)["state"]
    var arrays = momentum.map {
      Safetensors.Entry("momentum.\($0.key)", shape: $0.value.shape, .float32($0.value.values))
    }
    arrays.append(Safetensors.Entry("queue", shape: queue.rows.shape, .float32(queue.rows.values)))
    arrays.append(Safetensors.Entry("queue_ptr", shape: [1], .int64([Int64(queue.pointer)])))
    let digest = try Safetensors(arrays, metadata: [:]).write(to: state)
    let model = Safetensors(
      store.entries,
      metadata: [
        "epochs": String(progress.epochs), "steps": String(progress.steps), "data": progress.data,
        "split": progress.split, "recipe": recipe.yaml, "recipe_kind": PretrainRecipe.kind,
        "state": state.lastPathComponent, "state_sha256": digest,
      ])
    if keeps { try model.write(to: url.appendingPathComponent("checkpoint-\(number).safetensors")) }
    try model.write(to: checkpoint)
    if let old, old != state.lastPathComponent {
      try? FileManager.default.removeItem(at: url.appendingPathComponent(old))
    }
  }

  /// The newest checkpoint's progress, after setting the model, the momentum and the queue to it; nil if the run has
  /// none yet.
  ///
  /// - Throws: an `InputError` if a file is damaged, or the run was started with another recipe, data or split.
  public func restore(
    _ store: ParameterStore, optimizer: inout SGD, queue: inout FeatureQueue, recipe: PretrainRecipe,
    data: String,
    split: String
  ) throws -> Progress? {
    guard FileManager.default.fileExists(atPath: checkpoint.path) else { return nil }
    let model = try Safetensors(contentsOf: checkpoint)
    let texts = model.metadata
    let file = checkpoint.path
    guard let epochs = texts["epochs"].flatMap({ Int($0) }), let steps = texts["steps"].flatMap({ Int($0) }),
      let stateName = texts["state"], !stateName.contains("/"), let stored = texts["recipe"]
    else {
      throw InputError(file, found: "no pre-training checkpoint", expected: "epochs, steps, recipe and state")
    }
    guard try PretrainRecipe(yaml: stored, file: file) == recipe else {
      throw InputError(
        file, at: "recipe",
        found: "the run was started with another recipe: "
          + Self.difference(stored, recipe.yaml),
        hint: "use the run's own \(self.recipe.path), or another --output")
    }
    guard texts["data"] == data, texts["split"] == split else {
      throw InputError(
        file, at: "data",
        found: "the run was started with other data or another split (\(texts["split"] ?? "?"))",
        hint: "use the same --from and --split, or another --output")
    }
    let state = try Safetensors(contentsOf: url.appendingPathComponent(stateName))
    guard state.metadata["sha256"] == texts["state_sha256"] else {
      throw InputError(
        url.appendingPathComponent(stateName).path, found: "the state of another checkpoint",
        hint: "start again from an older run, or without --resume in another folder")
    }
    try store.load(model, file: file)
    var momentum: [String: Tensor] = [:]
    for entry in state.entries where entry.name.hasPrefix("momentum.") {
      guard case .float32(let values) = entry.values else { continue }
      momentum[String(entry.name.dropFirst("momentum.".count))] = Tensor(values, shape: entry.shape)
    }
    optimizer.momentumBuffers = momentum
    guard case .int64(let pointer)? = state["queue_ptr"]?.values else {
      throw InputError(stateName, at: "queue_ptr", found: "no such array")
    }
    let rows = try state.floats("queue", shape: queue.rows.shape, file: stateName)
    queue = FeatureQueue(rows: Tensor(rows, shape: queue.rows.shape), pointer: Int(pointer[0]) % queue.count)
    return Progress(epochs: epochs, steps: steps, data: data, split: split)
  }

  /// The first line in which two recipes differ, as `ours instead of theirs`.
  private static func difference(_ stored: String, _ given: String) -> String {
    func setting(_ line: Substring) -> String {
      String(line.split(separator: "#").first ?? "").trimmingCharacters(in: .whitespaces)
    }
    let pairs = zip(stored.split(separator: "\n"), given.split(separator: "\n")).dropFirst()
    return pairs.first { $0 != $1 }.map { "`\(setting($0))` there, `\(setting($1))` here" }
      ?? "other settings"
  }
}
