import Batches
import Evaluation
import Foundation
import Encoders
import Methods
import NN
import Recipes
import Skeleton
import Testing
@testable import Training

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
    recipe.pcm3pp.views.pair.crop = 0.25...0.75
    recipe.gru.mode = .bidirectional
    recipe.rates.milestones = [3, 5, 8]
    recipe.pcm3pp.queue = 96
    #expect(try read(recipe.yaml) == recipe)
    #expect(try read("") == PretrainRecipe())
  }

  @Test func theProvidedFilesAreTrue() throws {
    func file(_ path: String) -> URL { Self.root.appendingPathComponent("pipelines/\(path)") }
    var published = PretrainRecipe()
    try published.distil(epochs: 150)
    #expect(try PretrainRecipe(contentsOf: file("pretrain/pcm3pp.yaml")) == published)
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
    #expect(plain.pcm3pp.positives == [.base] && plain.pcm3pp.predictionWeight == 0)
    #expect(plain.pcm3pp.distillationWeight == 0 && plain.stages.isEmpty)
    let pcm3 = try PretrainRecipe(contentsOf: file("pretrain/pcm3.yaml"))
    #expect(pcm3.pcm3pp.positives == [.base, .mask, .recons, .mix] && pcm3.pcm3pp.taskPrompts)
    #expect(pcm3.stages.isEmpty && pcm3.pcm3pp.predictionWeight == 40)
    #expect(try PretrainRecipe(contentsOf: file("pretrain/masked.yaml")).pcm3pp.positives == [])
    #expect(try PretrainRecipe(contentsOf: file("pretrain/clip.yaml")).pcm3pp.positives == [.clip])
    let cmd = try PretrainRecipe(contentsOf: file("pretrain/cmd.yaml"))
    let settings = try #require(cmd.method[as: CMD.Settings.self])
    #expect(settings.streams == [.joint, .motion, .bone] && settings.contrast.nearest == 0.5)
    #expect(cmd.batch == 64 && cmd.rates.rate == 0.01 && cmd.epochs == 451 && cmd.rates.milestones == [351])
    for (name, frames) in [("pcm3pp-small", 32), ("pcm3pp-demo", 64)] {
      let recipe = try PretrainRecipe(contentsOf: file("pretrain/\(name).yaml"))
      #expect(recipe.input.frames == frames)
    }
  }

  /// The rows of the paper's tables stand in the recipe's comments as command lines.
  @Test func theRowsOfTheTablesAreSettings() throws {
    let text = try String(
      contentsOf: Self.root.appendingPathComponent("pipelines/pretrain/pcm3pp.yaml"), encoding: .utf8)
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("#") && $0.contains("--set") }
    var seen: [PretrainRecipe] = []
    for row in rows {
      var recipe = try PretrainRecipe(
        contentsOf: Self.root.appendingPathComponent("pipelines/pretrain/pcm3pp.yaml"))
      let published = recipe
      try recipe.apply(
        row.components(separatedBy: "--set ").dropFirst().map {
          $0.trimmingCharacters(in: CharacterSet(charactersIn: " '"))
        })
      try recipe.checkConsistency(in: "row")
      #expect(recipe != published && !seen.contains(recipe), "\(row)")
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
    "batch: 0", "batch: 1.5", "batch: many", "batch: [1]", "batch: {}", "input: 3",
    "method: {views: {crop: [1, 0.5]}}",
    "method: {views: {crop: [0.5]}}", "optimizer: {milestones: [5, 5]}", "encoder: {mode: sideways}",
    "optimizer: {rate: nan}", "optimizer: {rate: -1}", "method: {queue: 1000}", "input: {frames: 60}",
    "epochs: 0",
    "optimizer: {nesterov: true, kind: adam}", "optimizer: {nesterov: true, momentum: 0}",
    "optimizer: {kind: rmsprop}", "optimizer: {schedule: cosine, rate: 0.1, final_rate: 0.2}",
    "epochs: 5\noptimizer: {warmup: 6}", "method: pcm3ppp", "method: [cmd]", "method: {kind: {a: b}}",
    "encoder: {kind: stgcn, layers: 3}", "encoder: {kind: stgcn}", "encoder: {kind: vit, width: 30}",
    "method: {positives: [base, base]}", "method: {positives: [head]}",
    "method: {positives: [], weight: {prediction: 0}}",
    "method: {guidance: false, weight: {prediction: 0}}",
    "method: {prompts: {task: true}}\nencoder: {mode: forward}",
    "method: {prompts: {task: true}}\nencoder: {hidden: 7}", "method: {prompts: {view: maybe}}",
    "method: {kind: cmd, positives: [base]}", "method: {kind: cmd, guidance: false}",
    "method: {kind: cmd, streams: []}",
    "method: {kind: cmd, streams: [bone, bone]}", "method: {streams: [joint]}",
    "method: {kind: cmd, weight: {prediction: 0}}", "method: {nearest: 0}", "method: {nearest: 1.1}",
    "method: {kind: cmd, weight: {contrast: 0, distillation: 0}}", "method: {kind: autoencoder, queue: 128}",
    "stages: 3", "stages: [{epochs: 0}]", "stages: [{settings: {batch: 8}}]",
    "stages: [{epochs: 2, settings: {bach: 8}}]",
    "stages: [{epochs: 2, settings: {input: {frames: 9}}}]", "stages: [{epochs: 2, weights: [encoder_q]}]",
    "kind: linear", "- 1", "a: [", "a: &a [*a]",
  ])
  func whatIsNotAllowedIsRefused(yaml: String) {
    #expect(error(yaml) != nil, "\(yaml)")
  }

  @Test func theCommandLineChangesAFileAndTheDefaults() throws {
    let file = Self.root.appendingPathComponent("pipelines/pretrain/pcm3pp-small.yaml")
    let changed = try PretrainRecipe(file, changing: ["optimizer.rate=0.01", "optimizer.milestones=[2, 3]"])
    var expected = try PretrainRecipe(contentsOf: file)
    (expected.rates.rate, expected.rates.milestones) = (0.01, [2, 3])
    #expect(changed == expected)
    let defaults = try PretrainRecipe(nil, changing: ["batch=64", "method.queue=128"])
    #expect(defaults.batch == 64 && defaults.changes == ["batch: 64", "method: {kind: pcm3pp, queue: 128}"])
    #expect(PretrainRecipe().changes == [])
    // Two settings that do not fit the defaults but each other are fine, and one alone is refused.
    #expect(throws: InputError.self) { try PretrainRecipe(nil, changing: ["method.queue=100"]) }
    #expect { try PretrainRecipe(nil, changing: ["optimizer.rat=0.1"]) } throws: {
      "\($0)".contains("did you mean optimizer.rate?")
    }
    #expect { try PretrainRecipe(nil, changing: ["epochs=-1"]) } throws: { "\($0)".contains("0...100000") }
  }

  /// Four epochs of two steps, the first of them to warm up, and a second stage.
  @Test func ratesAreThoseOfTheSchedule() throws {
    var recipe = PretrainRecipe()
    recipe.epochs = 4
    try recipe.distil(epochs: 1, rate: 0.25)
    (recipe.rates.rate, recipe.rates.milestones, recipe.rates.factor, recipe.rates.warmup) = (
      8, [2, 3], 0.5, 1
    )
    func rates() throws -> [Float] {
      try (0..<5).flatMap { epoch in try (0..<2).map { try recipe.rate(epoch: epoch, step: $0, steps: 2) } }
    }
    #expect(try rates() == [4, 8, 8, 8, 4, 4, 2, 2, 0.25, 0.25])
    (recipe.rates.schedule, recipe.rates.final) = (.cosine, 2)
    // 2 + 6 (1 + cos(π k / 6)) / 2 for k = 0 … 5
    let expected: [Float] = [4, 8, 8, 7.5980762, 6.5, 5, 3.5, 2.4019238, 0.25, 0.25]
    #expect(try zip(rates(), expected).allSatisfy { abs($0 - $1) < 1e-5 })
    recipe.rates.warmup = 4
    #expect(try rates().prefix(8) == [1, 2, 3, 4, 5, 6, 7, 8])
  }

  /// Recipes of one flat list, as checkpoints of earlier versions carry them.
  @Test func earlierRecipesAreRead() throws {
    let text = """
      kind: pretrain
      batch: 8
      method: pcm3pp
      streams: [joint, motion, bone]
      views: {stream: bone, frames: 32, crop: [0.2, 1], mask_ratio: 0.4}
      encoder: {hidden: 16}
      decoder: {hidden: 7, fixed: true}
      positives: [base, mix]
      queue: 24
      temperature: {teacher: 0.04}
      optimizer: {rate: 0.05}
      distillation: {epochs: 3, rate: 0.01}
      """
    let recipe = try read(text)
    #expect(recipe.batch == 8 && recipe.input.stream == .bone && recipe.input.frames == 32)
    #expect(
      recipe.gru.hidden == 16 && recipe.pcm3pp.decoder == 7 && recipe.pcm3pp.positives == [.base, .mix])
    #expect(recipe.pcm3pp.views.pair.crop == 0.2...1 && recipe.pcm3pp.views.maskRatio == 0.4)
    #expect(recipe.pcm3pp.queue == 24 && recipe.pcm3pp.contrast.teacher == 0.04)
    let stages = try recipe.resolvedStages()
    #expect(stages.map(\.epochs) == [0..<451, 451..<454])
    #expect(stages.map(\.recipe.pcm3pp.contrastWeight) == [1, 0])
    #expect(try recipe.rate(epoch: 453, step: 0, steps: 4) == 0.01)
    #expect(try read(recipe.yaml) == recipe)
    // The second stage was there unless it was turned off.
    #expect(try read("queue: 128").totalEpochs == 601)
    let cmd = try read("method: cmd\nstreams: [bone]\nguidance: true\ndistillation: {epochs: 0}")
    #expect(cmd.method[as: CMD.Settings.self]?.streams == [.bone] && cmd.stages.isEmpty)
    #expect(try read("method: autoencoder\ndecoder: {hidden: 9}").totalEpochs == 451)
    // On the command line their keys are told.
    #expect { try PretrainRecipe(nil, changing: ["queue=128"]) } throws: {
      "\($0)".contains("it is method.queue now")
    }
  }

  /// A stage is read over the one before, and begins a rate of its own only where it sets one.
  @Test func stagesAreReadOverEachOther() throws {
    let recipe = try read(
      "epochs: 4\noptimizer: {rate: 1, milestones: [5]}\nstages: [{epochs: 2, settings: {method: {queue: 256}}}, "
        + "{epochs: 3, settings: {optimizer: {rate: 2, schedule: constant}}}]")
    let stages = try recipe.resolvedStages()
    #expect(stages.map(\.recipe.pcm3pp.queue) == [16384, 256, 256] && recipe.totalEpochs == 9)
    let rates = try (0..<9).map { try recipe.rate(epoch: $0, step: 0, steps: 4) }
    #expect(rates == [1, 1, 1, 1, 1, 0.1, 2, 2, 2])
  }

  @Test func whatIsMeantIsGuessed() {
    #expect(error("method: {kind: cdm}")?.hint == "did you mean cmd?")
    #expect(error("encoder: {hiden: 3}")?.hint == "did you mean encoder.hidden?")
    #expect(error("optimizer: {schedule: cosin}")?.hint == "did you mean cosine?")
    #expect(error("method: {kind: cmd, quue: 3}")?.found == "unknown setting method.quue")
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
