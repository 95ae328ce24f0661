import Foundation
import Recipes
import Skeleton
import Testing

@testable import Training

/// The command itself, killed and stopped at random moments: it goes on to the same bytes.
@Suite(.serialized) struct KillTests {
  private var small: SmallRun

  init() throws {
    small = try SmallRun()
    small.recipe.epochs = 20
    small.recipe.rates.milestones = []
    // A checkpoint after nearly every step, so that kills also meet checkpoints being written.
    small.recipe.checkpointMinutes = 1e-9
    try Data(small.recipe.yaml.utf8).write(to: small.folder.appendingPathComponent("recipe.yaml"))
  }

  /// Starts `skeltrain pretrain … --resume`, its output going to a file `<name>.txt`.
  private func start(_ name: String) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("skeltrain")
    process.arguments = [
      "pretrain", "--from", small.folder.appendingPathComponent("data").path, "--split", "xview", "--recipe",
      small.folder.appendingPathComponent("recipe.yaml").path, "--output", small.run(name).url.path,
      "--resume",
      "--progress", "none",
    ]
    let text = small.folder.appendingPathComponent("\(name).txt")
    try Data().write(to: text)
    let output = try FileHandle(forWritingTo: text)
    process.standardOutput = output
    process.standardError = output
    try process.run()
    return process
  }

  private func output(_ name: String) -> String {
    (try? String(contentsOf: small.folder.appendingPathComponent("\(name).txt"), encoding: .utf8))
      ?? "no output"
  }

  /// Waits until a run has logged a number of steps.
  private func wait(_ name: String, steps: Int, _ process: Process) {
    while process.isRunning, ((try? small.losses(name).count) ?? 0) < steps {
      Thread.sleep(forTimeInterval: 0.002)
    }
  }

  private func undisturbed() throws -> (losses: [[Substring]], bytes: [Data]) {
    let process = try start("whole")
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(output("whole"))")
    return (try small.losses("whole"), try small.bytes("whole"))
  }

  @Test func aKilledRunGoesOnToTheSameBytes() throws {
    let whole = try undisturbed()
    var random = KeyedRandom(seed: 4, view: "kills")
    var kills = 0
    while true {
      let process = try start("killed")
      let logged = (try? small.losses("killed").count) ?? 0
      wait("killed", steps: logged + random.integer(in: 1...15), process)
      Thread.sleep(forTimeInterval: Double(random.uniform(0, 0.02)))
      if kills < 12 { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
      let run = small.run("killed")
      // After the first checkpoint there is always one that is whole.
      if let newest = try run.resumable().first { try run.verify(newest) }
      guard process.terminationReason == .uncaughtSignal else {
        #expect(process.terminationStatus == 0, "\(output("killed"))")
        break
      }
      kills += 1
    }
    #expect(kills > 0, "every run was over before it was killed")
    #expect(try small.losses("killed") == whole.losses)
    #expect(try small.bytes("killed") == whole.bytes)
  }

  @Test func aSignalFinishesTheStepSavesAndSaysHowToGoOn() throws {
    let whole = try undisturbed()
    for (signal, steps) in [(SIGINT, 2), (SIGTERM, 7), (SIGHUP, 31)] {
      let process = try start("stopped")
      wait("stopped", steps: steps, process)
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 128 + signal)
      let text = output("stopped")
      #expect(
        text.contains("stopped by \(StopSignal.name(signal)) after ") && text.contains("--resume"), "\(text)")
      // Not one step is lost.
      let texts = try small.run("stopped").verify(small.run("stopped").checkpoint)
      #expect(try texts["steps"] == String(small.losses("stopped").count - 1))
    }
    let process = try start("stopped")
    process.waitUntilExit()
    #expect(try process.terminationStatus == 0 && small.losses("stopped") == whole.losses)
    #expect(try small.bytes("stopped") == whole.bytes)
  }

  @Test func oneProgramAtATimeTrainsIntoAFolder() throws {
    let first = try start("shared")
    wait("shared", steps: 3, first)
    #expect { try small.train("shared", resume: true) } throws: { ($0 as? InputError)?.kind == .busy }
    kill(first.processIdentifier, SIGKILL)
    first.waitUntilExit()
    try small.train("shared", resume: true, steps: 1)
  }

  @Test func aSecondSignalStopsAtOnce() throws {
    let process = try start("twice")
    wait("twice", steps: 3, process)
    for _ in 0..<2 { kill(process.processIdentifier, SIGTERM) }
    // Signals of one kind that wait to be delivered become one; the second is sent until it has arrived.
    while process.isRunning { kill(process.processIdentifier, SIGTERM) }
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 128 + SIGTERM)
  }
}
