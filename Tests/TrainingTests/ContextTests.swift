import Batches
import Encoders
import Foundation
import Methods
import NN
import Recipes
import Shards
import Skeleton
import TensorCore
import Testing

@testable import Training

/// The frame that tasks stand in, and the two that may be reversed.
@Suite struct ContextTests {
  /// A method of one task on a small encoder.
  private func model(_ task: any ContextTaskSettings, frames: Int = 16, _ encoder: any EncoderSettings)
    throws -> TasksAlone
  {
    try TasksAlone([task], encoder, frames: frames)
  }

  private func rotation(_ change: (inout RotationTask.Settings) -> Void = { _ in }) -> RotationTask.Settings {
    var settings = RotationTask.Settings()
    settings.reversal.isRamped = false
    change(&settings)
    return settings
  }

  private func view(_ change: (inout ViewTask.Settings) -> Void = { _ in }) -> ViewTask.Settings {
    var settings = ViewTask.Settings()
    settings.source = .synthetic
    settings.reversal.isRamped = false
    change(&settings)
    return settings
  }

  @Test func aReversedGradientIsTheOtherWayInTheEncoderAlone() throws {
    let tasks: [(any ContextTaskSettings, any ContextTaskSettings, String)] = [
      (rotation(), rotation { $0.reversal.isOn = false }, "rotation"),
      (view(), view { $0.reversal.isOn = false }, "view"),
    ]
    for (reversed, straight, name) in tasks {
      let there = try model(reversed, GRUEncoderSettings(hidden: 6))
      let back = try model(straight, GRUEncoderSettings(hidden: 6))
      let (own, other) = (there.step(), back.step())
      #expect(own.terms[name] == other.terms[name] && own.terms["\(name)_probe"] != nil)
      for parameter in back.store.parameters {
        let twin = try #require(there.store[parameter.name])
        let gradient = try #require(other.gradients[parameter.value]).values
        let found = try #require(own.gradients[twin.value]).values
        let factor: Float = parameter.name.hasPrefix("encoder_q") ? -0.1 : 1
        let expected = gradient.map { $0 * factor }
        #expect(Oracles.distance(found, expected) < 1e-5, "\(parameter.name)")
      }
    }
  }

  @Test func theStrengthRises() {
    var settings = ReversalSettings(isOn: true)
    settings.strength = 0.5
    #expect(settings.strength(at: 0) == 0)
    #expect(abs(settings.strength(at: 0.1) - 0.5 * Float(tanh(0.5))) < 1e-6)
    #expect(abs(settings.strength(at: 1) - 0.5) < 1e-4)
    settings.isRamped = false
    #expect(settings.strength(at: 0) == 0.5)
  }

  @Test(arguments: RotationTask.Target.allCases)
  func rotationIsItsError(target: RotationTask.Target) throws {
    let model = try model(
      rotation { ($0.target, $0.axes, $0.range, $0.reversal.isOn) = (target, [.x, .z], 90, false) },
      GRUEncoderSettings(hidden: 6))
    let step = model.step()
    let features = Slowly.rows(try #require(step.shown["rotation"]))
    let said = try model.answers(features, "task.rotation.head")
    var (errors, right) = ([Double](), 0.0)
    for (row, sample) in model.names.enumerated() {
      var random = KeyedRandom(seed: 5, epoch: 0, sample: sample, view: "rotation.angles")
      for axis in 0..<2 {
        let angle = Double(random.uniform(-90, 90)) * .pi / 180
        let guess: Double
        if target == .sincos {
          let (sine, cosine) = (said[row][2 * axis], said[row][2 * axis + 1])
          errors += [
            (sine - sin(angle)) * (sine - sin(angle)), (cosine - cos(angle)) * (cosine - cos(angle)),
          ]
          guess = atan2(sine, cosine)
        } else {
          guess = (2 / (1 + exp(-said[row][axis])) - 1) * .pi / 2
          errors.append(abs(guess - angle))
        }
        let turn = abs(guess - angle)
        if min(turn, 2 * .pi - turn) <= .pi / 12 { right += 1 }
      }
    }
    Slowly.expect(step.terms["rotation"], Slowly.mean(errors), "rotation")
    #expect(abs(Double(step.measures["accuracy_rotation"] ?? -1) - right / 8) < 1e-6)
    #expect(step.measures["chance_rotation"] == Float(1) / 6)
    model.expectGradients(below: "encoder_q")
    model.expectGradients(below: "task.rotation.head")
  }

  /// Turned by what was drawn: turning back gives what was there before.
  @Test func clipsAreTurned() throws {
    let turned = try model(rotation { $0.view.crop = 1...1 }, SeesAll.Settings()).step()
    let still = try model(rotation { ($0.view.crop, $0.range) = (1...1, 1) }, SeesAll.Settings()).step()
    let a = try #require(turned.shown["rotation"])
    let b = try #require(still.shown["rotation"])
    for (row, sample) in TasksAlone.names(4).enumerated() {
      var random = KeyedRandom(seed: 5, epoch: 0, sample: sample, view: "rotation.angles")
      let unit = Double(random.unit())
      let (far, near) = ((2 * unit - 1) * Double.pi, (2 * unit - 1) * Double.pi / 180)
      let (x, y) = (Slowly.rows(a)[row], Slowly.rows(b)[row])
      for place in stride(from: 0, to: x.count, by: 6) {
        // The distance from the axis stays, and the direction differs by the two angles.
        let (first, second) = (atan2(x[place + 2], x[place]), atan2(y[place + 2], y[place]))
        #expect(abs(x[place + 4] - y[place + 4]) < 1e-5)
        let turn = (second - first) - (far - near)
        #expect(abs(sin(turn / 2)) < 1e-3, "\(turn)")
      }
    }
  }

  @Test func viewIsCrossEntropyOfTheSides() throws {
    let model = try model(view { $0.reversal.isOn = false }, GRUEncoderSettings(hidden: 6))
    let step = model.step()
    let said = try model.answers(Slowly.rows(try #require(step.shown["view"])), "task.view.head")
    let sides = model.names.map { name -> Int in
      var random = KeyedRandom(seed: 5, epoch: 0, sample: name, view: "view.side")
      return random.integer(below: 3)
    }
    let losses = zip(said, sides).map { -log(Slowly.softmax($0)[$1]) }
    Slowly.expect(step.terms["view"], Slowly.mean(losses), "view")
    let counts = (0..<3).map { side in sides.count { $0 == side } }
    #expect(step.measures["chance_view"] == Float(counts.max() ?? 0) / 4)
    model.expectGradients(below: "encoder_q")
  }

  @Test func camerasAreThoseOfTheNames() throws {
    let names = ["S001C002P003R002A013", "S001C003P003R002A013", "nobody", "0002-L#3"]
    let model = try TasksAlone([ViewTask.Settings()], GRUEncoderSettings(hidden: 6), names: names)
    let step = model.step()
    let features = try #require(step.shown["view"])
    #expect(features.shape[0] == 3)  // one name says nothing
    let said = try model.answers(Slowly.rows(features), "task.view.probe")
    let losses = zip(said, [1, 2, 0]).map { -log(Slowly.softmax($0)[$1]) }
    Slowly.expect(step.terms["view_probe"], Slowly.mean(losses), "probe")
    let alone = try TasksAlone(
      [ViewTask.Settings()], GRUEncoderSettings(hidden: 6), names: ["a", "b", "c", "d"])
    #expect(alone.step().terms.isEmpty)
  }

  /// Every encoder that a recipe can name answers every question.
  @Test func anyEncoderHasSteps() throws {
    let encoders: [(any EncoderSettings, Int)] = [
      (GRUEncoderSettings(hidden: 6), 16), (STGCNSettings.tiny, 4), (HCNSettings(), 1),
    ]
    for (settings, count) in encoders {
      let model = try model(rotation(), settings)
      let steps = model.encoder.steps(model.clips, .adapting)
      #expect(steps.steps.shape[1] == count && steps.whole.shape == [4, model.encoder.featureCount])
      #expect(steps.steps.shape[2] == model.encoder.stepFeatureCount)
      let head = FrameHead(model.store.root / "frames", model.encoder, to: 7)
      #expect(head(steps.steps).shape == [4, 16, 7])
      let whole = model.encoder(model.clips, .adapting)
      #expect(Oracles.distance(steps.whole.values, whole.values) < 1e-5)
    }
  }

  @Test func recipesNameTasks() throws {
    var recipe = try PretrainRecipe.provided("context", changing: [])
    #expect(recipe.tasks.map(\.kind) == recipe.tasks.map { type(of: $0.settings).kind })
    try recipe.apply(["tasks=[rotation, {kind: view, weight: 0.5, source: synthetic}]"])
    #expect(recipe.tasks.count == 2 && recipe.tasks[1].task.weight == 0.5)
    #expect(try PretrainRecipe(yaml: recipe.yaml, file: "again") == recipe)
    for (text, place) in [
      ("tasks=[rotation, rotation]", "tasks"), ("tasks=[]", "tasks"), ("tasks=[{weight: 1}]", nil),
      ("tasks=[{kind: rotation, axes: []}]", "axes"),
      ("tasks=[{kind: view, source: synthetic, angles: [1]}]", "angles"),
    ] as [(String, String?)] {
      let error = #expect(throws: InputError.self, "\(text)") {
        try recipe.apply([text])
        try recipe.checkConsistency(in: "recipe")
      }
      if let place { #expect(error?.place == place) }
    }
  }

  /// What is of no use by itself, or on these data, is said.
  @Test func notesSayWhatIsOfNoUse() throws {
    func manifest(_ steps: String) throws -> Manifest {
      Manifest(
        dataset: "ntu60", profile: "p",
        recipe: try JSONValue(parsing: "{\"profile\": {\"steps\": [\(steps)]}}"), generator: "", shards: [])
    }
    let (turned, raw) = (try manifest("{\"cut\": {}}, {\"rotate\": {}}"), try manifest(""))
    var recipe = try PretrainRecipe.provided("context", changing: [])
    #expect(recipe.notes(on: turned).isEmpty)
    try recipe.apply(["tasks=[rotation, {kind: view, source: synthetic}]"])
    #expect(recipe.notes(on: turned).count == 1 && recipe.notes(on: raw).count == 1)
    try recipe.apply(["method=autoencoder"])
    #expect(recipe.notes(on: turned).isEmpty)
    try recipe.apply(["tasks=[view]"])
    #expect(recipe.notes(on: turned).count == 1 && recipe.notes(on: raw).isEmpty)
  }

  /// Tasks beside a method: its terms and theirs, and columns of what is measured, which are no losses.
  @Test func tasksStandBesideAMethod() throws {
    var small = try SmallRun()
    small.recipe.method = Variant(SequenceAutoencoder.Settings())
    try small.recipe.apply(["stages=[]", "tasks=[{kind: rotation, weight: 0.5}]", "method.decoder.hidden=7"])
    try small.train("run")
    let log = try LogTable(contentsOf: small.run("run").csv)
    #expect(log.losses == ["loss", "mse", "rotation", "rotation_probe"])
    #expect(log.measures == ["rotation", "rotation_probe"].flatMap { ["accuracy_\($0)", "chance_\($0)"] })
    for row in 0..<log.rows.count {
      func value(_ name: String) throws -> Double {
        let column = try #require(log.values(name))
        return try #require(column[row])
      }
      let sum = try value("mse") + 0.5 * value("rotation") + value("rotation_probe")
      #expect(abs(try value("loss") - sum) < 1e-4 * sum)
      #expect(try value("chance_rotation") > 0.16)
    }
    // A stage may ask something else; the log has columns for all of them.
    try small.recipe.apply([
      "epochs=1", "stages=[{epochs: 1, settings: {tasks: [{kind: view, source: synthetic}]}}]",
    ])
    try small.train("stages")
    let stages = try LogTable(contentsOf: small.run("stages").csv)
    for name in ["rotation", "view"] {
      #expect((stages.values(name) ?? []).compactMap(\.self).count == 4, "\(name)")
    }
  }
}
