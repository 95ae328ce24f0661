import Foundation
import Skeleton
import Testing

@testable import Training

/// What is said of a run is what its files say.
@Suite struct RunInspectionTests {
  private let small: SmallRun

  init() throws { small = try SmallRun() }

  @Test func aRunIsDescribed() throws {
    try small.train("run", steps: 11)
    let found = try RunInspection(small.run("run"))
    #expect(found.split == "xview train" && found.data?.count == 64 && found.total_epochs == 4)
    #expect(found.steps_per_epoch == 4 && found.logged_steps == 11)
    #expect(found.checkpoints.map(\.file) == ["checkpoint.safetensors", "previous-000008.safetensors"])
    #expect(found.checkpoints.map(\.steps) == [11, 8] && found.checkpoints.map(\.epochs) == [2, 2])
    #expect(found.checkpoints.allSatisfy { $0.problem == nil && $0.resumable })
    #expect(found.changes.contains("batch: 4") && !found.changes.contains { $0.hasPrefix("seed") })
    // The means are those of the log's text.
    let rows = try small.losses("run").dropFirst()
    let first = rows.filter { $0[1] == "1" }.compactMap { Double($0[2]) }
    let last = rows.filter { $0[1] == "3" }.compactMap { Double($0[2]) }
    #expect(first.count == 4 && last.count == 3)
    #expect(found.first_epoch["loss"] == first.reduce(0, +) / 4)
    #expect(found.last_epoch["loss"] == last.reduce(0, +) / 3)
    #expect(found.last["loss"] == last.last && found.last["step"] == 11)
    let rate = try #require(found.rate)
    #expect(rate.seconds_per_step > 0 && rate.seconds_left == rate.seconds_per_step * 5)
    let json = try JSONDecoder().decode(RunInspection.self, from: Data(found.json.utf8))
    #expect(json.checkpoints.map(\.file) == found.checkpoints.map(\.file))
    for word in [
      "xview train", "11 of 16 steps (68.8 %)", "previous-000008.safetensors", "stopped after epoch 3",
    ] {
      #expect(found.description.contains(word), "\(found.description)")
    }
  }

  @Test func damagedCheckpointsAreNamed() throws {
    try small.train("run", steps: 11)
    let run = small.run("run")
    var bytes = try Data(contentsOf: run.state(steps: 8))
    bytes[bytes.count - 3] ^= 1
    try bytes.write(to: run.state(steps: 8))
    try Data().write(to: run.checkpoint)
    let found = try RunInspection(run)
    #expect(found.checkpoints.map { $0.problem == nil } == [false, false])
    #expect(found.checkpoints[1].problem?.hasPrefix("state-000008.safetensors: arrays with SHA-256") == true)
    #expect(found.description.contains("damaged"))
    #expect(throws: InputError.self) { try RunInspection(small.run("nothing")) }
  }

  @Test func theEstimateIsOfTheWholeScheduleAndSaidOnce() throws {
    try small.train("run")
    let lines = try RunJournal.lines(small.run("run"))
    let estimates = lines.filter { $0.contains("3 and 1 epochs, about ") }
    #expect(
      lines.count == 3 && estimates.count == 1 && estimates.first?.contains("step 10: ") == true, "\(lines)")
    // 100 steps in all, of 2 s each but for two slow ones at the start: 200 s, of which 180 are left.
    var pace = Pace()
    var recipe = small.recipe
    (recipe.epochs, recipe.stages) = (25, [])
    var progress = Checkpoint.Progress(stepsPerEpoch: 4)
    #expect(pace.isFresh)
    for step in 0..<9 {
      let isTime = pace.add(seconds: step < 2 ? 9 : 2, wait: 0.5)
      if step == 0 {
        #expect(
          pace.guess(recipe, progress)
            == "first step: 9.00 s; at that, 25 epochs take 15 min 0 s (a better estimate follows)")
      }
      #expect(!isTime)
    }
    #expect(pace.guess(recipe, progress) == nil)
    let tenth = pace.add(seconds: 2, wait: 0.5)
    let eleventh = pace.add(seconds: 2, wait: 0.5)
    #expect(tenth && !eleventh)
    progress.steps = 10
    #expect(
      pace.estimate(recipe, progress)
        == "25 epochs, about 3 min 20 s on this machine (2.00 s a step, 25.0 % of it waiting for data); 3 min 0 s left"
    )
  }

  @Test func aLogThatIsNoneIsRefusedAndAHalfLineForgotten() throws {
    let file = small.folder.appendingPathComponent("log.csv")
    try Data("step,epoch,loss\n1,1,2.5\n2,1,\n3,1,9".utf8).write(to: file)
    let log = try LogTable(contentsOf: file)
    #expect(log.rows == [[1, 1, 2.5], [2, 1, nil]] && log.values("loss") == [2.5, nil])
    #expect(log.means(epoch: 1) == ["step": 1.5, "epoch": 1, "loss": 2.5])
    for text in ["", "a,b\n", "step,loss\n1\n", "step,loss\n1,x\n"] {
      try Data(text.utf8).write(to: file)
      #expect(throws: InputError.self) { try LogTable(contentsOf: file) }
    }
  }
}
