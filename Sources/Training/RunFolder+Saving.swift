import Foundation
import Shards
import Skeleton

extension RunFolder {
  /// Saves a run, and then removes what is older than the checkpoints that are to stay.
  ///
  /// The state is written first. The checkpoint, which names it by its SHA-256, then replaces the last one by a
  /// rename, and the last one stays under its other name. Both new files are read back from the disk and compared
  /// with their digests before anything is removed, so a kill, a full disk or a bad one leaves a whole checkpoint.
  ///
  /// - Parameters:
  ///   - model: the model's arrays.
  ///   - state: the arrays that going on needs beside them.
  ///   - identity: what the run computes.
  ///   - progress: how far it is.
  ///   - known: the steps of the checkpoint that this run started from or saved last, which is known to be whole.
  /// - Throws: an `InputError` if a number is not finite, before anything is written; if the disk is full; or if
  ///   what was written reads back differently.
  func save(
    model: [Safetensors.Entry], state: [Safetensors.Entry], _ identity: Checkpoint.Identity,
    _ progress: Checkpoint.Progress, known: Int?
  ) throws {
    for entry in model + state {
      guard case .float32(let values) = entry.values, !values.allSatisfy(\.isFinite) else { continue }
      throw InputError(
        entry.name, found: "a number that is not finite after step \(progress.steps)",
        hint: "nothing was saved; the checkpoint before is whole. Try a lower optimizer.rate")
    }
    let stateFile = self.state(steps: progress.steps)
    let digest = try Safetensors(state, metadata: [:]).write(to: stateFile)
    var texts = Checkpoint.texts(identity, progress)
    texts["state"] = stateFile.lastPathComponent
    texts["state_sha256"] = digest
    // One that cannot be read now is not replaced either: it may be the only one.
    if let known, try Disk.isThere(checkpoint),
      try Safetensors.metadata(of: checkpoint)["steps"] == String(known)
    {
      try Disk.duplicate(checkpoint, as: previous(steps: known))
    }
    try Safetensors(model, metadata: texts).write(to: checkpoint)
    try verify(checkpoint)
    for name in otherNames(of: progress, identity.recipe) { try Disk.duplicate(checkpoint, as: name) }
    removeOld(newest: progress.steps, keep: identity.recipe.keep)
  }

  /// Reads a checkpoint and its state from the disk and compares them with their digests.
  ///
  /// - Returns: the checkpoint's texts.
  @discardableResult
  func verify(_ file: URL) throws -> [String: String] {
    let texts = try Safetensors.verify(file)
    guard let name = texts["state"], !name.contains("/") else {
      throw InputError(file.path, found: "no pre-training checkpoint", expected: "the name of its state")
    }
    let state = url.appendingPathComponent(name)
    guard try Safetensors.verify(state)["sha256"] == texts["state_sha256"] else {
      throw InputError(
        state.path, found: "not the state that \(file.lastPathComponent) was saved with",
        hint: "the file is damaged or of another run")
    }
    return texts
  }

  /// Does what follows the saving of a checkpoint, for the one that a run went on from: a kill or a loss of power may
  /// have come between the two.
  ///
  /// The checkpoint gets its other names; and if it is the newest, what is older than those that are to stay goes. Where
  /// it is not the newest, the others may yet be needed.
  ///
  /// - Throws: an `InputError` if a file that has such a name cannot be read, or the checkpoint cannot get it.
  func complete(_ progress: Checkpoint.Progress, _ recipe: PretrainRecipe) throws {
    // Two files may be of this step, of which one is damaged.
    let texts = try resumable().lazy.map { (url: $0, texts: try? verify($0)) }
    guard let saved = texts.first(where: { $0.texts?["steps"] == String(progress.steps) }) else { return }
    for name in otherNames(of: progress, recipe) {
      let isThere = try Disk.isThere(name)
      if isThere, try Safetensors.metadata(of: name)["sha256"] == saved.texts?["sha256"] { continue }
      try Disk.duplicate(saved.url, as: name)
    }
    if saved.url == checkpoint { removeOld(newest: progress.steps, keep: recipe.keep) }
  }

  /// What a checkpoint is called that stays when newer ones come: as that of the best epoch, and as that of its own.
  private func otherNames(of progress: Checkpoint.Progress, _ recipe: PretrainRecipe) -> [URL] {
    let isEpoch = progress.epochSteps == 0
    let isKept = isEpoch && recipe.keepEvery > 0 && progress.epochs.isMultiple(of: recipe.keepEvery)
    return (recipe.keepsBest && progress.isBest ? [best] : [])
      + (isKept ? [kept(epochs: progress.epochs)] : [])
  }

  /// The newest checkpoint in whose step no term of the loss had grown.
  func newestCalm() -> (url: URL, steps: Int)? {
    for url in (try? resumable()) ?? [] where isCalm(url) {
      guard let steps = (try? Safetensors.metadata(of: url)["steps"]).flatMap({ Int($0) }) else { continue }
      return (url, steps)
    }
    return nil
  }

  /// Whether no term of the loss had grown in a checkpoint's step, as far as it can be read.
  private func isCalm(_ file: URL) -> Bool { (try? Safetensors.metadata(of: file))?["growing"] == nil }

  /// Removes all but the newest `keep` checkpoints, and states that none of these names.
  ///
  /// What cannot be removed stays: it costs space and is in nobody's way. Nothing is removed on the word of what cannot
  /// be read: where one of the checkpoints that stay does not name its state, every state stays.
  private func removeOld(newest: Int, keep: Int) {
    guard let previous = try? numbered("previous"), let states = try? numbered("state") else { return }
    // A run that went on from an older checkpoint has left newer ones, which are of another past.
    let past = previous.filter { $0.number < newest }.map(\.url)
    var older = Array(past.prefix(keep - 1))
    // The last one from before the loss grew stays as long as it grows.
    if !([checkpoint] + older).contains(where: isCalm) {
      older += past.dropFirst(keep - 1).filter(isCalm).prefix(1)
    }
    let kept = [checkpoint] + older
    let named = Set(kept.compactMap { try? Safetensors.metadata(of: $0)["state"] })
    for (_, file) in previous where !older.contains(file) { try? Disk.remove(file) }
    if named.count == kept.count {
      for (_, file) in states where !named.contains(file.lastPathComponent) { try? Disk.remove(file) }
    }
    // What a kill has left half-written.
    for file in (try? Disk.names(in: url)) ?? [] where file.hasSuffix(".safetensors.partial") {
      try? Disk.remove(url.appendingPathComponent(file))
    }
  }
}
