import Foundation
import Glibc
import Skeleton
import Testing

@testable import Training

/// A run that goes on throws nothing away that it could not read, and writes into nothing but its own files.
@Suite struct RunLogTests {
  private let small: SmallRun

  init() throws { small = try SmallRun() }

  private func logs(_ name: String) -> [URL] {
    let run = small.run(name)
    return [run.csv, run.jsonLines, run.events]
  }

  private func expectRefusedUnchanged(_ file: URL) throws {
    // Not compared as a URL: that of a folder ends with a slash.
    let names = logs("run").filter { $0.path != file.path }
    let others = try names.map { try Data(contentsOf: $0) }
    #expect { try small.train("run", resume: true) } throws: { ($0 as? InputError)?.file == file.path }
    #expect(try names.map { try Data(contentsOf: $0) } == others)
  }

  @Test(arguments: 0..<3) func aDamagedByteEmptiesNothing(index: Int) throws {
    try small.train("run", steps: 6)
    let file = logs("run")[index]
    let whole = try Data(contentsOf: file)
    for at in stride(from: 1, to: whole.count - 2, by: 29) {
      var damaged = whole
      damaged[at] = whole[at] == 0xFF ? 0 : 0xFF
      try damaged.write(to: file)
      try expectRefusedUnchanged(file)
      #expect(try Data(contentsOf: file) == damaged)
    }
    // What follows from the same bytes when they are whole again.
    try whole.write(to: file)
    try small.train("whole")
    try small.train("run", resume: true)
    #expect(try small.losses("run") == small.losses("whole"))
  }

  @Test(arguments: 0..<3) func whatCannotBeReadIsRefused(index: Int) throws {
    try small.train("run", steps: 6)
    let file = logs("run")[index]
    try FileManager.default.removeItem(at: file)
    // A pipe would be waited for, and a folder cannot be read.
    #expect(unsafe mkfifo(file.path, 0o600) == 0)
    try expectRefusedUnchanged(file)
    try FileManager.default.removeItem(at: file)
    try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
    try expectRefusedUnchanged(file)
  }

  @Test(arguments: 0..<3) func aLogThatIsGoneBeginsAgain(index: Int) throws {
    try small.train("run", steps: 6)
    try FileManager.default.removeItem(at: logs("run")[index])
    try small.train("run", resume: true, steps: 2)
    #expect(try LogTable(contentsOf: small.run("run").csv).rows.count == (index == 0 ? 2 : 8))
  }

  @Test func nothingIsWrittenThroughALink() throws {
    let target = small.folder.appendingPathComponent("precious")
    try Data("precious".utf8).write(to: target)
    let run = small.run("run")
    try FileManager.default.createDirectory(at: run.url, withIntermediateDirectories: true)
    let planted = [
      run.events, run.journal, run.csv, run.jsonLines, run.recipe,
      run.checkpoint.appendingPathExtension("partial"),
    ]
    for file in planted { try FileManager.default.createSymbolicLink(at: file, withDestinationURL: target) }
    #expect { try small.train("run") } throws: { ($0 as? InputError)?.file == run.events.path }
    #expect(try Data(contentsOf: target) == Data("precious".utf8))
    try FileManager.default.removeItem(at: run.events)
    // A journal that cannot be written stops nothing.
    try small.train("run", steps: 6)
    #expect(try Data(contentsOf: target) == Data("precious".utf8))
    #expect(try LogTable(contentsOf: run.csv).rows.count == 6)
  }

  @Test func statesStayWhereACheckpointCannotBeRead() throws {
    var small = small
    small.recipe.keep = 3
    try small.train("run", steps: 9)
    let older = small.run("run").previous(steps: 4)
    try FileManager.default.moveItem(at: older, to: small.folder.appendingPathComponent("aside"))
    try FileManager.default.createDirectory(at: older, withIntermediateDirectories: false)
    try small.train("run", resume: true, steps: 1)
    let states = try small.arrays("run").filter { $0.hasPrefix("state") }
    #expect(states.contains("state-000008.safetensors") && states.contains("state-000010.safetensors"))
    #expect(states.contains("state-000009.safetensors"))
  }

  @Test func aNewestThatCannotBeReadIsNotReplaced() throws {
    var small = small
    small.recipe.keep = 1
    try small.train("run", steps: 2)
    var training = try small.training("run", resume: true)
    let newest = small.run("run").checkpoint
    let aside = small.folder.appendingPathComponent("aside")
    try FileManager.default.moveItem(at: newest, to: aside)
    try FileManager.default.createDirectory(at: newest, withIntermediateDirectories: false)
    #expect(throws: InputError.self) { try training { true } }
    try FileManager.default.removeItem(at: newest)
    try FileManager.default.moveItem(at: aside, to: newest)
    try small.train("run", resume: true, steps: 1)
  }

  @Test func lookingAtARunThatCannotBeReadIsNoResult() throws {
    try small.train("run", steps: 6)
    let run = small.run("run")
    for file in [run.recipe, run.csv, run.journal, run.checkpoint, run.previous(steps: 4)] {
      let aside = small.folder.appendingPathComponent("aside")
      try FileManager.default.moveItem(at: file, to: aside)
      try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
      #expect(throws: InputError.self) { try RunInspection(run) }
      try FileManager.default.removeItem(at: file)
      try FileManager.default.moveItem(at: aside, to: file)
    }
    _ = try RunInspection(run)
  }
}
