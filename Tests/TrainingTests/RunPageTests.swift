import Foundation
import Skeleton
import Testing
import Training

@testable import Evaluation

/// The page of a run: what it draws, and that it is whole by itself.
@Suite struct RunPageTests {
  private let small: SmallRun

  init() throws { small = try SmallRun() }

  @Test func curvesAreMeansOfNeighbours() {
    let few = Curve("x", values: [4, nil, 1], most: 10)
    let expected = [
      Curve.Point(x: 1, mean: 4, low: 4, high: 4), Curve.Point(x: 3, mean: 1, low: 1, high: 1),
    ]
    #expect(few.points == expected)
    // 10 numbers in groups of 3 at most: steps 1 to 3, 4 to 6, 7 to 9 and 10.
    let squares: [Double?] = [1, 4, 9, 16, 25, 36, 49, 64, 81, 100]
    let many = Curve("x", values: squares, most: 4)
    #expect(many.points.map(\.x) == [2, 5, 8, 10])
    #expect(many.points.map(\.low) == [1, 16, 49, 100])
    #expect(many.points.map(\.high) == [9, 36, 81, 100])
    let means: [Double] = [14.0 / 3, 77.0 / 3, 194.0 / 3, 100]
    #expect(many.points.map(\.mean) == means)
    #expect(Curve("x", values: [Double?](repeating: 1, count: 140_000)).points.count <= 300)
  }

  @Test(arguments: [
    (0.0, 10.0, ["0", "2", "4", "6", "8", "10"]),
    (0.19, 0.42, ["0.15", "0.20", "0.25", "0.30", "0.35", "0.40", "0.45"]),
    (-3, 7, ["-4", "-2", "0", "2", "4", "6", "8"]), (5, 5, ["5.0", "5.2"]),
    (0, 0.02, ["0.000", "0.005", "0.010", "0.015", "0.020"]),
  ])
  func ticksAreRoundAndAroundTheNumbers(low: Double, high: Double, labels: [String]) {
    let ticks = Chart.ticks(from: low, to: high, about: 5)
    #expect(ticks[0] <= low + 1e-12 && ticks[ticks.count - 1] >= high - 1e-12)
    #expect(ticks.map { Chart.label($0, ticks) } == labels)
  }

  @Test func anAxisOfManyPowersOfTenIsLogarithmic() throws {
    #expect(Chart.decades(from: 0.1, to: 1e8) == [0.1, 10, 1000, 1e5, 1e7, 1e9])
    #expect(Chart.decades(from: 20, to: 3e4) == [10, 100, 1000, 1e4, 1e5])
    let few = Chart(title: "x", curves: [Curve("x", values: [20, 400, 9000])]).html
    let many = Chart(title: "x", curves: [Curve("x", values: [20, 400, 30_000])]).html
    #expect(few.contains(">10000<") && !few.contains(">100<"))
    for label in ["10", "100", "1000", "1e+04", "1e+05"] { #expect(many.contains(">\(label)<"), "\(many)") }
    // Equal factors are equal ways up: 10 is at the bottom, 1e5 at the top, 1000 in the middle.
    #expect(many.contains(#"y1="94" y2="94""#))
    for curve in [Curve("x", values: [0, 400, 30_000]), Curve("x", values: [-1, 30_000])] {
      #expect(!Chart(title: "x", curves: [curve]).html.contains(">1e+04<"))
    }
  }

  private static let least = Double.leastNonzeroMagnitude

  private static let edges: [[Double]] = [
    [-1e308, 1e308], [1e308, 1.7e308], [least, 1e308], [0, least], [-least, 0], [least, 2 * least],
    [Double.leastNormalMagnitude / 2, 1], [1e15, (1e15 as Double).nextUp],
    [-1e300, (-1e300 as Double).nextUp],
    [1, Double.nan], [Double.nan], [-Double.infinity, Double.infinity],
  ]

  /// Results may hold any number of JSON: differences of these are no numbers, and no number is between others.
  @Test(arguments: edges)
  func numbersAtTheEdgesAreDrawn(values: [Double]) {
    for places in [values, Array(values.reversed()), Array(repeating: 3, count: values.count)] {
      for startsAtZero in [false, true] {
        let curves = [
          Curve("across", dots: zip(places, values).map { ($0, $1) }),
          Curve("up", dots: zip(values, places).map { ($0, $1) }), Curve("many", values: values),
        ]
        for shown in curves.map({ [$0] }) + [curves] {
          let html = Chart(title: "x", curves: shown, startsAtZero: startsAtZero).html
          for word in [
            "\"nan", "\"-nan", "\"inf", "\"-inf", "Lnan", "Mnan", " nan", " inf", ">nan<", ">inf<",
          ] {
            #expect(!html.contains(word), "\(word) in \(html)")
          }
        }
      }
    }
  }

  /// Logs of earlier versions may hold what their clock made of a step: no time, or less than none.
  @Test func anOldLogWithNumbersThatAreNoneIsReported() throws {
    try small.train("run")
    let run = small.run("run")
    var lines = try String(contentsOf: run.csv, encoding: .utf8).split(separator: "\n").map(String.init)
    for (row, tail) in [
      (3, "0,0,inf"), (4, "-1,-1,-4"), (5, "nan,-inf,nan"), (6, "1e300,-1e300,1e-300"), (7, "0,0,"),
    ] {
      lines[row] =
        lines[row].split(separator: ",", omittingEmptySubsequences: false).dropLast(3)
        .joined(separator: ",") + "," + tail
    }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: run.csv)
    let html = try RunPage(run.url, results: []).html
    let inspection = try RunInspection(run)
    #expect(try !html.contains("nan") && !html.contains("inf\"") && !inspection.json.isEmpty)
    for cell in ["1e18", "-1", "1.5", "inf", "x", ""] {
      lines[3] = lines[2].replacing(/^[0-9]+,[0-9]+/, with: "2,\(cell)")
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: run.csv)
      #expect(throws: InputError.self) { try RunPage(run.url, results: []) }
    }
  }

  private func result(_ task: String, top1: Double, digest: String) throws -> URL {
    let text = """
      {"task": "\(task)", "measures": [{"name": "top1", "value": \(top1)}, {"name": "top5", "value": 90}],
       "split": "xview", "samples": {}, "data": {}, "recipe": "",
       "checkpoints": [{"file": "checkpoint.safetensors", "sha256": "\(digest)", "pretrain_recipe": ""}]}
      """
    let folder = small.folder.appendingPathComponent("\(task) <\(top1)>")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: folder.appendingPathComponent("result.json"))
    return folder
  }

  @Test func thePageHasTheCurvesTheResultsAndNothingFromElsewhere() throws {
    var small = small
    small.recipe.keepEvery = 1
    try small.train("run & <script>")
    let run = small.run("run & <script>")
    func digest(_ file: String) throws -> String {
      try #require(try Safetensors(contentsOf: run.url.appendingPathComponent(file)).metadata["sha256"])
    }
    let results = try [
      result("linear", top1: 31.25, digest: digest("checkpoint-000002.safetensors")),
      result("linear", top1: 47.5, digest: digest("checkpoint.safetensors")),
      result("retrieval", top1: 12, digest: "of another run"),
    ]
    let html = try RunPage(run.url, results: results).html
    #expect(try html == RunPage(run.url, results: results).html)
    for forbidden in ["<script", "http:", "https:", "src=", "url(", "nan", "inf\""] {
      #expect(!html.contains(forbidden), "\(forbidden)")
    }
    for title in [
      "loss", "loss terms: nce", "loss terms: kl", "loss terms: mse", "learning rate", "samples per second",
      "time spent waiting for data, percent", "top-1 accuracy, percent",
    ] { #expect(html.components(separatedBy: "<figcaption>\(title)</figcaption>").count == 2, "\(title)") }
    #expect(html.contains("this run, epoch 2") && html.contains("this run, epoch 4") && html.contains("31.2"))
    #expect(html.contains("linear &lt;31.25&gt;") && html.contains("run &amp; &lt;script&gt;"))
    // Two dots for the two epochs, and none of the other run.
    #expect(html.components(separatedBy: "<circle").count == 3)
    let file = small.folder.appendingPathComponent("page.html")
    try Data(html.utf8).write(to: file)
    let check = """
      import sys, re, xml.dom.minidom
      from html.parser import HTMLParser
      text = open(sys.argv[1], encoding="utf-8").read()
      figures = re.findall("<svg.*?</svg>", text, re.S)
      for figure in figures:
          for path in xml.dom.minidom.parseString(figure).getElementsByTagName("path"):
              for number in re.findall(r"-?[0-9.]+", path.getAttribute("d")):
                  assert 0 <= float(number) <= 420, number
      open_tags = []
      class Reader(HTMLParser):
          def handle_starttag(self, tag, attributes):
              if tag not in ("meta", "br", "link"): open_tags.append(tag)
          def handle_startendtag(self, tag, attributes): pass
          def handle_endtag(self, tag): assert open_tags.pop() == tag, tag
      Reader().feed(text)
      assert not open_tags, open_tags
      print(len(figures))
      """
    guard let printed = try Python.run(check, needing: "xml.dom.minidom", [file.path]) else { return }
    #expect(printed == "8\n")
  }
}
