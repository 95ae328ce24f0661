import Reporting
import Skeleton

/// The inspection as people read it.
extension Inspection {
  /// Facts, then histograms of classes, lengths, bodies and joints, in lines of at most so many columns; but names and
  /// digests are not broken.
  public func text(width: Int = TerminalWidth.usual) -> String {
    var lines = [
      "\(path): \(dataset), profile \(profile), by \(generator)",
      "\(samples) samples, \(frames) frames, \(shards) \(shards == 1 ? "shard" : "shards"), \(bytes) bytes",
      "/frames (F=\(frames), M=2, V=25, C=3) float32, /visible (F, M, V) uint8",
    ]
    if setups > 0 { lines.append("setups: \(setups)") }
    if subjects > 0 { lines.append("subjects: \(subjects)") }
    if !cameras.isEmpty {
      let samples = cameras.sorted { $0.key < $1.key }.map { "\($0.value) by \($0.key)" }
      lines.append("cameras: \(samples.joined(separator: ", "))")
    }
    if let variant {
      lines.append("a variant of \(variant.of):")
      lines.append(
        "  \(variant.kind) occlusion, ratio \(variant.ratio.map { "\($0)" }.joined(separator: "...")), "
          + "seed \(variant.seed)")
    }
    for (name, split) in splits.sorted(by: { $0.key < $1.key }) {
      lines.append("split \(name): \(split.train) train, \(split.test) test, \(split.excluded) excluded")
    }
    if let actions {
      lines.append(
        "\(actions.count) actions, \(TextHistogram.percent(actions.coveredShare)) of the frames; their classes:"
      )
      lines += classLines(actions.classes, width)
    }
    if classes.keys.contains(where: { $0 >= 0 }) || actions == nil {
      lines.append("samples by class:")
      lines += classLines(classes, width)
    }
    lines.append("frames a sample, from \(lengths.least) to \(lengths.most), median \(lengths.median):")
    lines.append(
      TextHistogram(lengths.histogram.map { ("\($0.from)–\($0.to)", $0.samples) }, width: width).description)
    lines.append("bodies a sample:")
    lines.append(
      TextHistogram(bodies.sorted { $0.key < $1.key }.map { ("\($0.key)", $0.value) }, width: width)
        .description)
    return (lines + visibilityLines(width)).joined(separator: "\n")
  }

  /// A bar for each class where they are few; else a character for each class from 0 to the last that occurs.
  private func classLines(_ counts: [Int: Int], _ width: Int) -> [String] {
    let known = counts.filter { $0.key >= 0 }
    guard let last = known.keys.max() else { return ["  none has a class"] }
    if known.count <= 24 {
      let rows = known.sorted { $0.key < $1.key }.map { label, count in
        ("\(label)" + (classNames[label].map { " \($0)" } ?? ""), count)
      }
      return [TextHistogram(rows, width: width).description]
    }
    let blocks = Array(TextHistogram.blocks((0...last).map { known[$0] ?? 0 }))
    let perLine = max(10, (width - 6) / 10 * 10)
    return ["  \(known.count) classes of \(known.values.min() ?? 0) to \(known.values.max() ?? 0)"]
      + stride(from: 0, to: blocks.count, by: perLine).map { first in
        String(repeating: " ", count: max(0, 4 - "\(first)".count)) + "\(first)  "
          + String(blocks[first..<min(first + perLine, blocks.count)])
      }
  }

  /// Bars for joints, unless all of them are seen always.
  private func visibilityLines(_ width: Int) -> [String] {
    let present =
      "bodies are seen in \(TextHistogram.percent(visibility.presentShare)) of their samples' frames"
    let shares = Kinect25.jointNames.map { (label: $0, share: visibility.joints[$0] ?? 0) }
    if shares.allSatisfy({ $0.share == 1 }) { return ["\(present), always with all 25 joints"] }
    return ["\(present); with these joints:", TextHistogram(shares: shares, width: width).description]
  }
}
