import Foundation
import Testing

@testable import Skeleton

@Suite struct VideoNameTests {
  @Test func readsWhatNamesSay() throws {
    let first = try #require(VideoName("0060-R"))
    #expect(first.part == .one && first.sequence == 60 && first.subject == nil && first.camera == 3)
    let second = try #require(VideoName("A10N08-L"))
    #expect(second.part == .two && second.sequence == 10 && second.subject == 8 && second.camera == 1)
    #expect(VideoName("0364-M")?.camera == 2)
    for text in ["0002-L", "0364-M", "9999-R", "A01N01-L", "A26N13-M", "A99N99-R"] {
      #expect(VideoName(text)?.description == text)
    }
    for wrong in [
      "", "-L", "002-L", "00002-L", "0000-L", "0002-l", "0002-X", "0002L", "0002_L", "000x-L", "+002-L",
      "A01N01-X",
      "a01n01-L", "A00N01-L", "A01N00-L", "A1N01-L", "A01N1-L", "A01M01-L", "S001C001P001R001A001", "٠002-L",
      "0002-L#0", "0002-L ", "0002-L.txt",
    ] {
      #expect(VideoName(wrong) == nil, "\(wrong)")
    }
  }

  @Test func namesAreOrderedAsTheirTexts() {
    let texts = [
      "0002-L", "0002-M", "0002-R", "0010-L", "0100-L", "A01N01-L", "A01N01-R", "A01N02-L", "A02N01-L",
    ]
    #expect(texts.reversed().compactMap { VideoName($0) }.sorted().map(\.description) == texts)
  }

  @Test func trimmedNamesAreOrderedByNumber() throws {
    let texts = ["0002-L#0", "0002-L#9", "0002-L#10", "0002-M#1", "A10N08-L#0"]
    #expect(texts.reversed().compactMap { TrimmedName($0) }.sorted().map(\.description) == texts)
    let name = try #require(TrimmedName("0002-L#10"))
    #expect(name.video == VideoName("0002-L") && name.index == 10)
    for wrong in ["0002-L", "0002-L#", "0002-L#-1", "0002-L#01", "0002-L#+1", "0002-L#1#1", "#1", "0002#1"] {
      #expect(TrimmedName(wrong) == nil, "\(wrong)")
    }
  }

  @Test func aDataSetHasNamesOfItsPartOnly() throws {
    let ntu = try #require(SampleName("S001C001P001R001A001"))
    let (one, two) = (try #require(VideoName("0002-L")), try #require(VideoName("A01N01-L")))
    #expect(SkeletonDataset.allCases.filter { $0.contains(ntu) } == [.ntu60, .ntu120])
    #expect(SkeletonDataset.allCases.filter { $0.contains(one) } == [.pkummd1])
    #expect(SkeletonDataset.allCases.filter { $0.contains(two) } == [.pkummd2])
  }

  @Test func theClassesAreNumberedAsTheFilesDo() {
    let names = SkeletonDataset.pkummd1.classNames
    #expect(names.count == 51 && Set(names).count == 51 && names == SkeletonDataset.pkummd2.classNames)
    #expect(names[0] == "bow" && names[12] == "hand waving" && names[50] == "writing")
    // All classes that speak of another person are for two; so are two others.
    let others = names.indices.filter { names[$0].contains("other person") }
    #expect(SkeletonDataset.pkummd1.interactionLabels.isSuperset(of: others) && others.count == 7)
    #expect(SkeletonDataset.pkummd1.interactionLabels.count == 10)
    #expect(SkeletonDataset.ntu120.interactionLabels.count == 26)
  }
}

/// The rules against the files of names that the data sets are published with.
@Suite struct PKUListTests {
  static let lists = [
    (SkeletonDataset.pkummd1, EvaluationProtocol.xsub), (.pkummd2, .xsub), (.pkummd2, .xview),
  ]

  @Test(arguments: lists) func theRulesGiveTheOfficialLists(
    dataset: SkeletonDataset, scheme: EvaluationProtocol
  ) throws {
    let file = Self.folder.appendingPathComponent("\(dataset.rawValue)-\(scheme.rawValue).txt")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else {
      print("skipped: no \(file.path); SKELETON_PROTOCOLS names the folder of the official lists")
      return
    }
    let lines = text.split(separator: "\n").map { line in
      line.split(whereSeparator: { ", \r".contains($0) }).map(String.init)
    }
    try #require(lines.count == 4)
    let videos = dataset.officialVideos
    for (part, names) in [(EvaluationProtocol.Part.train, lines[1]), (.test, lines[3])] {
      #expect(videos.filter { scheme.part(of: $0) == part }.map(\.description) == names.sorted())
    }
    #expect(Set(lines[1] + lines[3]) == Set(videos.map(\.description)))
  }

  @Test(arguments: [SkeletonDataset.pkummd1, .pkummd2]) func theRulesGiveThePublishedCounts(
    dataset: SkeletonDataset
  ) throws {
    let videos = dataset.officialVideos
    #expect(videos == videos.sorted() && videos.count == (dataset == .pkummd1 ? 1076 : 1009))
    for scheme in dataset.protocols {
      let published = try #require(scheme.publishedVideoCounts(of: dataset))
      #expect(videos.count { scheme.part(of: $0) == .train } == published.train)
      #expect(videos.count { scheme.part(of: $0) == .test } == published.test)
    }
    for scheme in EvaluationProtocol.allCases {
      guard let actions = scheme.publishedActionCounts(of: dataset) else { continue }
      #expect(actions.train + actions.test == 21_545)
    }
  }

  @Test func aRecordingThatWasNotPublishedIsOnNoSide() throws {
    for text in [
      "0001-L", "0060-L", "0247-M", "0250-R", "0365-L", "A05N04-M", "A20N01-M", "A27N01-L", "A01N14-L",
    ] {
      let name = try #require(VideoName(text))
      #expect(!name.isOfficial)
      for scheme in EvaluationProtocol.allCases { #expect(scheme.part(of: name) == nil, "\(text)") }
    }
    for text in ["0060-M", "0246-L", "0251-L", "A05N04-L", "A05N05-M"] {
      #expect(VideoName(text)?.isOfficial == true)
    }
  }

  /// `SKELETON_PROTOCOLS`, or the folder beside the package.
  private static let folder: URL = {
    if let path = ProcessInfo.processInfo.environment["SKELETON_PROTOCOLS"] {
      return URL(fileURLWithPath: path)
    }
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return package.deletingLastPathComponent().appendingPathComponent("shared/protocols")
  }()
}
