import Batches
import Encoders
import Methods
import NN
import Recipes
import Skeleton
import TensorCore
import Testing

/// Each part of PCM3++ that can be left out takes its own terms, parameters and gradients along, and nothing else.
@Suite struct AblationTests {
  typealias View = PCM3PlusPlus.View

  private let full: Step

  init() throws { full = try AblationTests.made({ _ in }).step }

  private static func model(_ change: (inout PCM3PlusPlusSettings) -> Void) throws -> MethodAlone<
    PCM3PlusPlus
  > {
    var settings = PCM3PlusPlusSettings()
    (settings.projection, settings.decoder, settings.queue) = (5, 7, 12)
    change(&settings)
    return try MethodAlone(settings, GRUEncoderSettings(hidden: 16), seed: 9)
  }

  private static func made(
    _ change: (inout PCM3PlusPlusSettings) -> Void
  ) throws -> (model: MethodAlone<PCM3PlusPlus>, step: Step) {
    let model = try model(change)
    return (model, model.step(model.noise()))
  }

  /// The step of a changed model, its gradients by name, and the names of trainable parameters without any.
  private func step(
    _ change: (inout PCM3PlusPlusSettings) -> Void
  ) throws -> (step: Step, gradients: [String: [Float]], unmoved: Set<String>) {
    let (model, step) = try AblationTests.made(change)
    var gradients: [String: [Float]] = [:]
    for parameter in model.store.parameters {
      gradients[parameter.name] = step.gradients[parameter.value]?.values
    }
    let trainable = model.store.parameters.filter(\.isTrainable).map(\.name)
    #expect(gradients.keys.allSatisfy(trainable.contains))
    return (step, gradients, Set(trainable).subtracting(gradients.keys))
  }

  private func names(_ change: (inout PCM3PlusPlusSettings) -> Void) throws -> Set<String> {
    Set(try AblationTests.model(change).store.names)
  }

  /// ‖a − b‖ ≤ tolerance ‖b‖ for every parameter of b that is no rounding.
  private func expect(
    _ found: [String: [Float]], equals expected: [String: [Float]], within tolerance: Double = 1e-4
  ) {
    #expect(Set(found.keys) == Set(expected.keys))
    func norm(_ values: [Float]) -> Double { Oracles.distance(values, values.map { _ in 0 }) }
    let largest = expected.values.map(norm).max() ?? 0
    for (name, values) in expected {
      let distance = Oracles.distance(found[name] ?? [], values) * (norm(values) == 0 ? 1 : norm(values))
      #expect(distance <= tolerance * max(norm(values), 1e-2 * largest), "\(name): \(distance)")
    }
  }

  private func sum(_ parts: [[String: [Float]]]) -> [String: [Float]] {
    parts.reduce(into: [:]) { sum, part in
      sum.merge(part) { zip($0, $1).map { $0 + $1 } }
    }
  }

  @Test(arguments: View.allCases)
  func leavingAViewOutLeavesTheOthersAsTheyAre(view: View) throws {
    let (less, _, unmoved) = try step { $0.positives.removeAll { $0 == view } }
    for other in View.allCases where other != view {
      #expect(less.contrast[other] == full.contrast[other] && less.contrast[other] != nil)
      #expect(less.distillation[other] == full.distillation[other] && less.distillation[other] != nil)
      #expect(less.embeddings[other]?.values == full.embeddings[other]?.values)
    }
    #expect(less.contrast[view] == nil && less.distillation[view] == nil && less.embeddings[view] == nil)
    #expect(less.prediction == full.prediction && less.shown["keys"]?.values == full.shown["keys"]?.values)
    #expect((less.shown["mixed keys"] == nil) == (view == .mix))
    // The key branch and masked prediction need the prompts of base and mask all the same.
    let left = try names { _ in }.subtracting(try names { $0.positives.removeAll { $0 == view } })
    #expect(left == (view == .base || view == .mask ? [] : ["\(view.rawValue)_prompt"]))
    #expect(unmoved == (view == .base ? ["base_prompt"] : []))
  }

  /// The loss is a sum, and so is its gradient: that of the whole is that of each view alone and of the prediction.
  @Test func gradientsAddUpToThoseOfTheWhole() throws {
    let whole = try step { _ in }
    #expect(whole.unmoved.isEmpty)
    var parts = try View.allCases.map { view in try step { ($0.positives, $0.predictionWeight) = ([view], 0) }
    }
    for (view, part) in zip(View.allCases, parts) {
      #expect(part.step.contrast == [view: full.contrast[view] ?? 0], "\(view)")
      #expect(part.step.prediction == nil)
      let expected: Set<String> =
        view == .base ? [] : view == .recons ? ["base_prompt", "mask_prompt"] : ["base_prompt"]
      #expect(part.unmoved == expected, "\(view)")
    }
    parts.append(try step { $0.positives = [] })
    expect(sum(parts.map(\.gradients)), equals: whole.gradients)
    let losses = parts.map(\.step.loss).reduce(0, +)
    #expect(abs(losses - full.loss) < 1e-5 * full.loss)
  }

  @Test func contrastAndDistillationComeAndGoAlone() throws {
    let contrast = try step { ($0.distillationWeight, $0.predictionWeight) = (0, 0) }
    #expect(contrast.step.contrast == full.contrast && contrast.step.distillation.isEmpty)
    let distillation = try step { ($0.contrastWeight, $0.predictionWeight) = (0, 0) }
    #expect(distillation.step.distillation == full.distillation && distillation.step.contrast.isEmpty)
    let both = try step { $0.predictionWeight = 0 }
    expect(sum([contrast.gradients, distillation.gradients]), equals: both.gradients)
    #expect(both.step.prediction == nil && both.step.shown["reconstruction"] == nil)
    #expect(both.step.contrast == full.contrast && both.step.distillation == full.distillation)
  }

  @Test func temperaturesReachTheirOwnTermsAlone() throws {
    let sharper = try step { $0.contrast.teacher = 0.02 }.step
    #expect(sharper.contrast == full.contrast && sharper.prediction == full.prediction)
    for view in View.allCases { #expect(sharper.distillation[view] != full.distillation[view]) }
    let flatter = try step { $0.contrast.temperature = 0.2 }.step
    #expect(flatter.distillation == full.distillation && flatter.prediction == full.prediction)
    for view in View.allCases { #expect(flatter.contrast[view] != full.contrast[view]) }
  }

  @Test func maskedPredictionAloneHasNoContrast() throws {
    let alone = try step { $0.positives = [] }
    #expect(alone.step.prediction == full.prediction && alone.step.contrast.isEmpty)
    #expect(alone.step.loss == alone.step.prediction.map { $0 * 40 } && alone.step.distillation.isEmpty)
    #expect(alone.step.shown["reconstruction"]?.values == full.shown["reconstruction"]?.values)
    #expect(alone.step.shown["keys"] == nil && alone.unmoved.isEmpty)
    #expect(try AblationTests.model { $0.positives = [] }.store.memory.isEmpty)
    let names = try names { $0.positives = [] }
    #expect(names.allSatisfy { !$0.hasPrefix("encoder_k") && !$0.contains(".fc.") })
    #expect(names.filter { $0.hasSuffix("prompt") } == ["mask_prompt"])
  }

  @Test func contrastAloneHasNoDecoder() throws {
    let alone = try step {
      ($0.positives, $0.predictionWeight, $0.distillationWeight, $0.viewPrompts) = ([.base], 0, 0, false)
    }
    #expect(alone.step.loss == alone.step.contrast[.base] && alone.unmoved.isEmpty)
    #expect(Set(alone.gradients.keys.map { $0.prefix { $0 != "." } }) == ["encoder_q"])
    // Without prompts the numbers are those with prompts, but for rounding: batch normalization takes prompts out.
    let prompted = try step { ($0.positives, $0.predictionWeight, $0.distillationWeight) = ([.base], 0, 0) }
    #expect(abs(alone.step.loss - prompted.step.loss) < 1e-4 * prompted.step.loss)
  }

  /// Features are taken without prompts, so the statistics that they are taken with know of none.
  @Test(arguments: ["encoder_q", "encoder_k"])
  func runningStatisticsDoNotHoldPrompts(encoder: String) throws {
    let models = try [true, false].map { prompts in try AblationTests.model { $0.viewPrompts = prompts } }
    for model in models { _ = model.step(model.noise(), keepsChanges: true) }
    #expect(try #require(models[0].store["clip_prompt"]).value.values.contains { abs($0) > 0.05 })
    for name in ["running_mean", "running_var"] {
      let found = try models.map { try #require($0.store["\(encoder).input_norm.\(name)"]).value.values }
      #expect(zip(found[0], found[1]).allSatisfy { abs($0 - $1) < 1e-5 }, "\(name)")
    }
  }

  @Test func withoutGuidanceTheDecoderLearnsFromThePredictionAlone() throws {
    let unguided = try step { $0.guidance = false }
    #expect(unguided.step.contrast == full.contrast && unguided.step.distillation == full.distillation)
    #expect(unguided.step.prediction == full.prediction && unguided.step.loss == full.loss)
    let (prediction, whole) = try (step { $0.positives = [] }, step { _ in })
    for (name, gradient) in unguided.gradients where name.hasPrefix("decoder.") {
      #expect(gradient == prediction.gradients[name], "\(name)")
    }
    #expect(
      unguided.gradients["decoder.reconstruction.weight"] != whole.gradients["decoder.reconstruction.weight"])
    for (name, gradient) in unguided.gradients where !name.hasPrefix("decoder.") {
      #expect(gradient == whole.gradients[name], "\(name)")
    }
  }

  @Test func promptsOfTasksAreAddedWhereTheyBelong() throws {
    let prompted = try step { $0.taskPrompts = true }
    #expect(
      try names { $0.taskPrompts = true }.subtracting(try names { _ in }) == ["cl_prompt", "mp_prompt"])
    for view in View.allCases { #expect(prompted.step.contrast[view] != full.contrast[view]) }
    #expect(prompted.gradients["cl_prompt"]?.contains { abs($0) > 1e-6 } == true)
    // The decoder's batch normalization takes out what is added to all frames alike.
    #expect(abs((prompted.step.prediction ?? 0) - (full.prediction ?? 1)) < 1e-5)
    #expect(prompted.gradients["mp_prompt"]?.allSatisfy { abs($0) < 1e-5 } == true)
    // Each pass draws its place, whichever others there are.
    let fewer = try step { ($0.taskPrompts, $0.positives) = (true, [.mask, .mix]) }
    for view in [View.mask, .mix] { #expect(fewer.step.contrast[view] == prompted.step.contrast[view]) }
    let predicting = try step { ($0.taskPrompts, $0.positives) = (true, []) }
    #expect(predicting.step.prediction == prompted.step.prediction)
    #expect(predicting.gradients["cl_prompt"] == nil && predicting.gradients["mp_prompt"] != nil)
  }

  /// The prompt by its definition: two pieces of an eighth of a half's numbers, at the same place of both halves.
  @Test(arguments: [0, 1, 13])
  func aTaskPromptIsAddedInPlace(place: Int) throws {
    let store = ParameterStore(seed: 2)
    let prompt = TaskPrompt(store.root, "p", hidden: 16)
    let pieces = try #require(store["p"]).value.values  // 2 · 2
    let features = (0..<(3 * 32)).map { Float($0) / 32 }
    var expected = features
    for row in 0..<3 {
      for index in 0..<2 {
        expected[row * 32 + place + index] += pieces[index]
        expected[row * 32 + 16 + place + index] += pieces[2 + index]
      }
    }
    #expect(prompt(Tensor(features, shape: [3, 32]), at: place).values == expected)
    #expect(prompt(Tensor(features, shape: [1, 3, 32]), at: place).values == expected)
  }
}
