import Foundation
import Recipes
import Testing

@testable import Evaluation
@testable import Training

/// The command itself under a wall clock that is wrong: durations are of another one.
@Suite struct ClockTests {
  private func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws
    -> Int32?
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch { return nil }
    process.waitUntilExit()
    return process.terminationReason == .exit ? process.terminationStatus : -1
  }

  @Test(arguments: ["stands", "back", "jumps", "leaps", "before"])
  func durationsAreOfAClockThatOnlyGoesForward(fault: String) throws {
    var small = try SmallRun()
    small.recipe.epochs = 2
    let recipe = small.folder.appendingPathComponent("recipe.yaml")
    try Data(small.recipe.yaml.utf8).write(to: recipe)
    let library = small.folder.appendingPathComponent("clock.so").path
    let source = RecipeTests.root.appendingPathComponent("Tests/Reliability/clock.c").path
    guard try run("/usr/bin/env", ["cc", "-shared", "-fPIC", "-o", library, source]) == 0 else {
      return print("skipped: no C compiler")
    }
    let tool = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("skeltrain").path
    let environment = ["LD_PRELOAD": library, "CLOCK_FAULT": fault]
    let folder = small.run("run")
    #expect(
      try run(
        tool,
        [
          "pretrain", "--from", small.folder.appendingPathComponent("data").path, "--split", "xview",
          "--recipe",
          recipe.path, "--output", folder.url.path, "--progress", "none",
        ], environment: environment) == 0)
    let log = try LogTable(contentsOf: folder.csv)
    #expect(log.rows.count == 12)
    for column in ["seconds", "wait", "samples_per_second"] {
      let values = try #require(log.values(column))
      #expect(values.allSatisfy { $0.map { $0 >= 0 && $0 < 1e6 } ?? false }, "\(column): \(values)")
    }
    for line in try String(contentsOf: folder.jsonLines, encoding: .utf8).split(separator: "\n") {
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
    }
    let page = small.folder.appendingPathComponent("run.html").path
    #expect(try run(tool, ["report", folder.url.path, "--output", page], environment: environment) == 0)
    #expect(try run(tool, ["inspect", folder.url.path, "--json"], environment: environment) == 0)
  }
}
