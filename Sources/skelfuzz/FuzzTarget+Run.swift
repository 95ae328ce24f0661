import Batches
import Evaluation
import Foundation
import Preparation
import Recipes
import Reporting
import Shards
import Skeleton
import Synchronization
import TensorCore
import Training

/// What `pretrain --resume`, `evaluate` and `predict` make of files of a small run, which lies in the corpus: its data
/// set, its recipe, and a checkpoint and a state for each optimizer.
extension FuzzTarget {
  static let checkpoint = FuzzTarget(
    name: "checkpoint", isText: true, words: safetensorsWords, head: 6000, allowance: 16 << 20,
    repair: sumArrays
  ) { bytes, place in
    let run = try folder(place)
    try Data(bytes).write(to: run.checkpoint)
    let optimizer = optimizer(bytes, "adam")
    let state = place.corpus.appendingPathComponent("state/\(optimizer).safetensors")
    try FileManager.default.copyItem(
      at: state, to: run.url.appendingPathComponent("state-000001.safetensors"))
    var outcome = Outcome.refused
    do {
      let encoder = try FrozenEncoder(checkpoint: run.url)
      let features = try encoder.features(of: source(place))
      guard features.values.values.allSatisfy(\.isFinite) else {
        throw Contradiction(description: "features that are not finite")
      }
      outcome = .read
    } catch is InputError {}
    return try goOn(run, optimizer, place) == .read ? .read : outcome
  }

  static let state = FuzzTarget(
    name: "state", isText: true, words: safetensorsWords, head: 4000, allowance: 16 << 20, repair: sumArrays
  ) { bytes, place in
    let run = try folder(place)
    let file = run.url.appendingPathComponent("state-000001.safetensors")
    try Data(bytes).write(to: file)
    let optimizer = optimizer(bytes, "first.")
    let source = place.corpus.appendingPathComponent("checkpoint/\(optimizer).safetensors")
    var checkpoint = try Safetensors(contentsOf: source)
    // The checkpoint is one that belongs to this state.
    checkpoint.metadata["state_sha256"] = (try? Safetensors.metadata(of: file))?["sha256"] ?? ""
    try checkpoint.write(to: run.checkpoint)
    return try goOn(run, optimizer, place)
  }

  static let head = FuzzTarget(
    name: "head", isText: true, words: safetensorsWords, head: 3000, allowance: 16 << 20, repair: sumArrays
  ) { bytes, place in
    let file = place.file.appendingPathExtension("safetensors")
    try Data(bytes).write(to: file)
    do {
      let head = try TrainedHead(contentsOf: file)
      let predictor = try Predictor(
        head,
        encoders: [
          FrozenEncoder(checkpoint: place.corpus.appendingPathComponent("checkpoint/sgd.safetensors"))
        ])
      let raw = place.corpus.appendingPathComponent("run/S001C001P001R001A001.skeleton").path
      let recording = try PreparedRecording(raw, recipe: head.conversion)
      let count = recording.frames.count / SkeletonClip.width
      let report = try predictor(SkeletonClip(frames: recording.frames, from: 0, count: count))
      guard case .recognition(let recognition) = report else { return .read }
      guard !recognition.probabilities.isEmpty, recognition.probabilities.allSatisfy(\.isFinite) else {
        throw Contradiction(description: "probabilities \(recognition.probabilities.prefix(3))")
      }
    } catch is InputError { return .refused }
    return .read
  }

  /// Resumes the run and takes one step, which is saved, and then whole.
  private static func goOn(_ run: RunFolder, _ optimizer: String, _ place: Place) throws -> Outcome {
    let recipe = try PretrainRecipe(contentsOf: place.corpus.appendingPathComponent("run/\(optimizer).yaml"))
    do {
      var training = try Pretraining(
        recipe, source: source(place), split: "xview train", run: run, resume: true, mode: .none)
      try training(stop: { true })
    } catch is InputError { return .refused }
    _ = try Safetensors.verify(run.checkpoint)
    return .read
  }

  /// An empty folder for a run, of this thread.
  private static func folder(_ place: Place) throws -> RunFolder {
    let url = place.file.appendingPathExtension("run")
    try? FileManager.default.removeItem(at: url)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return RunFolder(url)
  }

  /// Which of the two runs a file is taken to be of: that of Adam if it has the word.
  private static func optimizer(_ bytes: [UInt8], _ word: String) -> String {
    let (start, word) = (bytes.prefix(8000), Array(word.utf8))
    let isAdam = start.indices.dropLast(word.count).contains {
      start[$0..<($0 + word.count)].elementsEqual(word)
    }
    return isAdam ? "adam" : "sgd"
  }

  private static let opened = Mutex<SampleSource?>(nil)

  /// The run's training samples.
  private static func source(_ place: Place) throws -> SampleSource {
    try opened.withLock { known in
      if let known { return known }
      let source = try SampleSource(
        DatasetFolder(place.corpus.appendingPathComponent("run/data")), split: "xview", part: .train)
      known = source
      return source
    }
  }
}
