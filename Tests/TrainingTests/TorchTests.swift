import Batches
import Encoders
import Foundation
import Methods
import NN
import Recipes
import Skeleton
import TensorCore
import Testing
@testable import Evaluation
@testable import Training

/// Weights go to PyTorch and come from it, and mean the same there.
@Suite struct TorchTests {
  private let small: SmallRun
  private let script = RecipeTests.root.appendingPathComponent("Tests/Peers/published.py").path

  init() throws { small = try SmallRun() }

  private func path(_ name: String) -> String { small.folder.appendingPathComponent(name).path }

  /// Runs the script; false where PyTorch is missing.
  private func published(_ arguments: [String]) throws -> Bool {
    let program = "import runpy, safetensors.torch, sys; runpy.run_path(sys.argv[0], run_name='__main__')"
    return try Python.run(
      program.replacing("import runpy", with: "import sys; sys.argv = sys.argv[1:]; import runpy"),
      needing: "torch, safetensors", [script] + arguments) != nil
  }

  /// Five sequences of noise, written as `x`.
  private func inputs() throws -> Tensor {
    var random = KeyedRandom(seed: 4, view: "inputs")
    let x = Tensor((0..<(5 * 16 * 150)).map { _ in random.normal() }, shape: [5, 16, 150])
    try Safetensors([.init("x", shape: x.shape, .float32(x.values))], metadata: [:])
      .write(to: URL(fileURLWithPath: path("x.safetensors")))
    return x
  }

  private func expect(_ found: Tensor, equals name: String, in file: String) throws {
    let expected = try Safetensors(contentsOf: URL(fileURLWithPath: path(file)))
      .floats(name, shape: found.shape, file: file)
    let largest = zip(found.values, expected).map { abs($0 - $1) }.max() ?? 1
    #expect(largest < 1e-4 && expected.contains { abs($0) > 0.01 }, "\(name): \(largest) off")
  }

  @Test(arguments: GRUMode.allCases, ["pcm3pp", "cmd"])
  func aCheckpointLoadsStrictlyAndFeaturesAgree(mode: GRUMode, method: String) throws {
    var small = small
    if method == "cmd" {
      var settings = CMD.Settings()
      (settings.projection, settings.queue) = (small.recipe.pcm3pp.projection, small.recipe.pcm3pp.queue)
      (small.recipe.method, small.recipe.stages) = (Variant(settings), [])
    }
    small.recipe.gru.mode = mode
    small.recipe.epochs = 1
    small.recipe.rates.rate = 0.2
    try small.train("run")
    let x = try inputs()
    let checkpoint = small.run("run").checkpoint
    guard
      try published([
        "features", checkpoint.path, mode.rawValue, path("x.safetensors"), path("y.safetensors"),
      ])
    else { return }
    for record in try small.recipe.encoderRecords() {
      let encoder = try FrozenEncoder(checkpoint: checkpoint, branch: record.branch, stream: record.stream)
      try expect(encoder.features(of: x), equals: record.scope, in: "y.safetensors")
    }
  }

  /// Weights as PCM3's code saves them, converted by the lines of the documentation.
  @Test func releasedWeightsAreStartedFromAndEvaluated() throws {
    let x = try inputs()
    guard
      try published(
        [
          "release", "16", "2", "5", "7", path("x.safetensors"), path("y.safetensors"),
          path("checkpoint.pth.tar"),
        ])
    else { return }
    let page = try String(
      contentsOf: RecipeTests.root.appendingPathComponent("Sources/Training/Training.docc/Methods.md"),
      encoding: .utf8)
    let blocks = page.split(separator: "```python\n").dropFirst().compactMap {
      $0.split(separator: "```").first
    }
    try #require(blocks.count == 2)
    let lines = blocks[0].split(separator: "\n").map(String.init)
    #expect(lines.count == 4 && lines[1].hasPrefix("state = "))
    func convert(_ lines: [String]) throws {
      _ = try Python.run(
        (["import os, sys; os.chdir(sys.argv[1])"] + lines).joined(separator: "\n"), needing: "torch",
        [small.folder.path])
    }
    let weights = URL(fileURLWithPath: path("weights.safetensors"))

    var small = small
    let pcm3 = RecipeTests.root.appendingPathComponent("pipelines/pretrain/pcm3.yaml")
    small.recipe = try PretrainRecipe(
      pcm3,
      changing: [
        "batch=4", "epochs=1", "input.frames=16", "encoder.hidden=16", "encoder.layers=2",
        "method.projection=5",
        "method.decoder.hidden=7", "method.queue=16", "optimizer.rate=0",
      ])
    try convert(lines)
    let encoder = try FrozenEncoder(checkpoint: weights, recipe: small.recipe)
    try expect(encoder.features(of: x), equals: "encoder_q", in: "y.safetensors")
    #expect(throws: InputError.self) { try FrozenEncoder(checkpoint: weights) }
    let training = try small.training("run", start: weights)
    try expect(training.model.features(Clips(x)), equals: "encoder_q", in: "y.safetensors")

    try convert(lines[...1] + [String(blocks[1])] + lines[2...])
    let mended = try FrozenEncoder(checkpoint: weights, recipe: small.recipe)
    try expect(mended.features(of: x), equals: "plain", in: "y.safetensors")
  }
}
