import Foundation
import Reporting
import Shards
import Skeleton

/// The HTML of a page of moving skeletons: facts as text, numbers as data, and the script that draws them.
struct SkeletonPage {
  let samples: [ViewedSample]
  let sources: [Viewing.Source]
  /// `ntu60`.
  let dataset: String
  /// SHA-256 of the data set's manifest.
  let digest: String

  /// The file's bytes. Style and script are allowed by their digests alone, so that nothing else of the page can run.
  func html() throws -> Data {
    let style = String(decoding: PackageResources.page_css, as: UTF8.self)
    let script = String(decoding: PackageResources.page_js, as: UTF8.self)
    let count = "\(samples.count) \(samples.count == 1 ? "sample" : "samples")"
    let titles = sources.map(\.title).joined(separator: " beside ")
    return SkeletonPage.fill(
      String(decoding: PackageResources.page_html, as: UTF8.self),
      [
        "title": Data(
          HTML.escaped("\(dataset): \(samples.count == 1 ? samples[0].sample.name : count)").utf8),
        "facts": Data(HTML.escaped(titles).utf8),
        "generator": Data(HTML.escaped(Generator.name).utf8),
        "policy": Data(HTML.policy(style: style, script: script).utf8),
        "style": Data(style.utf8), "script": Data(script.utf8),
        "layout": Data(layout.utf8),
        "samples": Data(cards.utf8),
        "legend": Data(legend.utf8),
        "accuracy": Data(accuracy.utf8),
        "origin": Data(
          "Made by \(HTML.escaped(Generator.name)) from the data set with manifest \(digest.prefix(16)).".utf8
        ),
        "data": try data(),
      ])
  }

  private var layout: String {
    if samples.count <= 1 { return "single" }
    return "panels-\(min(3, samples.map(\.panels.count).max() ?? 1))"
  }

  private var cards: String {
    if samples.isEmpty {
      return "<p class=\"note\">No samples were chosen, so there is nothing to see here.</p>"
    }
    return samples.map(card).joined(separator: "\n")
  }

  private func card(_ sample: ViewedSample) -> String {
    let name = HTML.escaped(sample.sample.name)
    var lines = [
      "<article class=\"sample\">", "<h2>\(name)</h2>",
      "<p class=\"facts\">\(HTML.escaped(sample.facts.joined(separator: "\u{a0}· ")))</p>",
    ]
    lines += sample.notes.map { "<p class=\"note\">\(HTML.escaped($0))</p>" }
    if !sample.intervals.isEmpty {
      lines.append("<p class=\"now\"></p>")
      lines.append(track("intervals", frames: sample.sample.length))
    }
    lines.append("<div class=\"panels\">")
    for panel in sample.panels {
      lines.append("<figure><figcaption>\(HTML.escaped(panel.title))</figcaption>")
      lines.append(
        "<canvas class=\"stage\" role=\"img\" aria-label=\"\(name), \(HTML.escaped(panel.title)), \(panel.frameCount) frames\">"
          + "</canvas>")
      lines.append(track("strip", frames: panel.frameCount) + "</figure>")
    }
    return (lines + ["</div>", "</article>"]).joined(separator: "\n")
  }

  private func track(_ kind: String, frames: Int) -> String {
    "<div class=\"track \(kind)\"><canvas></canvas><i class=\"playhead\" data-frames=\"\(frames)\"></i></div>"
  }

  /// The signs that occur in this page.
  private var legend: String {
    let panels = samples.flatMap(\.panels)
    let bodies = max(1, panels.map(\.bodyCount).max() ?? 1)
    var items = (0..<bodies).map { ("body-\($0)", "body \($0 + 1)") }
    if panels.contains(where: { $0.parent != nil }) {
      items.append(("hidden", "hidden by the variant: hollow joints, dashed bones"))
    }
    if panels.contains(where: { $0.filled.contains { !$0.isEmpty } }) {
      items.append(("filled", "filled by normalization: a copy of another time or body"))
    }
    items.append(("absent", "nothing seen"))
    return items.map { "<li><i class=\"key \($0.0)\"></i>\($0.1)</li>" }.joined(separator: "\n")
  }

  private var accuracy: String {
    let error = samples.flatMap(\.panels).map { QuantizedJoints($0.joints).error }.max() ?? 0
    let hundredths = Int((error * 100_000).rounded(.up))
    return "Coordinates are kept as 16-bit numbers, none off by more than \(Double(hundredths) / 100) mm."
  }

  /// What the script reads.
  private struct Content: Encodable {
    let rate: Double
    let joints: Int
    let bones: [[Int]]
    let samples: [ViewedSample]
  }

  private func data() throws -> Data {
    let bones = Kinect25.parents.enumerated().filter { $0.offset != $0.element }.map {
      [$0.offset, $0.element]
    }
    return HTML.embedded(
      json: try JSON.line(
        Content(
          rate: samples.first?.frameRate ?? 30, joints: Kinect25.jointCount, bones: bones, samples: samples)))
  }

  /// The template with its `{{names}}` replaced, each once; what is put in is not looked at again.
  static func fill(_ template: String, _ values: [String: Data]) -> Data {
    var page = Data()
    for (index, part) in template.components(separatedBy: "{{").enumerated() {
      guard index > 0, let end = part.range(of: "}}") else {
        page.append(contentsOf: part.utf8)
        continue
      }
      let name = String(part[..<end.lowerBound])
      guard let value = values[name] else { preconditionFailure("the page has no \(name)") }
      page.append(value)
      page.append(contentsOf: part[end.upperBound...].utf8)
    }
    return page
  }
}
