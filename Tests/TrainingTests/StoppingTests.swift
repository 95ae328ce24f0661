import Encoders
import Foundation
import Methods
import NN
import Recipes
import TensorCore
import Testing
@testable import Training

/// A step that is stopped in the middle is as if it had not begun.
@Suite struct StoppingTests {
  private var small: SmallRun

  init() throws { small = try SmallRun() }

  /// Trains until the run is over, or is asked in the middle of a step for the n-th time.
  private func train(_ small: SmallRun, _ name: String, asked n: Int) throws -> Pretraining.Outcome {
    var training = try small.training(name, resume: true)
    var asked = 0
    return try training(stopNow: {
      asked += 1
      return asked == n
    })
  }

  @Test(arguments: ["pcm3pp", "pcm3", "moco", "masked", "cmd", "autoencoder"])
  func aStepThatIsStoppedIsTakenAgain(method: String) throws {
    var small = small
    small.recipe = try PretrainRecipe.provided(
      method,
      changing: [
        "batch=4", "epochs=1", "input.frames=16",
        "encoder.hidden=8", "encoder.layers=1", "method.projection=5", "method.decoder.hidden=7",
        "method.queue=16",
        "optimizer.rate=0.05", "method.key_momentum=0.9",
      ])
    try small.recipe.distil(epochs: method == "pcm3pp" ? 1 : 0)
    try small.train("whole")
    // Stopped one question later in each turn: at every place of the first step, and then of others.
    var parts = 1
    while try train(small, "parts", asked: parts) == .stopped {
      parts += 1
      let run = small.run("parts")
      guard let newest = try run.resumable().first else { continue }
      // The checkpoint has the steps that the log has.
      let steps = try run.verify(newest)["steps"]
      #expect(try steps == String(small.losses("parts").count - 1))
    }
    #expect(parts > 2)
    #expect(try small.losses("parts") == small.losses("whole"))
    #expect(try small.bytes("parts") == small.bytes("whole"))
  }

  /// Nothing that a step changes is left changed in memory, either.
  @Test func everythingIsWhatItWas() throws {
    var training = try small.training("run")
    func values() -> [[Float]] { training.model.store.all.map(\.value.values) }
    let before = values()
    #expect(try training(stopNow: { true }) == .stopped)
    #expect(try values() == before && training.progress.steps == 0 && small.run("run").resumable().isEmpty)
  }

  /// A step of the autoencoder asks once, and the probe once for the samples it asks about and once for its gallery.
  @Test func aProbeThatIsStoppedIsMadeAgain() throws {
    var small = small
    (small.recipe.method, small.recipe.stages) = (Variant(SequenceAutoencoder.Settings()), [])
    small.recipe.probe.every = 1
    small.recipe.probe.samples = 12
    small.recipe.keepsBest = true
    try small.train("whole")
    for (asked, steps) in [(5, 0), (6, 0), (11, 4), (5, 4), (8, 9)] {
      var (training, count) = (try small.training("parts", resume: true), 0)
      let outcome = try training(stopNow: {
        count += 1
        return count == asked
      })
      #expect(outcome == .stopped && training.progress.steps == steps, "\(asked)")
    }
    try small.train("parts", resume: true)
    #expect(try small.losses("parts") == small.losses("whole"))
    #expect(try small.bytes("parts") == small.bytes("whole"))
  }
}
