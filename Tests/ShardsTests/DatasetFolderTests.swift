import Foundation
import Shards
import Skeleton
import Testing

@Suite struct DatasetFolderTests {
  private let folder: TemporaryFolder
  private let names: [String]

  init() throws {
    folder = try TemporaryFolder()
    let shards = folder.file("shards")
    try FileManager.default.createDirectory(at: shards, withIntermediateDirectories: true)
    let example = ExampleShard(samples: 9, frames: 3...9)
    let entry = try example.write(to: shards.appendingPathComponent("00000.h5"))
    names = example.content.map(\.record.name)
    try Manifest(
      dataset: "ntu60", profile: "agcn300", recipe: .object([:]), generator: "tests 1", shards: [entry]
    ).write(to: folder.url)
  }

  private func split(train: [String], test: [String], manifest: String? = nil) throws -> Split {
    Split(
      protocolName: "xview", dataset: "ntu60", manifest: try manifest ?? Manifest.digest(of: folder.url),
      train: train,
      test: test)
  }

  @Test func aDataSetIsReadBack() throws {
    let data = try DatasetFolder(folder.url)
    #expect(data.manifest.sampleCount == 9)
    #expect(try data.samples().flatMap(\.self).map(\.name) == names)
    try split(train: Array(names.prefix(5)), test: Array(names.dropFirst(5))).write("xview", in: folder.url)
    #expect(try data.split("xview").names(of: .test) == Array(names.dropFirst(5)))
    #expect(try data.shard(0).samples.count == 9)
  }

  @Test func aFolderWithoutManifestIsUnfinished() throws {
    try FileManager.default.removeItem(at: folder.file("manifest.json"))
    #expect { try DatasetFolder(folder.url) } throws: { error in "\(error)".contains("skelprep convert") }
  }

  @Test func aSplitThatLeavesSamplesOutOrNamesThemTwiceIsRefused() throws {
    let wrong = [
      try split(train: names, test: [names[0]]), try split(train: Array(names.dropLast()), test: []),
      try split(train: names + ["S001C001P099R001A001"], test: []),
      try split(train: names, test: [], manifest: String(repeating: "0", count: 64)),
    ]
    for split in wrong { #expect(throws: InputError.self) { try split.write("xview", in: folder.url) } }
    #expect(throws: InputError.self) { try DatasetFolder(folder.url).split("xview") }
  }

  @Test func exemplarsAreInNoOtherList() throws {
    var one = try split(train: Array(names.prefix(5)), test: Array(names.dropFirst(6)))
    #expect(throws: InputError.self) { try one.write("oneshot", in: folder.url) }
    one.exemplars = [names[5]]
    try one.write("oneshot", in: folder.url)
    #expect(try DatasetFolder(folder.url).split("oneshot") == one)
    one.exemplars = [names[5], names[6]]
    #expect(throws: InputError.self) { try one.write("oneshot", in: folder.url) }
  }

  @Test func episodesAreOfTestSamplesOfTheirClasses() throws {
    // The sample of index i has the label i.
    func few(_ classes: [Int], _ support: [[Int]], _ query: [[Int]], ways: Int = 2) throws {
      var split = try split(train: Array(names.prefix(4)), test: Array(names.dropFirst(4)))
      split.fewShot = FewShot(
        ways: ways, shots: 1, queries: 0, classes: [4, 5, 6, 7, 8],
        episodes: [
          .init(
            classes: classes, support: support.map { $0.map { names[$0] } },
            query: query.map { $0.map { names[$0] } })
        ])
      try split.write("few", in: folder.url)
    }
    try few([8, 4], [[8], [4]], [[], []])
    #expect(try DatasetFolder(folder.url).split("few").fewShot?.episodes.first?.classes == [8, 4])
    for (classes, support, query) in [
      ([8, 8], [[8], [8]], [[], []]), ([8, 3], [[8], [3]], [[], []]), ([8, 4], [[8], [5]], [[], []]),
      ([8, 4], [[8], []], [[], []]), ([8, 4], [[8]], [[]]), ([8, 4], [[8], [4]], [[], [4]]),
      ([8], [[8]], [[]]),
    ] {
      #expect(throws: InputError.self, "\(classes) \(support) \(query)") { try few(classes, support, query) }
    }
  }

  @Test func aShardThatWasChangedIsRefused() throws {
    let url = folder.file("shards/00000.h5")
    try ExampleShard(samples: 9, frames: 3...9, seed: 2).write(to: url)
    #expect(throws: InputError.self) { try DatasetFolder(folder.url).shard(0) }
  }

  /// A shard of other data, whose classes or coordinates mean something else.
  @Test func aShardOfAnotherDataSetOrProfileIsRefused() throws {
    let own = try DatasetFolder(folder.url)
    for (dataset, profile) in [("ntu120", "agcn300"), ("ntu60", "raw")] {
      try Manifest(
        dataset: dataset, profile: profile, recipe: .object([:]), generator: "tests 1",
        shards: own.manifest.shards
      ).write(to: folder.url)
      let other = try DatasetFolder(folder.url)
      for read in [{ _ = try other.samples() }, { _ = try other.outline(0) }] {
        #expect { try read() } throws: {
          "\($0)".contains("ntu60 by agcn300") && "\($0)".contains("\(dataset) by \(profile)")
        }
      }
    }
  }

  @Test func aManifestThatContradictsItselfIsRefused() throws {
    let url = folder.file("manifest.json")
    let text = try String(contentsOf: url, encoding: .utf8)
    for (from, to) in [
      ("\"sample_count\" : 9", "\"sample_count\" : 8"), ("00000.h5", "../00000.h5"),
      ("\"format_version\" : 1", "\"format_version\" : 2"),
    ] {
      let changed = text.replacingOccurrences(of: from, with: to)
      #expect(changed != text, "\(from) is not in the manifest")
      try Data(changed.utf8).write(to: url)
      #expect(throws: InputError.self) { try DatasetFolder(folder.url) }
    }
  }
}
