import Foundation
import Recipes
import Shards
import Skeleton
import Training

/// A row of the benchmark: where its encoders come from, and what is known of them without encoding anything.
struct BenchmarkEncoder {
  /// What the report says of it.
  var report: BenchmarkReport.Checkpoint
  /// The recipe that its first encoder was made with; nil where it cannot be read.
  var recipe: PretrainRecipe?
  /// Seconds of pre-training, by the run's log.
  var pretrainingSeconds: Double?

  private let files: [URL]
  let failure: InputError?
  /// What decides what each encoder computes and what is said of it, see ``FrozenEncoder/identity``.
  private var identities: [String] = []

  /// Whether it is the baseline.
  var isUntrained: Bool { files.isEmpty }
  /// Whether it is more than one encoder.
  var isEnsemble: Bool { files.count > 1 }

  /// The encoders of a recipe's entry; what is wrong with them is kept, to be told in every cell.
  ///
  /// - Parameter data: the data of the benchmark, one of which they may be trained on.
  init(_ entry: BenchmarkCheckpoint, data: [BenchmarkReport.Data]) {
    files = entry.runs.map { URL(fileURLWithPath: $0) }
    report = BenchmarkReport.Checkpoint(name: entry.name, runs: entry.runs, sha256: [], recipes: [])
    do {
      for file in files {
        let encoder = try FrozenEncoder(checkpoint: file)
        report.sha256.append(encoder.digest)
        report.recipes.append(encoder.recipe.yaml)
        identities.append(encoder.identity)
        recipe = recipe ?? encoder.recipe
      }
      failure = nil
    } catch {
      failure = error as? InputError ?? InputError(entry.name, found: "\(error)")
    }
    report.failure = failure?.description
    guard let first = files.first else { return }
    let texts =
      (try? Safetensors.metadata(
        of: first.pathExtension == "safetensors" ? first : RunFolder(first).checkpoint))
      ?? [:]
    let own = data.first { $0.sha256["train"] != nil && $0.sha256["train"] == texts["data"] }
    report.pretrained = [own?.name, texts["split"]].compactMap(\.self).joined(separator: ", ")
    let seconds = files.compactMap { try? LogTable(contentsOf: RunFolder($0).csv).values("seconds") }
    if seconds.count == files.count { pretrainingSeconds = seconds.joined().compactMap(\.self).reduce(0, +) }
  }

  /// The encoder that a recipe starts from: a file's, or another one's.
  init(untrained file: URL?, else other: PretrainRecipe?) {
    files = []
    report = BenchmarkReport.Checkpoint(
      name: BenchmarkRecipe.untrainedName, runs: [], sha256: [], recipes: [])
    do {
      recipe = try file.map { try PretrainRecipe(contentsOf: $0) } ?? other
      if let recipe { identities = [try FrozenEncoder(untrained: recipe).identity] }
      failure =
        recipe == nil
        ? InputError("the untrained encoder", found: "no checkpoint whose recipe could be read") : nil
    } catch {
      failure = error as? InputError ?? InputError(file?.path ?? "", found: "\(error)")
    }
    report.recipes = recipe.map { [$0.yaml] } ?? []
    report.failure = failure?.description
  }

  /// What a cell's key needs to know: which numbers are in the encoders, and how they are used.
  ///
  /// - Throws: an `InputError` if a checkpoint could not be read.
  func parts() throws -> [String] {
    if let failure { throw failure }
    return [isUntrained ? "untrained" : "trained"] + identities
  }

  /// The encoders; what several tasks ask of them is computed once.
  func encoders(branch: FrozenEncoder.Branch, _ cache: FeatureCache) throws -> [FrozenEncoder] {
    if let failure { throw failure }
    let made =
      if isUntrained, let recipe { [try FrozenEncoder(untrained: recipe)] } else {
        try files.map { try FrozenEncoder(checkpoint: $0, branch: branch) }
      }
    return made.map { encoder in
      var encoder = encoder
      encoder.cache = cache
      return encoder
    }
  }
}
