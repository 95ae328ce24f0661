import Foundation
import Shards
import Skeleton

/// The folder of a training run.
///
///     recipe.yaml                what was computed, with every setting
///     checkpoint.safetensors     the newest model
///     previous-000360.safetensors …   the models before it, by their steps
///     state-000390.safetensors …      what resuming needs beside each of these: momentum and queue
///     checkpoint-000050.safetensors …   models that are kept for good, by their epochs
///     best.safetensors           the model of the best epoch, where the recipe keeps it
///     log.csv log.jsonl          a row for each step
///     events.out.tfevents.…      the same for TensorBoard
///     journal.log                what happened to the run, and when
///
/// `save` and `restore` keep the promise that whatever happens, a checkpoint that is whole is there.
public struct RunFolder: Sendable {
  /// The folder.
  public let url: URL

  /// A run's folder, which need not exist yet.
  public init(_ url: URL) { self.url = url }

  /// The newest model.
  public var checkpoint: URL { url.appendingPathComponent("checkpoint.safetensors") }
  /// The model of the best epoch.
  public var best: URL { url.appendingPathComponent("best.safetensors") }
  /// The resolved recipe.
  public var recipe: URL { url.appendingPathComponent("recipe.yaml") }
  /// The log as a table.
  public var csv: URL { url.appendingPathComponent("log.csv") }
  /// The log as a JSON object a line.
  public var jsonLines: URL { url.appendingPathComponent("log.jsonl") }

  /// The log for TensorBoard, which knows such files by their name; the name's time is always 0.
  public var events: URL { url.appendingPathComponent("events.out.tfevents.0000000000.skeltrain") }
  /// What happened to the run, a line each.
  public var journal: URL { url.appendingPathComponent("journal.log") }

  /// The model before the newest that was saved after some steps.
  func previous(steps: Int) -> URL { file("previous", steps) }
  /// What resuming needs beside the model that was saved after some steps.
  func state(steps: Int) -> URL { file("state", steps) }
  /// The model that is kept of an epoch.
  func kept(epochs: Int) -> URL { file("checkpoint", epochs) }

  private func file(_ name: String, _ number: Int) -> URL {
    url.appendingPathComponent("\(name)-\(String(format: "%06d", number)).safetensors")
  }

  /// The files `<name>-NNNNNN.safetensors` with their numbers, the highest first.
  ///
  /// - Throws: an `InputError` if the folder cannot be listed; none are there where there is no folder.
  func numbered(_ name: String) throws -> [(number: Int, url: URL)] {
    try Disk.names(in: url).compactMap { file in
      guard let match = file.wholeMatch(of: #/([a-z]+)-([0-9]{6,})\.safetensors/#), match.1 == name,
        let number = Int(match.2)
      else { return nil }
      return (number, url.appendingPathComponent(file))
    }.sorted { $0.number > $1.number }
  }

  /// The checkpoints that a run may be able to go on from, the newest first.
  ///
  /// - Throws: an `InputError` if it cannot be told which there are.
  func resumable() throws -> [URL] {
    let newest = try Disk.isThere(checkpoint) ? [checkpoint] : []
    return try newest + numbered("previous").map(\.url)
  }
}
