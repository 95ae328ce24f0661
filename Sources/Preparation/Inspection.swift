import Foundation
import Reporting
import Shards
import Skeleton

/// What a data set or a single shard holds.
public struct Inspection: Encodable, Sendable {
  /// The least, middle and greatest number of frames.
  public struct Lengths: Encodable, Sendable {
    let least: Int
    let median: Int
    let most: Int
  }

  /// The sizes of a split's lists.
  public struct SplitSizes: Encodable, Sendable {
    let train: Int
    let test: Int
    let excluded: Int
  }

  let path: String
  let dataset: String
  let profile: String
  let generator: String
  let shards: Int
  let samples: Int
  let frames: Int
  let bytes: Int
  let lengths: Lengths
  /// Samples by class, from 0; those without a class under −1.
  let classes: [Int: Int]
  /// Samples by the number of bodies.
  let bodies: [Int: Int]
  /// Samples by camera.
  let cameras: [Int: Int]
  let setups: Int
  let subjects: Int
  let splits: [String: SplitSizes]
  let variantOf: String?
  private let allLengths: [Int]

  /// Reads the names of a data set's folder or of a shard, and no frames.
  public init(_ path: String) throws {
    let url = URL(fileURLWithPath: path)
    if url.pathExtension == "h5" {
      let samples = try ShardReader.samples(url)
      let size = (try? FileManager.default.attributesOfItem(atPath: url.path)[.size] as? NSNumber)?.intValue
      self.init(
        path, attributes: try ShardReader.attributes(url), shards: 1, bytes: size ?? 0, samples: samples,
        splits: [:], variantOf: nil)
    } else {
      let folder = try DatasetFolder(url)
      var splits: [String: SplitSizes] = [:]
      for name in try folder.splitNames() {
        let split = try folder.split(name)
        splits[name] = SplitSizes(
          train: split.train.count, test: split.test.count, excluded: split.excluded.count)
      }
      let manifest = folder.manifest
      self.init(
        path,
        attributes: ShardAttributes(
          dataset: manifest.dataset, profile: manifest.profile, recipe: "", generator: manifest.generator),
        shards: manifest.shards.count, bytes: manifest.shards.reduce(0) { $0 + $1.bytes },
        samples: Array(try folder.samples().joined()), splits: splits, variantOf: manifest.variantOf)
    }
  }

  private init(
    _ path: String, attributes: ShardAttributes, shards: Int, bytes: Int, samples: [SampleRecord],
    splits: [String: SplitSizes], variantOf: String?
  ) {
    func count(_ value: (SampleRecord) -> Int) -> [Int: Int] {
      samples.reduce(into: [:]) { $0[value($1), default: 0] += 1 }
    }
    self.path = path
    dataset = attributes.dataset
    profile = attributes.profile
    generator = attributes.generator
    self.shards = shards
    self.samples = samples.count
    self.bytes = bytes
    allLengths = samples.map(\.length).sorted()
    frames = allLengths.reduce(0, +)
    lengths = Lengths(
      least: allLengths.first ?? 0, median: allLengths.isEmpty ? 0 : allLengths[allLengths.count / 2],
      most: allLengths.last ?? 0)
    classes = count(\.label)
    bodies = count(\.bodies)
    cameras = count(\.camera)
    setups = count(\.setup).count
    subjects = count(\.subject).count
    self.splits = splits
    self.variantOf = variantOf
  }

  private enum CodingKeys: String, CodingKey {
    case path, dataset, profile, generator, shards, samples, frames, bytes, lengths, classes, bodies, cameras
    case setups, subjects, splits
    case variantOf = "variant_of"
  }
}

/// The inspection as people read it: at most eighty columns wide.
extension Inspection: CustomStringConvertible {
  /// Facts, then histograms of classes, lengths and bodies.
  public var description: String {
    var lines = [
      "\(path): \(dataset), profile \(profile), by \(generator)",
      "\(samples) samples, \(frames) frames, \(shards) \(shards == 1 ? "shard" : "shards"), \(bytes) bytes",
      "/frames (F=\(frames), M=2, V=25, C=3) float32, /visible (F, M, V) uint8",
      "\(setups) setups, \(subjects) subjects, cameras "
        + cameras.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", "),
    ]
    if let variantOf { lines.append("a variant of \(variantOf)") }
    for (name, split) in splits.sorted(by: { $0.key < $1.key }) {
      lines.append("split \(name): \(split.train) train, \(split.test) test, \(split.excluded) excluded")
    }
    lines +=
      classLines + ["frames a sample, from \(lengths.least) to \(lengths.most), median \(lengths.median):"]
    lines.append(TextHistogram(lengthBins).description)
    lines.append("bodies:")
    lines.append(
      TextHistogram(bodies.sorted { $0.key < $1.key }.map { ("\($0.key)", $0.value) }).description)
    return lines.joined(separator: "\n")
  }

  /// One character for each class up to the last that occurs, sixty in a line.
  private var classLines: [String] {
    let last = classes.keys.max() ?? -1
    guard last >= 0 else { return ["no classes"] }
    let counts = (0...last).map { classes[$0] ?? 0 }
    let present = counts.filter { $0 > 0 }
    let heading =
      "\(present.count) classes of \(present.min() ?? 0) to \(present.max() ?? 0) samples, from class 0 on:"
    let blocks = Array(TextHistogram.blocks(counts))
    return [heading]
      + stride(from: 0, to: blocks.count, by: 60).map {
        "  " + String(blocks[$0..<min($0 + 60, blocks.count)])
      }
  }

  /// Samples by length, in at most ten ranges of equal size.
  private var lengthBins: [(label: String, count: Int)] {
    let size = max(1, (lengths.most - lengths.least + 10) / 10)
    return stride(from: lengths.least, through: lengths.most, by: size).map { low in
      ("\(low)–\(low + size - 1)", allLengths.count { (low..<(low + size)).contains($0) })
    }
  }
}
