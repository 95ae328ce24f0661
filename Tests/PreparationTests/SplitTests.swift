import Foundation
import Shards
import Skeleton
import Testing

@testable import Preparation

@Suite struct SplitTests {
  /// Every name that NTU60 could have with so many setups, subjects, repetitions and actions; not what it has.
  private func names(setups: ClosedRange<Int>, actions: Int = 4) -> [String] {
    setups.flatMap { setup in
      (1...3).flatMap { camera in
        (1...4).flatMap { subject in
          (1...actions).map {
            "\(SampleName(setup: setup, camera: camera, subject: subject, replication: 1, action: $0))"
          }
        }
      }
    }
  }

  @Test func eachSampleIsOnOneSide() throws {
    let names = names(setups: 1...4)
    for scheme in EvaluationProtocol.allCases {
      let excluded = Set(names.prefix(5))
      let members = try SplitMembers(of: names, in: .ntu120, by: scheme, excluding: excluded)
      #expect((members.train + members.test + members.excluded).sorted() == names.sorted())
      #expect(Set(members.excluded) == excluded)
      for text in members.train + members.test {
        let name = try #require(SampleName(text))
        let trains =
          switch scheme {
          case .xsub: [1, 2, 4].contains(name.subject)
          case .xview: name.camera != 1
          case .xset: name.setup == 2 || name.setup == 4
          }
        #expect(members.train.contains(text) == trains, "\(text) \(scheme)")
      }
    }
    #expect(throws: InputError.self) { try SplitMembers(of: ["0002-L#3"], in: .ntu60, by: .xsub) }
  }

  @Test func comparesWithThePublishedCounts() {
    func coverage(train: Int, test: Int, setups: ClosedRange<Int>, lost: [String] = []) -> SplitCoverage {
      // Only setups and counts matter, so that the names may repeat. Action 60 of subject 39 is on no list.
      func some(_ count: Int) -> [String] {
        (0..<count).map { index in
          let setup = setups.lowerBound + index % setups.count
          return "\(SampleName(setup: setup, camera: 1, subject: 39, replication: 1, action: 60))"
        }
      }
      var members = SplitMembers()
      members.train = some(train)
      members.test = some(test)
      return SplitCoverage(of: members, dataset: .ntu60, scheme: .xview, lost: lost)
    }
    #expect(coverage(train: 37_646, test: 18_932, setups: 1...17) == .published)
    guard case .differs(let text) = coverage(train: 37_645, test: 18_932, setups: 1...17, lost: ["S001"])
    else {
      Issue.record("one sample less is not noticed")
      return
    }
    #expect(text.contains("37646") && text.contains("S001"))
    guard case .partial(let part) = coverage(train: 100, test: 50, setups: 1...16) else {
      Issue.record("a part is taken for the whole")
      return
    }
    #expect(part.contains("setups 17"))
    if case .partial = coverage(train: 100, test: 50, setups: 1...17) {
    } else {
      Issue.record("a part of every setup is taken for the whole")
    }
  }

  @Test func aSplitWithAnEmptySideIsRefusedWhereThatIsAsked() throws {
    let folder = try TemporaryFolder()
    try Synthesis(samples: 6, classes: 2).write(to: folder.path("raw"))
    _ = try Pipeline(
      ConversionOptions(inputs: [folder.path("raw")], dataset: .ntu60, output: folder.path("data"))
    ).run()
    var options = SplitOptions(.xsub)
    options.allowsEmptySide = false
    let error = #expect(throws: InputError.self) { try Splitting.write(options, in: folder.path("data")) }
    #expect(error?.found == "no test sample among 6")
    #expect(!FileManager.default.fileExists(atPath: folder.path("data/splits/xsub.json")))
    options.allowsEmptySide = true
    #expect(try Splitting.write(options, in: folder.path("data")).split.test.isEmpty)
    options.scheme = .xview
    options.allowsEmptySide = false
    #expect(try !Splitting.write(options, in: folder.path("data")).split.test.isEmpty)
  }

  @Test func writesASplitThatReadersAccept() throws {
    let folder = try TemporaryFolder()
    try Synthesis(samples: 12).write(to: folder.path("raw"))
    try FileManager.default.copyItem(
      atPath: folder.path("raw/S001C001P001R001A001.skeleton"),
      toPath: folder.path("raw/S001C002P005R002A008.skeleton"))
    for (exclusion, excluded) in [(Exclusion.official, 0), (.none, 0), (.list(["S001C001P001R001A001"]), 1)] {
      let output = folder.path("out-\(excluded)-\(exclusion.recorded.prefix(4))")
      var options = ConversionOptions(inputs: [folder.path("raw")], dataset: .ntu60, output: output)
      options.exclusion = exclusion
      _ = try Pipeline(options).run()
      let splitting = try Splitting.write(protocol: .xview, in: output)
      let split = try DatasetFolder(URL(fileURLWithPath: output)).split("xview")
      #expect(split == splitting.split)
      #expect(split.excluded.count == excluded)
      if case .partial = splitting.coverage {} else { Issue.record("\(splitting.coverage)") }
    }
    let output = folder.path("out-0-none")
    #expect(throws: InputError.self) { try Splitting.write(protocol: .xset, in: output) }
  }
}
