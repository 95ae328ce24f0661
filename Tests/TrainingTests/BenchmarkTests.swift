import Batches
import Foundation
import Recipes
import Reporting
import Shards
import Skeleton
import Testing
import Training

@testable import Evaluation

/// A benchmark as a whole: what is kept, what is done again, what fails, and that what it writes is whole.
@Suite struct BenchmarkTests {
  private let small: SmallRun

  init() throws {
    small = try SmallRun()
    try small.train("run <a> & b")
  }

  private var root: URL { small.folder }

  /// Writes a recipe of linear evaluation and retrieval, and runs it.
  private func run(
    checkpoints: [String] = ["run <a> & b"], epochs: Int = 3, changing: [String] = [],
    output: String = "bench"
  ) throws -> (report: BenchmarkReport, said: [String]) {
    let recipe = root.appendingPathComponent("recipe.yaml")
    let entries = checkpoints.map { "  - {name: \"\($0)\", runs: [\"\($0)\"]}" }
    let text = """
      kind: benchmark
      title: A & <b>
      root: \(root.path)
      checkpoints:
      \(entries.joined(separator: "\n"))
      data:
        - {name: small, from: data, split: xview}
      tasks:
        - task: linear
          settings: {epochs: \(epochs), draws: 1, optimizer: {milestones: [2]}}
        - task: retrieval
      """
    try Data(text.utf8).write(to: recipe)
    var said: [String] = []
    let benchmark = try Benchmark(
      [recipe], changing: changing, output: root.appendingPathComponent(output), mode: .none)
    let report = try benchmark { said.append($0) }
    return (report, said)
  }

  private func bytes(_ name: String, output: String = "bench") throws -> Data {
    try Data(contentsOf: root.appendingPathComponent(output).appendingPathComponent(name))
  }

  @Test func finishedCellsAreKept() throws {
    let first = try run()
    #expect(first.report.cells.count == 4 && first.report.failures.isEmpty)
    #expect(first.report.checkpoints.map(\.name) == ["untrained", "run <a> & b"])
    #expect(first.report.checkpoints[1].pretrained == "small, xview train")
    #expect(!first.said.contains { $0.contains("skipped") })
    let files = ["benchmark.json", "benchmark.md", "benchmark.html", "times.json"]
    let before = try files.map { try bytes($0) }

    let again = try run()
    #expect(again.said.count == 4 && again.said.allSatisfy { $0.hasSuffix("unchanged, skipped") })
    #expect(again.report == first.report)
    #expect(try files.map { try bytes($0) } == before)

    // Other settings of one task leave the other's cells alone.
    let other = try run(epochs: 4)
    #expect(other.said.count { $0.hasSuffix("skipped") } == 2)
    #expect(Set(other.report.cells.map(\.key)).intersection(first.report.cells.map(\.key)).count == 2)
    // And the first ones are still there.
    #expect(try run().said.allSatisfy { $0.hasSuffix("skipped") })
  }

  @Test func whatIsMissingIsToldBeforeAnythingIsMeasured() throws {
    func missing(_ data: String, split: String, run: String) throws -> [String] {
      let recipe = root.appendingPathComponent("missing.yaml")
      try Data(
        """
        kind: benchmark
        root: \(root.path)
        checkpoints: [{name: a, runs: ["\(run)"]}]
        data: [{name: b, from: \(data), split: \(split), occluded: [hidden]}]
        tasks: [{task: retrieval}]
        """.utf8
      ).write(to: recipe)
      return try Benchmark([recipe], output: root.appendingPathComponent("bench"), mode: .none).missing
    }
    #expect(try missing("data", split: "xview", run: "run <a> & b").count == 1)
    let lines = try missing("data", split: "xnone", run: "none")
    #expect(lines.count == 3)
    #expect(lines[0].hasPrefix("split xnone of \(root.path)/data: skelprep split"))
    #expect(lines[1].hasPrefix("occluded variant \(root.path)/hidden: skelprep occlude"))
    #expect(lines[2] == "checkpoint \(root.path)/none: skeltrain pretrain … --output \(root.path)/none")
    #expect(try missing("nowhere", split: "xview", run: "none")[0].hasPrefix("data set \(root.path)/nowhere"))
  }

  @Test func theSameFromTheBeginningIsTheSameToTheByte() throws {
    _ = try run()
    _ = try run(output: "again")
    for name in ["benchmark.json", "benchmark.md"] {
      #expect(try bytes(name) == (try bytes(name, output: "again")), "\(name)")
    }
    #expect(!String(decoding: try bytes("benchmark.json"), as: UTF8.self).contains("seconds"))
  }

  @Test func aDamagedResultIsMeasuredAgain() throws {
    let first = try run()
    let folder = root.appendingPathComponent("bench/cells/retrieval-\(first.report.cells[1].key.prefix(16))")
    try Data("{".utf8).write(to: folder.appendingPathComponent("result.json"))
    let again = try run()
    #expect(again.said.count { !$0.hasSuffix("skipped") } == 1 && again.report == first.report)
  }

  /// A digit that somebody changed is noticed: the cell is measured again, and the output says why.
  @Test func aChangedDigitIsNoticed() throws {
    let first = try run()
    let cells = root.appendingPathComponent("bench/cells")
    for name in try Disk.names(in: cells) where !name.hasPrefix("linear") {
      let file = cells.appendingPathComponent(name).appendingPathComponent(
        name.hasPrefix("map") ? "map.json" : "result.json")
      var bytes = try Disk.read(file)
      let digit = try #require(bytes.firstIndex { (UInt8(ascii: "1")...UInt8(ascii: "8")).contains($0) })
      bytes[digit] += 1
      try bytes.write(to: file)
    }
    let again = try run()
    #expect(again.said.count { $0.contains("again: ") && $0.contains("changed since") } == 4)
    #expect(again.report == first.report)
    #expect(try run().said.allSatisfy { $0.hasSuffix("skipped") })
  }

  /// A whole result of another cell is not this one's.
  @Test func aResultStaysInItsCell() throws {
    let first = try run()
    let cells = root.appendingPathComponent("bench/cells")
    let names = try Disk.names(in: cells).filter { $0.hasPrefix("retrieval") }
    let files = names.map { cells.appendingPathComponent($0).appendingPathComponent("result.json") }
    try Disk.read(files[0]).write(to: files[1])
    let again = try run()
    #expect(again.said.count { $0.contains("another evaluation") } == 1 && again.report == first.report)
  }

  /// The same arrays under another recipe are another encoder.
  @Test func aCheckpointIsMoreThanItsArrays() throws {
    let first = try run()
    let file = small.run("run <a> & b").checkpoint
    var tensors = try Safetensors(contentsOf: file)
    let recipe = try #require(tensors.metadata["recipe"])
    var changed = try PretrainRecipe(yaml: recipe, file: "the checkpoint")
    changed.input.stream = .motion
    tensors.metadata["recipe"] = changed.yaml
    try tensors.write(to: file)
    let again = try run()
    #expect(again.report.checkpoints[1].sha256 == first.report.checkpoints[1].sha256)
    #expect(Set(again.report.cells[2...].map(\.key)).isDisjoint(with: first.report.cells.map(\.key)))
  }

  @Test func twoInOneFolderExcludeEachOther() throws {
    let held = try FolderReplacement(in: root.appendingPathComponent("bench"), named: "benchmark")
    let error = #expect(throws: InputError.self) { try run() }
    #expect(error?.kind == .busy)
    withExtendedLifetime(held) {}
  }

  /// A map that cannot be kept is told, and fails the benchmark.
  @Test func aMapThatCannotBeWrittenIsTold() throws {
    let first = try run()
    let cells = root.appendingPathComponent("bench/cells")
    for name in try Disk.names(in: cells) where name.hasPrefix("map") {
      try Disk.remove(cells.appendingPathComponent(name))
      try Data().write(to: cells.appendingPathComponent(name))
    }
    let again = try run()
    #expect(again.report.failures.isEmpty && again.report.troubles.count == first.report.maps.count)
    #expect(again.report.maps.allSatisfy { $0.map == nil && $0.failure != nil })
    #expect(again.report.markdown.contains("- map of features on small with untrained: "))
    #expect(String(decoding: try bytes("benchmark.html"), as: UTF8.self).contains("<h3>Failed</h3>"))
  }

  @Test func whatFailsSaysSoAndTheOthersGoOn() throws {
    let (report, _) = try run(checkpoints: ["run <a> & b", "nowhere"])
    #expect(report.failures.map(\.checkpoint) == ["nowhere", "nowhere"])
    #expect(report.failures.allSatisfy { $0.failure?.contains("no such checkpoint") == true })
    #expect(report.cells.count { $0.result != nil } == 4)
    #expect(report.markdown.contains("- linear on small with nowhere: "))
    #expect(String(decoding: try bytes("benchmark.html"), as: UTF8.self).contains(">failed</strong>"))

    // When it is there, only its cells are measured.
    var other = small
    other.recipe.seed += 1
    try other.train("nowhere")
    let later = try run(checkpoints: ["run <a> & b", "nowhere"])
    #expect(later.report.failures.isEmpty && later.said.count { $0.hasSuffix("skipped") } == 4)

    let nothing = try run(changing: ["data=[{name: small, from: elsewhere, split: xview}]"], output: "none")
    #expect(nothing.report.failures.count == 4 && nothing.report.columns.isEmpty)
  }

  @Test func theTableHasARowForEachEncoderAndPublishedMethod() throws {
    let (report, _) = try run()
    let lines = report.markdown.split(separator: "\n").filter { $0.hasPrefix("|") }.map(String.init)
    #expect(Set(lines.map { $0.count { $0 == "|" } }) == [5])
    #expect(lines[0] == "|  | pre-trained on | linear, small: top-1 | retrieval, small: top-1 |")
    #expect(
      lines[2].hasPrefix("| untrained | – | ")
        && lines[3].hasPrefix("| run \\<a> & b | small, xview train | "))
    let pcm3 = try #require(lines.first { $0.hasPrefix("| *PCM3* (2023, GRU, joint)") })
    #expect(pcm3.contains("*90.4* [") && pcm3.contains("(2023, GRU, joint)"))
    // Sixteen random sequences are not NTU RGB+D, and the table says so.
    #expect(report.markdown.contains("cannot be compared"))
    // The best of ours is bold, unless all are the same.
    for (index, column) in report.columns.enumerated() {
      let values = report.checkpoints.compactMap { report.measure($0.name, column)?.value }
      let bold = lines[2...3].filter { $0.split(separator: "|")[index + 2].contains("**") }
      #expect(bold.count == (values[0] == values[1] ? 0 : 1))
    }
  }

  @Test func thePageIsWholeAndNeedsNothingElse() throws {
    _ = try run()
    let html = String(decoding: try bytes("benchmark.html"), as: UTF8.self)
    for forbidden in [
      "<script", "http:", "https:", "src=", "url(", "@import", ">nan", "\"nan", "inf\"", "<b>", "<a> &",
    ] {
      #expect(!html.replacing("<b></b>", with: "").contains(forbidden), "\(forbidden)")
    }
    #expect(html.contains("A &amp; &lt;b&gt;") && html.contains("run &lt;a&gt; &amp; b"))
    for id in ["table", "classes", "confusion", "maps", "times", "recipes", "sources"] {
      #expect(html.contains(#"<section id="\#(id)">"#), "\(id)")
    }
    let check = """
      import sys, re, xml.dom.minidom
      from html.parser import HTMLParser
      text = open(sys.argv[1], encoding="utf-8").read()
      figures = re.findall("<svg.*?</svg>", text, re.S)
      for figure in figures: xml.dom.minidom.parseString(figure)
      open_tags, ids, links = [], [], []
      class Reader(HTMLParser):
          def handle_starttag(self, tag, attributes):
              if tag not in ("meta", "br", "link"): open_tags.append(tag)
              for name, value in attributes:
                  if name == "id": ids.append(value)
                  if name == "href" and tag != "link": links.append(value)
          def handle_startendtag(self, tag, attributes): pass
          def handle_endtag(self, tag): assert open_tags.pop() == tag, tag
      Reader().feed(text)
      assert not open_tags, open_tags
      assert len(ids) == len(set(ids)), ids
      assert links and all(link[0] == "#" and link[1:] in ids for link in links), links
      print(len(figures))
      """
    let file = root.appendingPathComponent("bench/benchmark.html")
    guard let printed = try Python.run(check, needing: "xml.dom.minidom", [file.path]) else { return }
    // Bars and two confusion matrices for each of two tasks, and two maps.
    #expect(printed == "8\n")
  }
}
