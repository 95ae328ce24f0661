import Foundation
import Skeleton
import Testing

@testable import Training

/// What follows the saving of a checkpoint, where a kill or a loss of power has come between the two.
@Suite struct InterruptedSavingTests {
  private var small: SmallRun

  init() throws {
    small = try SmallRun()
    small.recipe.keepEvery = 2
    small.recipe.keepsBest = true
    try small.recipe.distil(epochs: 0)
    small.recipe.epochs = 4
  }

  private func move(_ name: String, from: URL, to: URL) throws {
    let target = to.appendingPathComponent(name)
    try? FileManager.default.removeItem(at: target)
    try FileManager.default.moveItem(at: from.appendingPathComponent(name), to: target)
  }

  @Test(arguments: [1, 2]) func isDoneByTheRunThatGoesOn(keep: Int) throws {
    var small = small
    small.recipe.keep = keep
    try small.train("whole")
    let whole = try small.arrays("whole")
    #expect(whole.contains("checkpoint-000004.safetensors") && whole.contains("best.safetensors"))
    // The run as a kill leaves it right behind the rename of the last checkpoint: the one before has its second name, and
    // the new one has none.
    try small.train("run")
    let (run, aside) = (small.run("run"), small.run("aside"))
    try small.train("aside", steps: 12)
    try FileManager.default.removeItem(at: run.kept(epochs: 4))
    for (old, new) in [(aside.checkpoint, run.previous(steps: 12)), (aside.best, run.best)] {
      try? FileManager.default.removeItem(at: new)
      try FileManager.default.moveItem(at: old, to: new)
    }
    for steps in keep == 1 ? [12] : [8, 12] {
      let name = run.state(steps: steps).lastPathComponent
      try move(name, from: aside.url, to: run.url)
    }
    if keep == 2 {
      try move(run.previous(steps: 8).lastPathComponent, from: aside.url, to: run.url)
      #expect(try small.arrays("run").count > whole.count)
    }
    // Nothing is left to be learned.
    try small.train("run", resume: true)
    #expect(try small.arrays("run") == whole)
    for name in whole {
      #expect(
        try Data(contentsOf: run.url.appendingPathComponent(name))
          == Data(contentsOf: small.run("whole").url.appendingPathComponent(name)), "\(name)")
    }
  }

  /// The file of the same step that can be read stays, and is what gets the names.
  @Test func aDamagedOneGetsNoNames() throws {
    try small.train("whole", steps: 8)
    try small.train("run", steps: 8)
    let run = small.run("run")
    let bytes = try Data(contentsOf: run.checkpoint)
    try bytes.write(to: run.previous(steps: 8))
    var damaged = bytes
    damaged[bytes.count - 9] ^= 4
    try damaged.write(to: run.checkpoint)
    try FileManager.default.removeItem(at: run.kept(epochs: 2))
    var training = try small.training("run", from: "previous-000008.safetensors")
    // The run ends before it has saved anything.
    _ = try training(stop: { false }, stopNow: { true })
    #expect(try Data(contentsOf: run.previous(steps: 8)) == bytes)
    #expect(try Data(contentsOf: run.kept(epochs: 2)) == bytes)
  }
}
