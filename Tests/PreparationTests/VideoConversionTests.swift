import Foundation
import Shards
import Skeleton
import Testing

@testable import Preparation

/// Untrimmed recordings of PKU-MMD, with their labels.
@Suite struct VideoConversionTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A recording of one body whose joint v is at (t, v, 2) in frame t, and nobody in some frames.
  private func video(frames: Int, empty: Range<Int> = 0..<0) -> String {
    (0..<frames).map { frame in
      let body = (0..<25).map { empty.contains(frame) ? "0 0 0" : "\(frame) \($0) 2" }
      return (body + Array(repeating: "0 0 0", count: 25)).joined(separator: " ") + "\n"
    }.joined()
  }

  private func write(_ text: String, _ path: String) throws {
    let url = folder.url.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  private func convert(
    _ inputs: [String] = ["raw"], _ trimming: Trimming = .trimmed, to output: String,
    intervals: IntervalConvention = .halfOpen
  ) throws -> (outcome: ConversionOutcome, shard: Shard) {
    let outcome = try Pipeline(
      ConversionOptions(
        inputs: inputs.map(folder.path), dataset: .pkummd1, output: folder.path(output), profile: .stgcn,
        trimming: trimming, intervals: intervals, compression: 1)
    ).run()
    return (outcome, try DatasetFolder(folder.url.appendingPathComponent(output)).shard(0))
  }

  /// Rows out of order, one that touches the next, and every kind that is no action.
  private static let labels = """
    3,20,30,2

    1,0,10,1
    2,10,20,2
    4,35,34,2
    5,12,12,2
    6,80,90,2
    60,1,5,2
    3,20,30,2
    7,32,36,0
    8,38,50,2
    """

  @Test func cutsARecordingIntoItsActions() throws {
    try write(video(frames: 40, empty: 32..<36), "raw/PKU_Skeleton_Renew/0002-L.txt")
    try write(Self.labels, "raw/Train_Label_PKU_final/0002-L.txt")
    let (outcome, shard) = try convert(to: "out")
    // Ordered by start, end and class: 0 1, 1 60, 2 2, 3 5, 4 3, 5 3, 6 7, 7 4, 8 8, 9 6.
    #expect(shard.samples.map(\.name) == ["0002-L#0", "0002-L#2", "0002-L#4", "0002-L#8"])
    #expect(shard.samples.map(\.label) == [0, 1, 2, 7])
    #expect(shard.samples.map(\.action) == [1, 2, 3, 8])
    #expect(shard.samples.map(\.length) == [10, 10, 10, 2])
    #expect(shard.samples.allSatisfy { $0.camera == 1 && $0.bodies == 1 && $0.setup == -1 })
    #expect(shard.intervals.isEmpty)
    // Joint 3 of the first frame of each action is at (start, 3, 2).
    for (sample, start) in zip(shard.samples, [0, 10, 20, 38] as [Float]) {
      let place = sample.start * Shard.frameSize + 9
      #expect(Array(shard.frames[place..<(place + 3)]) == [start, 3, 2])
    }
    let refused = try #require(outcome.report).rows.filter { $0.outcome == .droppedAction }
    #expect(
      Set(refused.map { "\($0.line.map(String.init) ?? $0.sample ?? "") \($0.reason ?? "")" }) == [
        "5 reversed", "6 empty", "7 out-of-range", "8 bad-label", "9 duplicate", "0002-L#6 no-body",
      ])
    #expect(outcome.report?.totals == ["kept": 2, "dropped-action": 6])
    #expect(outcome.hasBadFiles)
  }

  @Test func keepsARecordingWholeWithTheTableOfItsActions() throws {
    try write(video(frames: 40), "raw/a/0002-M.txt")
    try write("2,10,20,2\n1,0,10,1\n", "raw/b/0002-M.txt")
    try write(video(frames: 5), "raw/a/0003-R.txt")
    let (outcome, shard) = try convert(["raw/b", "raw/a"], .untrimmed, to: "out")
    #expect(shard.samples.map(\.name) == ["0002-M", "0003-R"])
    #expect(shard.samples.map(\.length) == [40, 5])
    #expect(shard.samples.map(\.camera) == [2, 3])
    #expect(shard.samples.map(\.label) == [-1, -1])
    #expect(
      shard.intervals == [
        ActionInterval(start: 0, end: 10, label: 0, confidence: 1),
        ActionInterval(start: 10, end: 20, label: 1, confidence: 2),
      ])
    #expect(outcome.report?.totals == ["kept": 3])
  }

  @Test(arguments: [
    (IntervalConvention.halfOpen, 10...19), (.oneBased, 9...19), (.closed, 10...20),
  ])
  func countsFramesAsTold(convention: IntervalConvention, frames: ClosedRange<Int>) throws {
    try write(video(frames: 40), "raw/0002-L.txt")
    try write("2,10,20,2\n", "raw/labels/0002-L.txt")
    let (_, shard) = try convert(to: "out", intervals: convention)
    #expect(shard.samples.map(\.length) == [frames.count])
    #expect(shard.frames[0] == Float(frames.lowerBound))
  }

  @Test func saysWhatHasNoPartnerOrNoUse() throws {
    try write(video(frames: 9), "raw/0001-L.txt")
    try write("1,2,9,2\n", "raw/labels/0001-L.txt")
    try write(video(frames: 9), "raw/0002-L.txt")
    try write("1,2,9,2\n", "raw/labels/0003-L.txt")
    try write(video(frames: 9), "raw/0004-L.txt")
    try write("1;2;9;2;\n", "raw/labels/0004-L.txt")
    try write("0.5 0.5\n", "raw/0005-L.txt")
    try write(video(frames: 9), "raw/A01N01-L.txt")
    try write("read me", "raw/readme.txt")
    let report = try #require(try convert(to: "out").outcome.report)
    let fates = Dictionary(
      report.rows.map { ($0.file, "\($0.outcome.rawValue) \($0.reason ?? "")") },
      uniquingKeysWith: { $0 + $1 })
    #expect(fates["raw/0001-L.txt"] == "kept ")
    #expect(fates["raw/0002-L.txt"] == "dropped no-labels")
    #expect(fates["raw/labels/0003-L.txt"] == "dropped no-recording")
    #expect(fates["raw/0004-L.txt"] == "dropped no-actions")
    #expect(fates["raw/labels/0004-L.txt"] == "dropped word-count")
    let broken = try #require(report.rows.first { $0.file == "raw/labels/0004-L.txt" })
    #expect(broken.line == 1 && broken.detail?.contains("label,start,end,confidence") == true)
    #expect(fates["raw/0005-L.txt"]?.hasPrefix("dropped ") == true)
    #expect(fates["raw/A01N01-L.txt"] == "skipped other-dataset")
    #expect(fates["raw/readme.txt"] == "dropped misnamed")
  }

  /// Labels as numpy, spreadsheets and editors leave them are the same actions.
  @Test(arguments: [" ", "\t", ";", ", "]) func labelsMayBePartedByOtherSigns(separator: String) throws {
    try write(video(frames: 40), "raw/0002-L.txt")
    try write(
      ["2,10,20,2", "1,0,10,1"].map { $0.replacing(",", with: separator) + "\r\n" }.joined(),
      "raw/l/0002-L.txt")
    let (outcome, shard) = try convert(to: "out")
    #expect(shard.samples.map(\.label) == [0, 1] && shard.samples.map(\.length) == [10, 10])
    #expect(outcome.report?.totals == ["kept": 2])
  }

  /// A file of labels with nothing in it: a recording in which nothing is done that has a class.
  @Test(arguments: ["", "\n \r\n", "\u{FEFF}"]) func emptyLabelsAreNoActions(labels: String) throws {
    try write(video(frames: 12), "raw/0002-L.txt")
    try write(labels, "raw/labels/0002-L.txt")
    let (outcome, shard) = try convert(["raw"], .untrimmed, to: "out")
    #expect(shard.samples.map(\.length) == [12] && shard.intervals.isEmpty)
    let row = outcome.report?.rows.first { $0.file == "raw/labels/0002-L.txt" }
    #expect(row?.outcome == .kept && row?.reason == "empty")
    let error = #expect(throws: InputError.self) { try convert(to: "trimmed") }
    #expect(error?.hint.contains("--untrimmed") == true)
  }

  /// An empty file is no labels where there are some, and no recording: it is said, and changes nothing.
  @Test func anEmptyFileBesideAWholePairIsSaid() throws {
    try write(video(frames: 12), "raw/0002-L.txt")
    try write("1,0,10,1\n", "raw/labels/0002-L.txt")
    try write("", "raw/more/0002-L.txt")
    let (outcome, shard) = try convert(to: "out")
    #expect(shard.samples.map(\.length) == [10])
    #expect(outcome.report?.totals == ["kept": 2, "dropped": 1])
    #expect(outcome.report?.reasons == ["empty": 1])
  }

  @Test func theOtherPartIsNamed() throws {
    try write(video(frames: 9), "raw/A01N01-L.txt")
    let error = #expect(throws: InputError.self) { try convert(to: "out") }
    #expect(error?.hint.contains("pkummd2") == true)
  }

  @Test func recordingsWithoutAnyLabelsSayWhatTheyLack() throws {
    try write(video(frames: 9), "raw/0002-L.txt")
    let error = #expect(throws: InputError.self) { try convert(to: "out") }
    #expect(error?.hint.contains("labels as well") == true)
  }

  @Test func theOrderOfInputsHasNoInfluence() throws {
    try write(video(frames: 40, empty: 32..<36), "raw/a/0002-L.txt")
    try write(Self.labels, "raw/b/0002-L.txt")
    _ = try convert(["raw/a", "raw/b"], to: "one")
    _ = try convert(["raw/b", "raw/a"], to: "two")
    let (one, two) = (try folder.contents(of: "one"), try folder.contents(of: "two"))
    #expect(one["shards/00000.h5"] == two["shards/00000.h5"])
    #expect(one["manifest.json"] == two["manifest.json"])
  }

  /// Names and frames are the same in any order of the labels; what is kept of the order is the row of each.
  @Test func theOrderOfLabelsIsKeptAsTheirRowsAlone() throws {
    try write(video(frames: 40, empty: 32..<36), "raw/a/0002-L.txt")
    try write(Self.labels, "raw/b/0002-L.txt")
    let (_, one) = try convert(to: "one")
    let rows = Self.labels.split(separator: "\n")
    try write(rows.reversed().joined(separator: "\n"), "raw/b/0002-L.txt")
    let (_, two) = try convert(to: "two")
    #expect(one.frames == two.frames && one.visible == two.visible)
    #expect(one.samples.map(\.name) == two.samples.map(\.name))
    #expect(one.samples.map(\.label) == two.samples.map(\.label))
    // The same row stands twice in the labels; which of the two is kept is the first in either order.
    for (first, second) in zip(one.samples, two.samples) {
      #expect(rows[first.row] == rows[rows.count - 1 - second.row], "\(first.name)")
    }
  }

  @Test(.enabled(if: Outside.has(Outside.data.appendingPathComponent("nwucla-pku-layout.zip"))))
  func realRecordingsGiveASampleForEachLabel() throws {
    let archive = Outside.data.appendingPathComponent("nwucla-pku-layout.zip").path
    for (trimming, samples) in [(Trimming.trimmed, 1480), (.untrimmed, 137)] {
      let outcome = try Pipeline(
        ConversionOptions(
          inputs: [archive], dataset: .pkummd1, output: folder.path(trimming.rawValue), trimming: trimming,
          compression: 1, jobs: 2)
      ).run()
      #expect(outcome.manifest.sampleCount == samples)
      #expect(outcome.report?.totals == ["kept": 274])
    }
  }
}
