import Batches
import Foundation
import Encoders
import Methods
import NN
import Recipes
import Reporting
import Shards
import Skeleton
import Training

/// A folder with a small data set, and runs on it that take a moment: 16 samples in 4 steps an epoch, 4 epochs.
struct SmallRun {
  private let temporary: TemporaryFolder
  var folder: URL { temporary.url }
  var recipe = PretrainRecipe()

  /// Runs on noise, or on so many gestures, two thirds of which are training samples.
  init(gestures: Int? = nil) throws {
    temporary = try TemporaryFolder()
    let data = folder.appendingPathComponent("data")
    if let gestures {
      try SmallGestures.write(to: data, samples: gestures)
    } else {
      try SmallDataset.write(to: data, samples: 24, shards: 3)
    }
    recipe.batch = 4
    recipe.epochs = 3
    try recipe.distil(epochs: 1)
    recipe.input.frames = 16
    recipe.gru.hidden = 6
    recipe.gru.layers = 2
    recipe.pcm3pp.projection = 5
    recipe.pcm3pp.decoder = 7
    recipe.pcm3pp.queue = 16
    recipe.rates.milestones = [2]
  }

  func run(_ name: String) -> RunFolder { RunFolder(folder.appendingPathComponent(name)) }

  func training(
    _ name: String, resume: Bool = false, from checkpoint: String? = nil, start: URL? = nil
  ) throws -> Pretraining {
    let source = try SampleSource(
      DatasetFolder(folder.appendingPathComponent("data")), split: "xview", part: .train)
    return try Pretraining(
      recipe, source: source, split: "xview train", run: run(name), resume: resume, from: checkpoint,
      start: start, mode: .none)
  }

  /// Trains until the run is over or a number of steps are done.
  @discardableResult
  func train(
    _ name: String, resume: Bool = false, from checkpoint: String? = nil, start: URL? = nil, steps: Int? = nil
  ) throws -> Pretraining.Outcome {
    var training = try training(name, resume: resume, from: checkpoint, start: start)
    var done = 0
    return try training {
      done += 1
      return done == steps
    }
  }

  /// The columns of a run's log that depend on the recipe alone.
  func losses(_ name: String) throws -> [[Substring]] {
    try String(contentsOf: run(name).csv, encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).dropLast(3).map(\.self)
    }
  }

  /// The bytes of a run's newest checkpoint and of its state.
  func bytes(_ name: String) throws -> [Data] {
    let checkpoint = run(name).checkpoint
    let state = try Safetensors(contentsOf: checkpoint).metadata["state"] ?? "none"
    return try [Data(contentsOf: checkpoint), Data(contentsOf: run(name).url.appendingPathComponent(state))]
  }

  /// The names of a run's safetensors files.
  func arrays(_ name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: run(name).url.path).filter {
      $0.contains(".safetensors")
    }
    .sorted()
  }
}
