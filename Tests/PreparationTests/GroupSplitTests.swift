import Foundation
import Shards
import Skeleton
import Testing

@testable import Preparation

/// Splits by subject, camera, recording and list, of one's own data and of published ones.
@Suite struct GroupSplitTests {
  private let folder: TemporaryFolder
  private var path: String { folder.path("out") }

  init() throws {
    folder = try TemporaryFolder()
    var labels = "name,class,subject,start,end\n"
    for index in 0..<8 {
      try FileManager.default.createDirectory(atPath: folder.path("raw"), withIntermediateDirectories: true)
      try Data(OwnDataTests.table(Double(index)).utf8).write(
        to: URL(fileURLWithPath: folder.path("raw/r\(index).csv")))
      labels += "r\(index),\(index % 2 == 0 ? "fall" : "walk"),anna-\(index / 2),0,6\n"
      labels += "r\(index),\(index % 2 == 0 ? "fall" : "walk"),anna-\(index / 2),6,12\n"
    }
    try Data(labels.utf8).write(to: URL(fileURLWithPath: folder.path("labels.csv")))
    let own = try OwnDataOptions(layout: "coco17").recordings(
      named: "own", labels: [folder.path("labels.csv")])
    _ = try Pipeline(
      ConversionOptions(inputs: [folder.path("raw")], data: .own(own), output: folder.path("out"))
    ).run()
  }

  private func write(
    _ key: GroupSplitOptions.Key, _ choice: GroupSplitOptions.Choice, seed: UInt64 = 1
  ) throws -> [Splitting] {
    var options = GroupSplitOptions(by: key, choice)
    options.seed = seed
    return try Splitting.write(options, in: path)
  }

  @Test func namedSubjectsTest() throws {
    let one = try #require(try write(.subject, .groups(["anna-1", "anna-3"])).first)
    #expect(one.name == "subject" && one.split.test.count == 8 && one.split.train.count == 8)
    #expect(one.split.test.allSatisfy { ["r2", "r3", "r6", "r7"].contains($0.prefix(2)) })
    #expect(try DatasetFolder(URL(fileURLWithPath: path)).split("subject").protocolName == "subject")
    #expect(throws: InputError.self) { try write(.subject, .groups(["bert"])) }
    #expect(throws: InputError.self) { try write(.subject, .groups([])) }
    #expect(throws: InputError.self) { try write(.camera, .groups(["1"])) }
    // Nobody would be left to learn from.
    #expect { try write(.subject, .groups(["anna-0", "anna-1", "anna-2", "anna-3"])) } throws: {
      "\($0)".contains("no training sample")
    }
  }

  @Test func foldsHaveEverySampleOnce() throws {
    let folds = try write(.recording, .folds(4))
    #expect(folds.map(\.name) == (1...4).map { "recording-fold\($0)of4" })
    let tests = folds.flatMap(\.split.test)
    #expect(tests.count == 16 && Set(tests).count == 16)
    for fold in folds {
      // A recording's actions stay together, and both classes are on both sides.
      #expect(fold.split.test.count == 4 && Set(fold.split.test.map { $0.prefix(2) }).count == 2)
      #expect(Set(fold.split.test.map { Int($0.dropFirst().prefix(1)).map { $0 % 2 } }).count == 2)
      #expect(Set(fold.split.train).isDisjoint(with: fold.split.test) && fold.split.train.count == 12)
    }
    #expect(try write(.recording, .folds(4)).map(\.split) == folds.map(\.split))
    #expect(try write(.recording, .folds(4), seed: 2).map(\.split.test) != folds.map(\.split.test))
    #expect(throws: InputError.self) { try write(.recording, .folds(9)) }
    #expect(throws: InputError.self) { try write(.recording, .folds(1)) }
  }

  @Test func eachIsLeftOutOnce() throws {
    let splits = try write(.subject, .leaveOneOut)
    #expect(splits.map(\.name) == (0..<4).map { "subject-anna-\($0)" })
    #expect(splits.allSatisfy { $0.split.test.count == 4 && $0.split.train.count == 12 })
  }

  @Test func aListSaysWhereSamplesAre() throws {
    let file = folder.path("list.csv")
    func list(_ text: String) throws -> Splitting? {
      try Data(text.utf8).write(to: URL(fileURLWithPath: file))
      return try write(.sample, .list(file)).first
    }
    let one = try #require(try list("name,part\nr0,train\nr1.csv,train\nr2#0,test\nr3,excluded\n"))
    #expect(one.name == "list" && one.split.train.count == 4 && one.split.test == ["r2#0"])
    #expect(one.split.excluded.count == 11 && one.split.list != nil)
    for (text, line) in [
      ("r0,train\nr9,test\n", "line 2"), ("r0,train\nr0#1,test\n", "line 2"), ("r0,maybe\n", "line 1"),
      ("r0\n", "line 1"),
    ] {
      #expect { try list(text) } throws: { "\($0)".contains(line) }
    }
    #expect(throws: InputError.self) { try list("r0,train\n") }
  }

  /// Published data sets have numbers where one's own have names.
  @Test func numbersOfPublishedDataSetsAreNames() throws {
    try Synthesis(samples: 12).write(to: folder.path("ntu"))
    _ = try Pipeline(
      ConversionOptions(inputs: [folder.path("ntu")], dataset: .ntu60, output: folder.path("data"))
    ).run()
    let samples = Array(try DatasetFolder(URL(fileURLWithPath: folder.path("data"))).samples().joined())
    let camera = try #require(samples.first?.camera)
    let splits = try Splitting.write(
      GroupSplitOptions(by: .camera, .groups(["C00\(camera)"])), in: folder.path("data"))
    #expect(splits[0].split.test == samples.filter { $0.camera == camera }.map(\.name))
  }
}
