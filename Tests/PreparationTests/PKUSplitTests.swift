import Foundation
import Formats
import Shards
import Skeleton
import Testing

@testable import Preparation

@Suite struct PKUSplitTests {
  /// Names of the official recordings, each with so many actions; 0 for untrimmed ones.
  private func names(_ dataset: SkeletonDataset, actions: (VideoName) -> Int = { _ in 0 }) -> [String] {
    dataset.officialVideos.flatMap { video in
      let count = actions(video)
      return count == 0 ? ["\(video)"] : (0..<count).map { "\(TrimmedName(video, index: $0))" }
    }
  }

  private func coverage(
    _ names: [String], _ dataset: SkeletonDataset, _ scheme: EvaluationProtocol, lost: [String] = [],
    list: VideoList? = nil
  ) throws -> SplitCoverage {
    let members = try SplitMembers(of: names, in: dataset, by: scheme, list: list)
    return SplitCoverage(of: members, dataset: dataset, scheme: scheme, lost: lost, list: list)
  }

  @Test(arguments: [SkeletonDataset.pkummd1, .pkummd2])
  func wholeDataSetsGiveThePublishedCounts(dataset: SkeletonDataset) throws {
    for scheme in dataset.protocols {
      let published = try #require(scheme.publishedVideoCounts(of: dataset))
      let members = try SplitMembers(of: names(dataset), in: dataset, by: scheme)
      #expect(members.train.count == published.train && members.test.count == published.test)
      #expect(members.excluded.isEmpty)
      #expect(try coverage(names(dataset), dataset, scheme) == .published)
      // Actions follow their recording.
      let trimmed = try SplitMembers(of: names(dataset) { _ in 3 }, in: dataset, by: scheme)
      #expect(trimmed.train.count == 3 * published.train && trimmed.test.count == 3 * published.test)
    }
  }

  @Test func oneRecordingLessIsSaidByName() throws {
    let part = names(.pkummd1).filter { $0 != "0123-M" }
    guard case .partial(let text) = try coverage(part, .pkummd1, .xview) else {
      Issue.record("a recording less is not noticed")
      return
    }
    #expect(text.contains("0123-M") && text.contains("717 train and 358 test") && text.contains("359"))
    guard case .partial(let most) = try coverage(Array(part.prefix(100)), .pkummd1, .xview) else {
      Issue.record("a part is taken for the whole")
      return
    }
    #expect(most.contains("and 968 more"))
  }

  @Test func actionsOfTheWholeOfPartIAreCounted() throws {
    // 20 actions each make 18,880 and 2,640 of the subject split; the official numbers are reached by other counts.
    func actions(reducing: Int) -> [String] {
      var train = 0
      var test = 0
      return names(.pkummd1) { video in
        if EvaluationProtocol.xsub.part(of: video) == .train {
          train += 1
          return train <= 18_841 - 944 * 19 - reducing ? 20 : 19
        }
        test += 1
        return test <= 2_704 - 132 * 20 ? 21 : 20
      }
    }
    #expect(try coverage(actions(reducing: 0), .pkummd1, .xsub) == .published)
    #expect(try coverage(actions(reducing: 1), .pkummd1, .xsub) == .published)
    guard case .differs(let text) = try coverage(actions(reducing: 2), .pkummd1, .xsub, lost: ["0002-L"])
    else {
      Issue.record("two actions less are not noticed")
      return
    }
    #expect(text.contains("18839") && text.contains("18841") && text.contains("0002-L"))
  }

  @Test func aRecordingThatIsOnNoListIsExcludedAndSaid() throws {
    let folder = try TemporaryFolder()
    let samples = ["0001-L#0", "0002-L#0", "0060-L#4", "0291-M#10"].map { (name: $0, label: 1) }
    try NamedDataset.write(samples, of: .pkummd1, to: folder.path("data"))
    let splitting = try Splitting.write(SplitOptions(.xsub), in: folder.path("data"))
    #expect(splitting.split.train == ["0002-L#0"] && splitting.split.test == ["0291-M#10"])
    #expect(splitting.split.excluded == ["0001-L#0", "0060-L#4"])
    #expect(splitting.summary.contains("0001-L#0 0060-L#4"))
    let error = #expect(throws: InputError.self) {
      try Splitting.write(SplitOptions(.xset), in: folder.path("data"))
    }
    #expect(error?.expected == "xsub or xview for pkummd1")
  }

  @Test func lostSamplesAndActionsAreReadFromTheReport() throws {
    let folder = try TemporaryFolder()
    let report = ConversionReport(
      dataset: "pkummd1", plan: "",
      rows: [
        ReportRow("s/0002-L.txt", sample: "0002-L", .kept),
        ReportRow("s/x.txt", .dropped, reason: "misnamed"),
        ReportRow("l/0043-L.txt", sample: "0043-L", .droppedAction, reason: "reversed", line: 21),
        ReportRow("s/0007-M.txt", sample: "0007-M", .dropped, reason: "truncated"),
      ])
    try report.json().write(to: folder.url.appendingPathComponent("report.json"))
    #expect(ConversionReport.lost(in: folder.url) == ["0007-M", "0043-L"])
    #expect(ConversionReport.lost(in: folder.url.appendingPathComponent("none")) == [])
  }

  @Test(arguments: [
    ("A01N01-L", SkeletonDataset.pkummd1), ("0002-L", .pkummd2), ("S001C001P001R001A001", .pkummd1),
    ("0002-L#x", .pkummd1), ("0002-L", .ntu60),
  ])
  func aNameOfAnotherDataSetIsRefused(name: String, dataset: SkeletonDataset) {
    let error = #expect(throws: InputError.self) { try SplitMembers(of: [name], in: dataset, by: .xsub) }
    #expect(error?.file == name)
  }

  private func list(_ text: String, _ dataset: SkeletonDataset = .pkummd1) throws -> VideoList {
    try VideoList(Data(text.utf8), file: "list.txt", for: dataset)
  }

  @Test func aListIsFollowed() throws {
    for text in [
      "Training videos: \n0002-L, 0002-M, \nValidataion videos: \n0003-L,\n",
      "Training videos:\r\n0002-L,0002-M\r\nValidataion videos:\r\n0003-L",
      "Training videos:\n0002-L\n0002-M\n\nValidation videos:\n,, 0003-L ,\n\n",
      "train:\n0002-L 0002-M\ntest:\n0003-L",
    ] {
      let list = try list(text)
      let members = try SplitMembers(
        of: ["0002-L", "0002-M#7", "0003-L", "0004-L"], in: .pkummd1, by: .xsub, list: list)
      #expect(members.train == ["0002-L", "0002-M#7"] && members.test == ["0003-L"])
      #expect(members.excluded == ["0004-L"] && members.unlisted == ["0004-L"])
    }
    let one = try list("train:\n0002-L\ntest:\n0003-L")
    let others = one.differences(from: .xsub, of: .pkummd1)
    #expect(others.count == 1075 && others.first == VideoName("0002-M"))
    guard case .differs(let text) = try coverage(names(.pkummd1), .pkummd1, .xsub, list: one) else {
      Issue.record("another list is taken for the official one")
      return
    }
    #expect(text.contains("list.txt") && text.contains("0002-M"))
  }

  @Test func aListOfTheOtherPartIsRefusedWithItsFirstName() {
    let error = #expect(throws: InputError.self) {
      try list("Training videos: \nA01N04-L, A01N05-L\nValidataion videos: \nA01N02-L")
    }
    #expect(error?.place == "line 2" && error?.found.contains("A01N04-L") == true)
    #expect(error?.hint.contains("_v1") == true)
    #expect(throws: InputError.self) { try list("train:\n0002-L\ntest:\n0003-L", .pkummd2) }
    #expect(throws: InputError.self) { try list("train:\n0002-L\ntest:\n0003-L", .ntu60) }
  }

  @Test(arguments: [
    "", "Training videos:\n0002-L", "Validataion videos:\n0002-L",
    "0002-L\nTraining videos:\n0003-L\ntest:\n0004-L",
    "Training videos:\n0002-L\nValidataion videos:\n0002-L",
    "Training videos:\n0002-L, x\nValidataion videos:\n0003-L",
    "Training videos:\n0002-L\nSomething else:\n0003-L",
    "Training videos: 0002-L\nValidataion videos: 0003-L",
    "\u{0}\u{0}\u{0}",
  ])
  func aListThatIsNoneIsRefused(text: String) {
    #expect(throws: InputError.self) { try list(text) }
  }

  /// The official files, where they are at hand, are what is built in.
  @Test(arguments: [("pkummd1", "xsub"), ("pkummd2", "xsub"), ("pkummd2", "xview")])
  func theOfficialFilesAreReadAsTheyAre(set: String, protocolName: String) throws {
    let file = Outside.protocols.appendingPathComponent("\(set)-\(protocolName).txt")
    guard Outside.has(file) else {
      print("skipped: no \(file.path); SKELETON_PROTOCOLS names the folder of the official lists")
      return
    }
    let dataset = try #require(SkeletonDataset(rawValue: set))
    let scheme = try #require(EvaluationProtocol(rawValue: protocolName))
    let list = try VideoList(contentsOf: file.path, for: dataset)
    #expect(list.differences(from: scheme, of: dataset).isEmpty)
    #expect(try coverage(names(dataset), dataset, scheme, list: list) == .published)
    let other = dataset == .pkummd1 ? SkeletonDataset.pkummd2 : .pkummd1
    #expect(throws: InputError.self) { try VideoList(contentsOf: file.path, for: other) }
  }

  /// The recordings of the demonstration data have numbers of the official list.
  @Test func placesTheNamesOfRealData() throws {
    let archive = Outside.data.appendingPathComponent("nwucla-pku-layout.zip")
    guard Outside.has(archive) else {
      print("skipped: no \(archive.path)")
      return
    }
    let files = try InputListing(inputs: [archive.path], extensions: ["txt"]).files
    let names = Set(files.map(\.stem)).sorted()
    try #require(names.count == 137)
    let members = try SplitMembers(of: names, in: .pkummd1, by: .xsub)
    #expect(members.excluded.isEmpty)
    #expect(members.train.allSatisfy { $0.hasPrefix("00") } && members.test.allSatisfy { $0 >= "0291" })
    #expect(members.train.count + members.test.count == 137 && !members.test.isEmpty)
    guard case .partial(let text) = try coverage(names, .pkummd1, .xsub) else {
      Issue.record("a part is taken for the whole")
      return
    }
    #expect(text.contains("944 and 132"))
  }
}
