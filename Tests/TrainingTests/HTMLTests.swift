import Foundation
import Reporting
import Shards
import Skeleton
import Testing
import Training

@testable import Evaluation

/// Text in pages, whatever joins what: a browser reads code points, where Swift sees characters.
@Suite struct HTMLTests {
  /// What makes one character with the mark-up before or behind it.
  static let joiners = [
    "", "\u{600}", "\u{301}", "\u{338}", "\u{FE0F}", "\u{200D}", "\u{1F3FD}", "\u{E0100}",
  ]

  @Test(arguments: joiners, joiners)
  func everyMarkIsEscapedBesideWhatJoinsIt(before: String, behind: String) {
    for (mark, escaped) in [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;"), ("'", "&#39;")] {
      let text = HTML.escaped("a" + before + mark + behind + "b")
      #expect(Array(text.unicodeScalars) == Array(("a" + before + escaped + behind + "b").unicodeScalars))
    }
  }

  @Test func controlsAreWrittenOut() {
    #expect(HTML.escaped("a\u{0}\u{202E}\u{2028}\nb") == "a\\u{0}\\u{202E}\\u{2028}\nb")
  }

  @Test func embeddedJSONCannotEndItsElement() throws {
    let text = "\u{600}</script>\u{600}<!--<script>\u{2028}"
    let json = HTML.embedded(json: try JSONEncoder().encode([text]))
    #expect(!json.contains(UInt8(ascii: "<")))
    #expect(try JSONDecoder().decode([String].self, from: json) == [text])
  }

  /// Elements and attributes that a browser would make of a page, and its policy.
  private static let reading = """
    import sys
    from html.parser import HTMLParser
    text = open(sys.argv[1], encoding="utf-8").read()
    import base64, hashlib, re
    tags, attributes, policy = set(), set(), []
    class Reader(HTMLParser):
        def handle_starttag(self, tag, found):
            tags.add(tag)
            attributes.update(name for name, value in found)
            if ("http-equiv", "Content-Security-Policy") in found: policy.append(dict(found)["content"])
    Reader().feed(text)
    style = re.search("<style>(.*?)</style>", text, re.S).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert len(policy) == 1 and "default-src 'none'" in policy[0] and "script-src" not in policy[0], policy
    assert f"style-src 'sha256-{digest}'" in policy[0], policy
    assert text.index("Content-Security-Policy") < text.index("<style"), "nothing stands before the policy"
    print("img" in tags or "script" in tags or "iframe" in tags or any(a.startswith("on") for a in attributes))
    """

  /// A name that is script where it is not escaped.
  private static let hostile = "\u{600}<img src=x onerror=alert(1)>\"\u{301} onload=alert(2) '\u{200D}"

  @Test func namesAreTextOnTheRunsPage() throws {
    let small = try SmallRun()
    try small.train(Self.hostile)
    let file = small.folder.appendingPathComponent("page.html")
    try Data(try RunPage(small.run(Self.hostile).url, results: []).html.utf8).write(to: file)
    guard let printed = try Python.run(Self.reading, needing: "html.parser", [file.path]) else { return }
    #expect(printed == "False\n")
  }

  @Test func namesAreTextOnTheBenchmarksPage() throws {
    let hostile = Self.hostile
    let cell = BenchmarkReport.Cell(
      checkpoint: hostile, task: hostile, kind: "linear", data: hostile, key: "0", failure: hostile)
    let report = BenchmarkReport(
      title: hostile,
      checkpoints: [
        BenchmarkReport.Checkpoint(
          name: hostile, runs: [hostile], sha256: [hostile], recipes: [hostile], pretrained: hostile)
      ],
      data: [
        BenchmarkReport.Data(
          name: hostile, dataset: hostile, profile: hostile, split: hostile, samples: [:],
          sha256: [hostile: hostile], isOther: false, failure: hostile)
      ],
      columns: [
        BenchmarkColumn(
          task: hostile, kind: "linear", data: hostile, measure: "top1", title: hostile, published: "top1")
      ],
      cells: [cell], maps: [], published: [])
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("page.html")
    try Data(BenchmarkPage(report, BenchmarkTimes()).html.utf8).write(to: file)
    guard let printed = try Python.run(Self.reading, needing: "html.parser", [file.path]) else { return }
    #expect(printed == "False\n")
  }
}
