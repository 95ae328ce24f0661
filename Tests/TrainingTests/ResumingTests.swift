import Foundation
import Methods
import NN
import Recipes
import Skeleton
import Testing

@testable import Training

/// A run that was interrupted, however that was, ends as the undisturbed one: every loss and every byte.
@Suite struct ResumingTests {
  private let small: SmallRun

  init() throws { small = try SmallRun() }

  @Test func stopsAtAnyStepChangeNothing() throws {
    try small.train("whole")
    let (losses, bytes) = (try small.losses("whole"), try small.bytes("whole"))
    #expect(losses.count == 17)
    for steps in 1...5 {
      // The run is stopped after every few steps, in the middle of epochs and at their ends, until it is over.
      let name = "stopped after \(steps)"
      var parts = 1
      while try small.train(name, resume: true, steps: steps) == .stopped { parts += 1 }
      #expect(parts == (16 + steps - 1) / steps)
      #expect(try small.losses(name) == losses, "\(name)")
      #expect(try small.bytes(name) == bytes, "\(name)")
    }
  }

  @Test(arguments: OptimizerSettings.Kind.allCases)
  func everyOptimizerGoesOnFromItsState(kind: OptimizerSettings.Kind) throws {
    var small = small
    small.recipe.optimizer.kind = kind
    small.recipe.optimizer.nesterov = kind == .sgd
    small.recipe.rates.rate = 0.003
    small.recipe.rates.schedule = .cosine
    small.recipe.rates.warmup = 1
    small.recipe.gradientLimit = 0.5
    try small.train("\(kind)")
    while try small.train("\(kind) in parts", resume: true, steps: 3) == .stopped {}
    #expect(try small.losses("\(kind) in parts") == small.losses("\(kind)"))
    #expect(try small.bytes("\(kind) in parts") == small.bytes("\(kind)"))
    // The limit on the gradients is one that matters.
    small.recipe.gradientLimit = 0
    try small.train("\(kind) without a limit")
    #expect(try small.losses("\(kind) without a limit") != small.losses("\(kind)"))
  }

  @Test func whatAKillLeavesInTheLogIsForgotten() throws {
    try small.train("whole")
    try small.train("killed", steps: 6)
    // Steps that were taken after the checkpoint, the last one logged by half.
    let log = try FileHandle(forWritingTo: small.run("killed").csv)
    try log.seekToEnd()
    try log.write(contentsOf: Data("7,2,1.5\n8,2,half a li".utf8))
    try log.close()
    try small.train("killed", resume: true)
    #expect(try small.losses("killed") == small.losses("whole"))
    #expect(try small.bytes("killed") == small.bytes("whole"))
  }

  @Test func theTimerSavesInTheMiddleOfAnEpoch() throws {
    var timed = small
    timed.recipe.checkpointMinutes = 1e-9
    timed.recipe.keep = 100
    try timed.train("timed")
    #expect(try timed.run("timed").numbered("previous").map(\.number) == Array((1...15).reversed()))
    try timed.train("again", resume: true, steps: 7)
    // A run may be gone on with from any of its checkpoints, to the same end.
    for steps in [1, 5, 8] {
      try timed.train("again", from: "previous-00000\(steps > 6 ? 6 : steps).safetensors")
      #expect(try timed.bytes("again") == timed.bytes("timed"))
      #expect(try timed.losses("again") == timed.losses("timed"))
    }
  }

  @Test func checkpointSettingsMayChangeAndOthersMayNot() throws {
    try small.train("run", steps: 3)
    var other = small
    other.recipe.keep = 5
    other.recipe.checkpointMinutes = 1
    other.recipe.workers = 3
    try other.train("run", resume: true, steps: 3)
    other.recipe.rates.rate = 0.5
    #expect { try other.train("run", resume: true) } throws: { "\($0)".contains("rate: 0.02") }
    #expect(throws: InputError.self) { try small.train("run") }
  }

  /// A finished run that is extended has the bytes of one whose recipe was longer from the beginning.
  @Test(arguments: [[], ["optimizer.rate=0.005", "optimizer.schedule=constant"]])
  func aRunThatIsExtendedIsOneThatWasLonger(changes: [String]) throws {
    try small.train("run", steps: 5)
    let early = #expect(throws: InputError.self) { try small.run("run").extendedRecipe(by: 2) }
    #expect(early?.found.contains("epoch 2, step 1") == true)
    try small.train("run", resume: true)
    var longer = small
    longer.recipe = try small.run("run").extendedRecipe(by: 2, changing: changes)
    #expect(longer.recipe.totalEpochs == small.recipe.totalEpochs + 2)
    try longer.train("run", resume: true, steps: 3)
    try longer.train("run", resume: true)
    try longer.train("whole")
    #expect(try longer.bytes("run") == longer.bytes("whole"))
    #expect(try longer.losses("run") == longer.losses("whole"))
    // The shorter recipe is another one now.
    #expect(throws: InputError.self) { try small.train("run", resume: true) }
    #expect(throws: InputError.self) { try small.run("nowhere").extendedRecipe(by: 1) }
    #expect(throws: InputError.self) {
      try longer.run("run").extendedRecipe(by: 1, changing: ["optimizer.rat=1"])
    }
  }

  @Test func aRateThatHasComeToNothingIsNotGoneOnWith() throws {
    var small = small
    small.recipe.stages = []
    (small.recipe.rates.schedule, small.recipe.rates.milestones) = (.cosine, [])
    try small.train("run")
    let error = #expect(throws: InputError.self) { try small.run("run").extendedRecipe(by: 2) }
    #expect(error?.hint.contains("optimizer.rate") == true)
    #expect(throws: Never.self) {
      try small.run("run").extendedRecipe(
        by: 2, changing: ["optimizer.rate=0.01", "optimizer.schedule=constant"])
    }
  }

  /// What differs is said line by line, that of a method by its own settings.
  @Test func recipesThatDifferAreShownByTheirLines() throws {
    var other = small.recipe
    (other.rates.rate, other.pcm3pp.queue, other.workers) = (0.5, 32, 7)
    #expect(
      other.differences(from: small.recipe) == [
        "method.queue: 16 there, 32 here", "optimizer.rate: 0.02 there, 0.5 here",
      ])
    #expect(small.recipe.differences(from: small.recipe).isEmpty)
  }

  @Test func aRunOnAnotherProcessorSaysSo() throws {
    try small.train("run", steps: 3)
    #expect(try small.training("run", resume: true).otherCore == nil)
    var tensors = try Safetensors(contentsOf: small.run("run").checkpoint)
    tensors.metadata["blas_core"] = "Abacus"
    try tensors.write(to: small.run("run").checkpoint)
    #expect(try small.training("run", resume: true).otherCore == "Abacus")
  }
}
