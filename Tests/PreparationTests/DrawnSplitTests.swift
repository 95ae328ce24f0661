import Foundation
import Shards
import Skeleton
import Testing

@testable import Preparation

/// Splits that are drawn: parts of the training samples, one-shot, few-shot.
@Suite struct DrawnSplitTests {
  /// Samples of setups 1 and 2, cameras 1 to 3, subjects 1 to 4; the last class has a fifth of the others' samples.
  private static let names: [SampleName] = (1...2).flatMap { setup in
    (1...3).flatMap { camera in
      (1...4).flatMap { subject in
        (1...6).compactMap { action in
          let isRare = action == 6 && !(subject == 1 && setup == 1)
          return isRare
            ? nil : SampleName(setup: setup, camera: camera, subject: subject, replication: 1, action: action)
        }
      }
    }
  }

  private func write(_ options: SplitOptions, in path: String) throws -> Split {
    let splitting = try Splitting.write(options, in: path)
    let read = try DatasetFolder(URL(fileURLWithPath: path)).split(splitting.name)
    #expect(read == splitting.split)
    return read
  }

  private func label(_ name: String) -> Int { SampleName(name)?.label ?? -1 }

  @Test func aPartOfTheTrainingSamplesIsDrawn() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("data")
    try NamedDataset.write(NamedDataset.labelled(Self.names.sorted()), of: .ntu60, to: path)
    let all = try write(SplitOptions(.xsub), in: path)
    var options = SplitOptions(.xsub)
    var earlier: [UInt64: Set<String>] = [:]
    for fraction in [0.01, 0.05, 0.1, 0.2, 0.5, 1] {
      for seed: UInt64 in 1...5 {
        (options.fraction, options.seed) = (fraction, seed)
        let split = try write(options, in: path)
        #expect(split.train.count == max(1, Int((fraction * Double(all.train.count)).rounded())))
        #expect(split.test == all.test && split.seed == seed && split.fraction == fraction)
        #expect(Set(split.train).isSubset(of: all.train) && split.train == split.train.sorted())
        #expect(Set(split.excluded) == Set(all.train).subtracting(split.train))
        // The smaller share is in the larger.
        #expect(Set(split.train).isSuperset(of: earlier[seed] ?? []))
        earlier[seed] = Set(split.train)
        let again = try write(options, in: path)
        #expect(again == split)
      }
    }
    options.fraction = 0.5
    let drawn = try (1...5 as ClosedRange<UInt64>).map { seed in
      options.seed = seed
      return try write(options, in: path).train
    }
    #expect(Set(drawn).count == 5)
    let names = try DatasetFolder(URL(fileURLWithPath: path)).splitNames()
    #expect(names.contains("xsub-1pct-seed1") && names.contains("xsub-50pct-seed5") && names.contains("xsub"))
  }

  @Test func aDrawDoesNotDependOnOtherSamples() throws {
    let names = Self.names.map { "\($0)" }
    let subset = TrainingSubset(fraction: 0.5, seed: 3, balanced: false)
    let all = try subset.draw(from: names, labels: [:])
    let half = Array(names.prefix(names.count / 2))
    let few = try TrainingSubset(fraction: 0.1, seed: 3, balanced: false).draw(from: half, labels: [:])
    #expect(few.isSubset(of: all) && !few.isEmpty)
    var random = KeyedRandom(seed: 1, view: "order")
    #expect(try subset.draw(from: random.shuffled(names), labels: [:]) == all)
  }

  @Test func aBalancedDrawHasEveryClassAlike() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("data")
    try NamedDataset.write(NamedDataset.labelled(Self.names.sorted()), of: .ntu60, to: path)
    let all = try write(SplitOptions(.xsub), in: path)
    var options = SplitOptions(.xsub)
    options.balanced = true
    for (fraction, each, rare) in [(0.01, 1, 1), (0.2, 3, 3), (0.5, 8, 3)] {
      options.fraction = fraction
      let split = try write(options, in: path)
      let counts = Dictionary(grouping: split.train, by: label).mapValues(\.count)
      #expect(counts == [0: each, 1: each, 2: each, 3: each, 4: each, 5: rare], "\(all.train.count)")
      #expect(split.balanced == true && split.seed == 1)
    }
    #expect(try DatasetFolder(URL(fileURLWithPath: path)).splitNames().contains("xsub-1pct-balanced-seed1"))
    let untrimmed = folder.path("untrimmed")
    try NamedDataset.write([("0002-L", -1), ("0003-L", -1), ("0291-L", -1)], of: .pkummd1, to: untrimmed)
    let error = #expect(throws: InputError.self) { try Splitting.write(options, in: untrimmed) }
    #expect(error?.file == "--balanced")
    options.balanced = false
    #expect(try write(options, in: untrimmed).train.count == 1)
  }

  @Test func missingClassesAreSaid() throws {
    let folder = try TemporaryFolder()
    try NamedDataset.write(NamedDataset.labelled(Self.names.sorted()), of: .ntu60, to: folder.path("data"))
    var options = SplitOptions(.xsub)
    options.fraction = 0.01
    let splitting = try Splitting.write(options, in: folder.path("data"))
    let drawn = try #require(splitting.split.train.first)
    let expected = (0..<5).filter { $0 != label(drawn) }.map { "A\($0 + 1)" }.joined(separator: " ")
    #expect(splitting.summary.contains("no training sample of \(expected)"))
  }

  @Test func theOneShotProtocolKeepsItsExemplarsApart() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("data")
    let names = [1, 18].flatMap { setup in
      [8, 9].flatMap { subject in
        (setup == 1 ? 1...60 : 61...120).map {
          SampleName(setup: setup, camera: 3, subject: subject, replication: 1, action: $0)
        }
      }
    }
    try NamedDataset.write(NamedDataset.labelled(names.sorted()), of: .ntu120, to: path, exclude: "none")
    let split = try write(SplitOptions(.oneshot), in: path)
    let novel = (0..<20).map { 1 + 6 * $0 }
    #expect(split.exemplars?.compactMap { SampleName($0)?.action } == novel)
    #expect(
      split.exemplars?.first == "S001C003P008R001A001" && split.exemplars?.last == "S018C003P008R001A115")
    #expect(split.exemplars?[10] == "S018C003P008R001A061")
    #expect(split.test.compactMap { SampleName($0)?.action } == novel)
    #expect(split.test.allSatisfy { $0.contains("P009") } && split.excluded.isEmpty)
    #expect(split.train.count == 200 && Set(split.train.map(label)).isDisjoint(with: novel.map { $0 - 1 }))
    // None of them is on the list of missing skeletons.
    let missing = SkeletonDataset.ntu120.samplesWithMissingSkeletons
    #expect(NovelClasses.oneShotExemplars.allSatisfy { !missing.contains("\($0)") })

    let part = folder.path("part")
    try NamedDataset.write(
      NamedDataset.labelled(names.filter { "\($0)" != "S001C003P008R001A007" }.sorted()), of: .ntu120,
      to: part)
    let without = try Splitting.write(SplitOptions(.oneshot), in: part)
    #expect(without.split.excluded.contains("S001C003P009R001A007") && without.split.exemplars?.count == 19)
    #expect(without.summary.contains("S001C003P008R001A007"))
    try NamedDataset.write(
      NamedDataset.labelled(names.filter { $0.subject == 9 }), of: .ntu120, to: folder.path("none"))
    for (dataset, path) in [(SkeletonDataset.ntu120, "none"), (.ntu60, "ntu60")] {
      if dataset == .ntu60 {
        try NamedDataset.write(NamedDataset.labelled(Self.names.sorted()), of: .ntu60, to: folder.path(path))
      }
      #expect(throws: InputError.self) { try Splitting.write(SplitOptions(.oneshot), in: folder.path(path)) }
    }
  }

  @Test func episodesAreWhatWasAskedFor() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("data")
    try NamedDataset.write(NamedDataset.labelled(Self.names.sorted()), of: .ntu60, to: path)
    var options = SplitOptions(.fewshot)
    (options.ways, options.shots, options.queries, options.episodes) = (3, 2, 4, 20)
    options.classes = "A002, 2,3 ,A006,A5"
    let split = try write(options, in: path)
    let few = try #require(split.fewShot)
    #expect(few.classes == [1, 2, 3, 4, 5] && few.episodes.count == 20 && split.seed == 1)
    #expect(split.train.allSatisfy { label($0) == 0 } && split.test.allSatisfy { label($0) != 0 })
    for episode in few.episodes {
      // Class 5 has three samples, too few for an episode.
      #expect(episode.classes.count == 3 && Set(episode.classes).isSubset(of: [1, 2, 3, 4]))
      for (way, label) in episode.classes.enumerated() {
        let names = episode.support[way] + episode.query[way]
        #expect(episode.support[way].count == 2 && names.count == 6 && Set(names).count == 6)
        #expect(names.allSatisfy { self.label($0) == label })
      }
    }
    #expect(
      Set(few.episodes.map(\.classes)).count > 5 && Set(few.episodes.flatMap(\.classes)) == [1, 2, 3, 4])
    #expect(try Splitting.write(options, in: path).summary.contains("too few samples of A6"))
    // An episode depends on its number and the seed, not on how many there are.
    options.episodes = 5
    #expect(try write(options, in: path).fewShot?.episodes == Array(few.episodes.prefix(5)))
    options.seed = 2
    #expect(try write(options, in: path).fewShot?.episodes != Array(few.episodes.prefix(5)))
    #expect(try DatasetFolder(URL(fileURLWithPath: path)).splitNames().contains("fewshot-3way-2shot-seed2"))

    options.within = .xview
    let within = try write(options, in: path)
    #expect(within.test.allSatisfy { SampleName($0)?.camera == 1 } && within.fewShot?.within == "xview")
    #expect(within.excluded.allSatisfy { SampleName($0)?.camera != 1 && label($0) != 0 })
    options.ways = 5
    #expect(throws: InputError.self) { try Splitting.write(options, in: path) }
    options.within = .xset
    #expect(throws: InputError.self) { try Splitting.write(options, in: path) }
  }

  @Test func classesAreReadFromWordsAndFiles() throws {
    let folder = try TemporaryFolder()
    try Data("A061\n62, 3\n".utf8).write(to: URL(fileURLWithPath: folder.path("classes.txt")))
    #expect(try ClassList.labels(folder.path("classes.txt"), of: .ntu120) == [3, 60, 62])
    for wrong in [
      "x", "120", "A121", "A000", "A0", "-1", "1,1", "A002,1", "1.5", "A", "99999999999999999999",
    ] {
      #expect(throws: InputError.self, "\(wrong)") { try ClassList.labels(wrong, of: .ntu120) }
    }
    #expect(NovelClasses.fewShotLabels.count == 23 && Set(NovelClasses.fewShotLabels).count == 23)
    #expect(NovelClasses.fewShotLabels.allSatisfy { (60..<120).contains($0) })
  }

  @Test func optionsThatDoNotGoTogetherAreRefused() throws {
    func refused(_ option: String, _ scheme: SplitScheme, _ change: (inout SplitOptions) -> Void) {
      var options = SplitOptions(scheme)
      change(&options)
      let error = #expect(throws: InputError.self, "\(option)") { try options.validate() }
      #expect(error?.file == option)
    }
    refused("--fraction", .oneshot) { $0.fraction = 0.1 }
    refused("--fraction", .fewshot) { $0.fraction = 0.1 }
    for fraction in [0, -0.1, 1.01, .nan, .infinity] {
      refused("--fraction", .xsub) { $0.fraction = fraction }
    }
    refused("--balanced", .xsub) { $0.balanced = true }
    refused("--seed", .xsub) { $0.seed = 2 }
    refused("--list", .xset) { $0.list = "list.txt" }
    refused("--list", .fewshot) { $0.list = "list.txt" }
    refused("--ways", .xsub) { $0.ways = 5 }
    refused("--ways", .fewshot) { $0.ways = 1 }
    refused("--shots", .oneshot) { $0.shots = 1 }
    refused("--queries", .fewshot) { $0.queries = 0 }
    refused("--episodes", .fewshot) { $0.episodes = 10_001 }
    refused("--classes", .xview) { $0.classes = "1" }
    refused("--within", .xsub) { $0.within = .xsub }
    for name in ["", ".hidden", "../up", "a b", "ü", String(repeating: "x", count: 101)] {
      refused("--name", .xsub) { $0.name = name }
    }
    var options = SplitOptions(.xsub)
    for (fraction, name) in [
      (0.01, "1"), (0.05, "5"), (0.07, "7"), (0.1, "10"), (0.2, "20"), (0.005, "0.5"), (1, "100"),
    ] {
      options.fraction = fraction
      try options.validate()
      #expect(options.resolvedName == "xsub-\(name)pct-seed1")
    }
    options.name = "few"
    #expect(options.resolvedName == "few")
  }
}
