import Batches
import Encoders
import Evaluation
import Foundation
import Methods
import NN
import Recipes
import Skeleton
import TensorCore
import Testing
@testable import Training

/// Checkpoints and states that somebody else made end with the name of what is wrong, before any work.
@Suite struct HostileCheckpointTests {
  private var small: SmallRun

  init() throws {
    small = try SmallRun()
    small.recipe.epochs = 1
    try small.recipe.distil(epochs: 0)
  }

  /// Writes the newest checkpoint again, changed, with digests that are right.
  private func change(_ small: SmallRun, _ change: (inout Safetensors) -> Void) throws {
    let file = small.run("run").checkpoint
    var tensors = try Safetensors(contentsOf: file)
    change(&tensors)
    try tensors.write(to: file)
  }

  /// Writes the newest state again, changed, with digests that are right.
  private func changeState(_ small: SmallRun, _ change: (inout [Safetensors.Entry]) -> Void) throws {
    let checkpoint = try Safetensors(contentsOf: small.run("run").checkpoint)
    let file = small.run("run").url.appendingPathComponent(try #require(checkpoint.metadata["state"]))
    var entries = try Safetensors(contentsOf: file).entries
    change(&entries)
    let digest = try Safetensors(entries, metadata: [:]).write(to: file)
    try self.change(small) { $0.metadata["state_sha256"] = digest }
  }

  private func expectRefused(_ name: String, _ body: () throws -> Void) {
    #expect { try body() } throws: { error in
      guard let error = error as? InputError else { return false }
      return error.kind == .badData && "\(error)".contains(name)
    }
  }

  @Test(arguments: [
    ("epochs", "9223372036854775807"), ("epochs", "-1"), ("epochs", "x"), ("epoch_steps", "-1"),
    ("epoch_steps", "9223372036854775807"), ("steps", "9223372036854775808"), ("steps", "3"), ("steps", "-4"),
    ("steps_per_epoch", "-9223372036854775808"), ("loss_sum", "nan"), ("best_score", "inf"),
    ("best_score", "1"),
  ])
  func textsThatNoRunWrites(name: String, value: String) throws {
    try small.train("run", steps: 2)
    try change(small) { $0.metadata[name] = value }
    expectRefused(name.hasPrefix("best") ? "best_" : name) { _ = try small.training("run", resume: true) }
    // Looking at it ends, too.
    _ = try RunInspection(small.run("run"))
  }

  @Test(arguments: [Int64.max, .min, -1])
  func countsOfBatchesThatAreNone(count: Int64) throws {
    try small.train("run", steps: 2)
    let name = "encoder_q.input_norm.num_batches_tracked"
    try change(small) { tensors in
      tensors = Safetensors(
        tensors.entries.map { $0.name == name ? .init(name, shape: [], .int64([count])) : $0 },
        metadata: tensors.metadata)
    }
    let file = small.run("run").checkpoint
    expectRefused(name) { _ = try small.training("run", resume: true) }
    expectRefused(name) { _ = try small.training("other", start: file) }
    expectRefused(name) { _ = try FrozenEncoder(checkpoint: file) }
  }

  @Test(arguments: [Float(1e30), -1, .nan, .infinity])
  func fractionsInTheirPlace(value: Float) throws {
    try small.train("run", steps: 2)
    for name in ["encoder_q.input_norm.num_batches_tracked", "encoder_q.input_norm.running_var"] {
      if value == 1e30 && name.hasSuffix("var") { continue }
      try change(small) { tensors in
        tensors = Safetensors(
          tensors.entries.map { entry in
            guard entry.name == name else { return entry }
            return .init(
              name, shape: entry.shape, .float32(Array(repeating: value, count: entry.values.count)))
          }, metadata: tensors.metadata)
      }
      expectRefused(name) { _ = try FrozenEncoder(checkpoint: small.run("run").checkpoint) }
      try small.train("run\(name.count)", steps: 2)
      try FileManager.default.removeItem(at: small.run("run").url)
      try small.train("run", steps: 2)
    }
  }

  /// What is done to an optimizer's state.
  enum Fault: CaseIterable {
    case missing, misshapen, notFinite, negative, whole, unexpected
  }

  @Test(arguments: Fault.allCases, [OptimizerSettings.Kind.sgd, .adam])
  func statesThatNoOptimizerHas(fault: Fault, kind: OptimizerSettings.Kind) throws {
    var small = small
    small.recipe.optimizer.kind = kind
    try small.train("run", steps: 2)
    let prefix = kind == .sgd ? "momentum." : fault == .negative ? "second." : "first."
    var named = prefix
    try changeState(small) { entries in
      guard let at = entries.firstIndex(where: { $0.name.hasPrefix(prefix) && $0.shape.count == 1 }) else {
        return
      }
      let entry = entries[at]
      named = entry.name
      switch fault {
      case .missing where kind == .sgd:
        entries.removeAll { $0.name.hasPrefix(prefix) }
        named = prefix
      case .missing: entries.remove(at: at)
      case .misshapen: entries[at] = .init(entry.name, shape: [1], .float32([0]))
      case .notFinite:
        entries[at] = .init(
          entry.name, shape: entry.shape, .float32(Array(repeating: .nan, count: entry.values.count)))
      case .negative where kind == .adam:
        entries[at] = .init(
          entry.name, shape: entry.shape, .float32(Array(repeating: -1, count: entry.values.count)))
      case .negative, .whole:
        entries[at] = .init(
          entry.name, shape: entry.shape, .int64(Array(repeating: 0, count: entry.values.count)))
      case .unexpected:
        named = prefix + "nobody"
        entries.append(.init(named, shape: [1], .float32([0])))
      }
    }
    expectRefused(named) { _ = try small.training("run", resume: true) }
  }

  @Test(arguments: [Float(0), 0.5, -3, 1e30])
  func stepsOfAdamThatAreNone(steps: Float) throws {
    var small = small
    small.recipe.optimizer.kind = .adam
    try small.train("run", steps: 2)
    try changeState(small) { entries in
      for at in entries.indices where entries[at].name.hasPrefix("steps.") {
        entries[at] = .init(entries[at].name, shape: [1], .float32([steps]))
      }
    }
    expectRefused("steps.") { _ = try small.training("run", resume: true) }
  }

  /// Keys are queued from any row on, going on from the first behind the last.
  @Test(arguments: [1, 7, 15]) func aQueueMayBeginInTheMiddleOfABatch(pointer: Int64) throws {
    var small = small
    small.recipe.epochs = 3
    try small.train("run", steps: 2)
    try changeState(small) { entries in
      guard let at = entries.firstIndex(where: { $0.name == "queue_ptr" }) else { return }
      entries[at] = .init("queue_ptr", shape: [1], .int64([pointer]))
    }
    try small.train("run", resume: true)
    let run = small.run("run")
    let texts = try run.verify(run.checkpoint)
    let state = try Safetensors(contentsOf: run.url.appendingPathComponent(#require(texts["state"])))
    #expect(state["queue_ptr"]?.values == .int64([(pointer + 40) % 16]))
  }

  @Test(arguments: [-1, 16, Int64.max]) func aQueueBeginsWithinItself(pointer: Int64) throws {
    try small.train("run", steps: 2)
    try changeState(small) { entries in
      guard let at = entries.firstIndex(where: { $0.name == "queue_ptr" }) else { return }
      entries[at] = .init("queue_ptr", shape: [1], .int64([pointer]))
    }
    expectRefused("queue_ptr") { _ = try small.training("run", resume: true) }
  }

  @Test func aRecipeOfMoreThanTheFileHoldsTakesNoMemory() throws {
    try small.train("run", steps: 2)
    var recipe = small.recipe
    recipe.gru.hidden = 8192
    recipe.gru.layers = 16
    // Its numbers would be 77 GB, whether the record of the encoder says so or, where there is none, the recipe.
    let record = EncoderRecord(
      scope: "encoder_q", branch: .query, stream: .joint, frames: 16, encoder: recipe.encoder)
    for text in [EncoderRecords([record]).texts[0], nil] {
      try change(small) {
        $0.metadata["recipe"] = recipe.yaml
        ($0.metadata["encoder.0"], $0.metadata["encoder.1"]) = (text, nil)
      }
      expectRefused("weight_ih_l0") { _ = try FrozenEncoder(checkpoint: small.run("run").checkpoint) }
    }
  }

  @Test func anEmbeddedRecipeIsNoLongerThanAFile() throws {
    try small.train("run", steps: 2)
    try change(small) { $0.metadata["recipe", default: ""] += String(repeating: "# much\n", count: 200_000) }
    expectRefused("at most 1048576 bytes") {
      _ = try FrozenEncoder(checkpoint: small.run("run").checkpoint)
    }
  }

  @Test func arraysOfOneNameAreRefused() throws {
    let file = small.folder.appendingPathComponent("twice.safetensors")
    let array = #""a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#
    for header in ["{\(array),\(array)}", "{\(array),\(array.replacing("\"a\"", with: #""\u0061""#))}"] {
      var bytes = Data(repeating: 0, count: 8)
      bytes[0] = UInt8(header.utf8.count)
      try (bytes + Data(header.utf8) + Data(repeating: 0, count: 4)).write(to: file)
      expectRefused("each name once") { _ = try Safetensors(contentsOf: file) }
    }
  }
}
