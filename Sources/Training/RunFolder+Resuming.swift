import Foundation
import Recipes
import Shards
import Skeleton

extension RunFolder {
  /// A checkpoint to go on from; nil if none is asked for by name and there is none yet.
  ///
  /// - Parameters:
  ///   - name: a checkpoint file of this folder; nil for the newest.
  ///   - identity: what is to be computed.
  /// - Returns: the checkpoint, and the processor it was computed on if that is another one.
  /// - Throws: an `InputError` if the checkpoint or its state is damaged, which names the one before that is whole;
  ///   or if the run was started with another recipe, data, split or weights.
  func restore(
    _ name: String?, _ identity: Checkpoint.Identity
  ) throws -> (checkpoint: Checkpoint, otherCore: String?)? {
    let file = try name.map(checkpointFile) ?? resumable().first
    guard let file else { return nil }
    let (checkpoint, texts) = try read(file)
    guard let stored = texts["recipe"] else {
      throw InputError(file.path, found: "no pre-training checkpoint", expected: "a recipe in its texts")
    }
    let earlier = try PretrainRecipe(yaml: stored, file: file.path)
    guard identity.recipe.computesTheSame(as: earlier) || identity.recipe.goesOn(from: earlier) else {
      throw InputError(
        file.path, at: "recipe",
        found: (["the run was started with another recipe:"] + identity.recipe.differences(from: earlier))
          .joined(separator: "\n    "),
        hint: "use the run's own \(recipe.path), or another --output")
    }
    guard texts["data"] == identity.data, texts["split"] == identity.split else {
      throw InputError(
        file.path, at: "data",
        found: "the run was started with other data or another split (\(texts["split"] ?? "?"))",
        hint: "use the same --from and --split, or another --output")
    }
    guard identity.start == nil || texts["start_sha256"] == identity.start else {
      throw InputError(
        file.path, at: "start_sha256", found: "the run was started with other weights",
        expected: texts["start_sha256"] ?? "fresh ones",
        hint: "go on without --init; the weights are the checkpoint's")
    }
    return (checkpoint, texts["blas_core"].flatMap { $0 == identity.core ? nil : $0 })
  }

  /// The file of this folder that a user names: by its name or by its path.
  private func checkpointFile(_ name: String) throws -> URL {
    let file = url.appendingPathComponent(URL(fileURLWithPath: name).lastPathComponent)
    let given = URL(fileURLWithPath: name)
    guard try Disk.isThere(file),
      !name.contains("/") || given.standardizedFileURL == file.standardizedFileURL
    else {
      throw InputError(
        name, found: "no checkpoint of \(url.path)",
        expected: "one of \(try resumable().map(\.lastPathComponent).joined(separator: ", "))", kind: .noInput
      )
    }
    return file
  }

  private func read(_ file: URL) throws -> (Checkpoint, [String: String]) {
    do {
      let model = try Safetensors(contentsOf: file)
      let texts = model.metadata
      let progress = try Checkpoint.progress(texts, file: file.path)
      guard let name = texts["state"], !name.contains("/") else {
        throw InputError(file.path, found: "no pre-training checkpoint", expected: "the name of its state")
      }
      let state = try Safetensors(contentsOf: url.appendingPathComponent(name))
      guard state.metadata["sha256"] == texts["state_sha256"] else {
        throw InputError(
          url.appendingPathComponent(name).path,
          found: "not the state that \(file.lastPathComponent) was saved with")
      }
      return (Checkpoint(model: model, state: state, progress: progress), texts)
    } catch var error as InputError where error.kind != .inputOutput {
      // A file that cannot be read now is not a damaged one.
      error.hint = wayOut(of: file)
      throw error
    }
  }

  /// What can be done where a checkpoint is damaged: the newest of the others that is whole.
  private func wayOut(of file: URL) -> String {
    for other in (try? resumable()) ?? [] where other != file {
      guard let texts = try? verify(other),
        let progress = try? Checkpoint.progress(texts, file: other.path)
      else { continue }
      return
        "\(other.lastPathComponent), of step \(progress.steps), is whole: go on from it with "
        + "--resume-from \(other.lastPathComponent)"
    }
    return "no other checkpoint of the run is whole; start again with another --output"
  }
}
