import Batches
import Evaluation
import Foundation
import Models
import NN
import Recipes
import Skeleton
import Testing
import Training

@Suite struct RecipeTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private func read(_ yaml: String) throws -> PretrainRecipe {
    try PretrainRecipe(yaml: yaml, file: "test.yaml")
  }

  private func error(_ yaml: String) -> InputError? {
    do {
      _ = try read(yaml)
      return nil
    } catch { return error as? InputError }
  }

  @Test func aWrittenRecipeReadsBackTheSame() throws {
    var recipe = PretrainRecipe()
    recipe.batch = 32
    recipe.views.crop = 0.25...0.75
    recipe.model.encoder.mode = .bidirectional
    recipe.milestones = [3, 5, 8]
    recipe.model.queue = 96
    #expect(try read(recipe.yaml) == recipe)
    #expect(try read("") == PretrainRecipe())
  }

  @Test func theProvidedFilesAreTrue() throws {
    func file(_ path: String) -> URL { Self.root.appendingPathComponent("pipelines/\(path)") }
    #expect(try PretrainRecipe(contentsOf: file("pretrain/pcm3pp.yaml")) == PretrainRecipe())
    func isDefault<Task: EvaluationTask>(_ type: Task.Type) throws -> Bool {
      try Task(contentsOf: file("evaluate/\(Task.kind).yaml")) == Task()
    }
    for task in EvaluationTasks.all { #expect(try isDefault(task), "\(task.kind)") }
    #expect(try DetectionRecipe(contentsOf: file("evaluate/detection-small.yaml")).norm == .adapt)
    let linear = try ["pcm3", "crossclr", "pstl", "hico", "mamp"].map {
      try LinearRecipe(contentsOf: file("evaluate/linear-\($0).yaml"))
    }
    #expect(linear.map(\.head.fitting.rate) == [0.1, 3, 0.01, 2, 0.1])
    #expect(linear.map(\.head.batch) == [1024, 128, 128, 1024, 256])
    #expect(linear.map(\.head.epochs) == [100, 100, 150, 80, 100])
    #expect(linear.allSatisfy { $0.head.report == .last })
    let plain = try PretrainRecipe(contentsOf: file("pretrain/moco.yaml"))
    #expect(plain.model.positives == [.base] && plain.model.predictionWeight == 0)
    #expect(plain.model.distillationWeight == 0 && plain.distillationEpochs == 0)
    let pcm3 = try PretrainRecipe(contentsOf: file("pretrain/pcm3.yaml"))
    #expect(pcm3.model.positives == [.base, .mask, .recons, .mix] && pcm3.model.taskPrompts)
    #expect(pcm3.distillationEpochs == 0 && pcm3.model.predictionWeight == 40)
    #expect(try PretrainRecipe(contentsOf: file("pretrain/masked.yaml")).model.positives == [])
    #expect(try PretrainRecipe(contentsOf: file("pretrain/clip.yaml")).model.positives == [.clip])
    let cmd = try PretrainRecipe(contentsOf: file("pretrain/cmd.yaml"))
    #expect(cmd.method == .cmd && cmd.streams == [.joint, .motion, .bone] && cmd.model.nearest == 0.5)
    #expect(cmd.batch == 64 && cmd.rate == 0.01 && cmd.epochs == 451 && cmd.milestones == [351])
    for (name, frames) in [("pcm3pp-small", 32), ("pcm3pp-demo", 64)] {
      let recipe = try PretrainRecipe(contentsOf: file("pretrain/\(name).yaml"))
      #expect(recipe.views.frameCount == frames)
    }
  }

  /// The rows of the paper's tables stand in the recipe's comments as command lines.
  @Test func theRowsOfTheTablesAreSettings() throws {
    let text = try String(
      contentsOf: Self.root.appendingPathComponent("pipelines/pretrain/pcm3pp.yaml"), encoding: .utf8)
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("#") && $0.contains("--set") }
    var seen: [PretrainRecipe] = []
    for row in rows {
      var recipe = PretrainRecipe()
      try recipe.apply(
        row.components(separatedBy: "--set ").dropFirst().map {
          $0.trimmingCharacters(in: CharacterSet(charactersIn: " '"))
        })
      try recipe.checkConsistency(in: "row")
      #expect(recipe != PretrainRecipe() && !seen.contains(recipe), "\(row)")
      seen.append(recipe)
    }
    #expect(rows.count == 5)
  }

  @Test func theSchemasAreThoseOfTheSettings() throws {
    func schema(_ name: String) throws -> String {
      try String(contentsOf: Self.root.appendingPathComponent("schemas/\(name).schema.json"), encoding: .utf8)
    }
    #expect(try schema("pretrain") == PretrainRecipe.schema)
    for task in EvaluationTasks.all { #expect(try schema(task.kind) == task.schema, "\(task.kind)") }
  }

  @Test func anUnknownKeyIsRefusedWithItsPlaceAndTheNearestKey() {
    let error = error("batch: 64\noptimizer:\n  rat: 0.1\n")
    #expect(error?.place == "line 3, column 3")
    #expect(error?.found == "unknown setting optimizer.rat")
    #expect(error?.hint == "did you mean optimizer.rate?")
  }

  @Test(arguments: [
    "batch: 0", "batch: 1.5", "batch: many", "batch: [1]", "batch: {}", "views: 3", "views: {crop: [1, 0.5]}",
    "views: {crop: [0.5]}", "optimizer: {milestones: [5, 5]}", "encoder: {mode: sideways}",
    "optimizer: {rate: nan}",
    "optimizer: {rate: -1}", "queue: 1000", "views: {frames: 60}", "epochs: 0\ndistillation: {epochs: 0}",
    "optimizer: {nesterov: true, kind: adam}", "optimizer: {nesterov: true, momentum: 0}",
    "optimizer: {kind: rmsprop}",
    "optimizer: {schedule: cosine, rate: 0.1, final_rate: 0.2}", "epochs: 5\noptimizer: {warmup: 6}",
    "method: autoencoder", "positives: [base, base]", "positives: [head]", "positives: []",
    "weight: {distillation: 0}",
    "positives: []\nweight: {prediction: 0}\ndistillation: {epochs: 0}",
    "guidance: false\nweight: {prediction: 0}", "prompts: {task: true}\nencoder: {mode: forward}",
    "prompts: {task: true}\nencoder: {hidden: 7}", "prompts: {view: maybe}",
    "method: cmd\npositives: [base]", "method: cmd\nguidance: false", "method: cmd\nstreams: []",
    "method: cmd\nstreams: [bone, bone]", "method: cmd\nviews: {stream: bone}", "streams: [joint]",
    "method: cmd\nweight: {prediction: 0}", "method: cmd\nweight: {distillation: 0}", "nearest: 0",
    "method: autoencoder\ndistillation: {epochs: 0}\nstreams: [bone]", "nearest: 1.1",
    "kind: linear", "- 1", "a: [", "a: &a [*a]",
  ])
  func whatIsNotAllowedIsRefused(yaml: String) {
    #expect(error(yaml) != nil, "\(yaml)")
  }

  @Test func theCommandLineChangesAFileAndTheDefaults() throws {
    let file = Self.root.appendingPathComponent("pipelines/pretrain/pcm3pp-small.yaml")
    let changed = try PretrainRecipe(file, changing: ["optimizer.rate=0.01", "optimizer.milestones=[2, 3]"])
    var expected = try PretrainRecipe(contentsOf: file)
    (expected.rate, expected.milestones) = (0.01, [2, 3])
    #expect(changed == expected)
    let defaults = try PretrainRecipe(nil, changing: ["batch=64", "queue=128"])
    #expect(defaults.batch == 64 && defaults.changes == ["batch: 64", "queue: 128"])
    #expect(PretrainRecipe().changes == [])
    // Two settings that do not fit the defaults but each other are fine, and one alone is refused.
    #expect(throws: InputError.self) { try PretrainRecipe(nil, changing: ["queue=100"]) }
    #expect { try PretrainRecipe(nil, changing: ["optimizer.rat=0.1"]) } throws: {
      "\($0)".contains("did you mean optimizer.rate?")
    }
    #expect { try PretrainRecipe(nil, changing: ["epochs=-1"]) } throws: { "\($0)".contains("0...100000") }
  }

  /// Four epochs of two steps, the first of them to warm up, and a second stage.
  @Test func ratesAreThoseOfTheSchedule() {
    var recipe = PretrainRecipe()
    (recipe.epochs, recipe.distillationEpochs, recipe.distillationRate) = (4, 1, 0.25)
    (recipe.rate, recipe.milestones, recipe.factor, recipe.warmup) = (8, [2, 3], 0.5, 1)
    func rates() -> [Float] {
      (0..<5).flatMap { epoch in (0..<2).map { recipe.rate(epoch: epoch, step: $0, steps: 2) } }
    }
    #expect(rates() == [4, 8, 8, 8, 4, 4, 2, 2, 0.25, 0.25])
    (recipe.schedule, recipe.finalRate) = (.cosine, 2)
    // 2 + 6 (1 + cos(π k / 6)) / 2 for k = 0 … 5
    let expected: [Float] = [4, 8, 8, 7.5980762, 6.5, 5, 3.5, 2.4019238, 0.25, 0.25]
    #expect(zip(rates(), expected).allSatisfy { abs($0 - $1) < 1e-5 }, "\(rates())")
    recipe.warmup = 4
    #expect(rates().prefix(8) == [1, 2, 3, 4, 5, 6, 7, 8])
  }

  @Test func aBombOfAliasesIsRefusedAtOnce() {
    let levels = (1...9).map { level in
      "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]"
    }
    #expect(error("a0: &a0 [lol]\n" + levels.joined(separator: "\n")) != nil)
  }

  @Test func helpNamesEverySettingWithItsDefault() {
    for setting in PretrainRecipe.settings { #expect(PretrainRecipe.help.contains("  \(setting.key): ")) }
    #expect(PretrainRecipe.help.contains("queue: 16384"))
  }
}
