import Foundation
import Shards
import Skeleton

/// What a data set or a single shard holds. It is read a shard at a time, without coordinates.
public struct Inspection: Encodable, Sendable {
  /// The least, middle and greatest number of frames, and how many samples are how long.
  public struct Lengths: Encodable, Sendable {
    let least: Int
    let median: Int
    let most: Int
    let histogram: [Bin]

    /// Samples of a range of lengths.
    struct Bin: Encodable, Sendable {
      /// The least length, and the greatest.
      let from: Int
      let to: Int
      let samples: Int
    }

    /// At most ten ranges of equal size.
    init(_ lengths: [Int]) {
      let sorted = lengths.sorted()
      let (least, most) = (sorted.first ?? 0, sorted.last ?? 0)
      self.least = least
      self.most = most
      median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
      let size = max(1, (most - least + 10) / 10)
      histogram = stride(from: least, through: most, by: size).map { low in
        Bin(from: low, to: low + size - 1, samples: sorted.count { (low..<(low + size)).contains($0) })
      }
    }
  }

  /// The sizes of a split's lists.
  public struct SplitSizes: Encodable, Sendable {
    let train: Int
    let test: Int
    let excluded: Int
  }

  /// What an occlusion variant hides.
  public struct Variant: Encodable, Sendable {
    /// The digest of the parent's manifest.
    let of: String
    let kind: String
    let ratio: [Double]
    let seed: UInt64
  }

  /// The actions of untrimmed recordings.
  public struct Actions: Encodable, Sendable {
    let count: Int
    /// Actions by class, from 0.
    let classes: [Int: Int]
    /// The share of the frames that is part of one, each counted once.
    let coveredShare: Double

    private enum CodingKeys: String, CodingKey {
      case count, classes
      case coveredShare = "covered_share"
    }
  }

  /// How often joints are seen.
  public struct Visibility: Encodable, Sendable {
    /// The share of the frames of kept bodies in which anything of the body is seen.
    let presentShare: Double
    /// The share of those in which each joint is seen, by its name.
    let joints: [String: Double]

    private enum CodingKeys: String, CodingKey {
      case joints
      case presentShare = "present_share"
    }
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
  /// What the classes are called, as far as that is known.
  let classNames: [Int: String]
  /// Samples by the number of bodies.
  let bodies: [Int: Int]
  /// Samples by camera.
  let cameras: [Int: Int]
  let setups: Int
  let subjects: Int
  let visibility: Visibility
  /// Nil where no sample is untrimmed.
  let actions: Actions?
  let splits: [String: SplitSizes]
  /// Nil unless the data set is an occlusion variant.
  let variant: Variant?

  private enum CodingKeys: String, CodingKey {
    case path, dataset, profile, generator, shards, samples, frames, bytes, lengths, classes, bodies, cameras
    case setups, subjects, visibility, actions, splits, variant
    case classNames = "class_names"
  }

  /// Reads a data set's folder or a shard.
  public init(_ path: String, classNames: ClassNames = .official) throws {
    let url = URL(fileURLWithPath: path)
    var tally = InspectionTally()
    if url.pathExtension == "h5" {
      let outline = try ShardReader.outline(url)
      tally.add(outline)
      let size = (try? FileManager.default.attributesOfItem(atPath: url.path)[.size] as? NSNumber)?.intValue
      self.init(
        path, tally, attributes: outline.attributes, shards: 1, bytes: size ?? 0, splits: [:], variant: nil,
        classNames: classNames)
      return
    }
    let folder = try DatasetFolder(url)
    let manifest = folder.manifest
    for index in manifest.shards.indices { tally.add(try folder.outline(index)) }
    var splits: [String: SplitSizes] = [:]
    for name in try folder.splitNames() {
      let split = try folder.split(name)
      splits[name] = SplitSizes(
        train: split.train.count, test: split.test.count, excluded: split.excluded.count)
    }
    let variant = manifest.variantOf.map {
      Variant(of: $0, kind: manifest.kind ?? "", ratio: manifest.ratio ?? [], seed: manifest.seed ?? 0)
    }
    self.init(
      path, tally,
      attributes: ShardAttributes(
        dataset: manifest.dataset, profile: manifest.profile, recipe: try manifest.recipe.text(),
        generator: manifest.generator),
      shards: manifest.shards.count, bytes: manifest.shards.reduce(0) { $0 + $1.bytes }, splits: splits,
      variant: variant, classNames: classNames)
  }

  private init(
    _ path: String, _ tally: InspectionTally, attributes: ShardAttributes, shards: Int, bytes: Int,
    splits: [String: SplitSizes], variant: Variant?, classNames: ClassNames
  ) {
    self.path = path
    dataset = attributes.dataset
    profile = attributes.profile
    generator = attributes.generator
    self.shards = shards
    self.bytes = bytes
    samples = tally.lengths.count
    frames = tally.lengths.reduce(0, +)
    lengths = Lengths(tally.lengths)
    classes = tally.classes
    bodies = tally.bodies
    cameras = tally.cameras
    setups = tally.setups.count
    subjects = tally.subjects.count
    visibility = Visibility(
      presentShare: tally.visibility.presentShare,
      joints: Dictionary(uniqueKeysWithValues: zip(Kinect25.jointNames, tally.visibility.jointShares)))
    actions =
      tally.actions.isEmpty
      ? nil
      : Actions(
        count: tally.actions.values.reduce(0, +), classes: tally.actions,
        coveredShare: Double(tally.coveredFrames) / Double(max(1, frames)))
    let names = classNames.names(of: attributes.dataset, converted: attributes.recipe)
    let used = Set(tally.classes.keys).union(tally.actions.keys).filter { names.indices.contains($0) }
    self.classNames = Dictionary(uniqueKeysWithValues: used.map { ($0, names[$0]) })
    self.splits = splits
    self.variant = variant
  }
}
