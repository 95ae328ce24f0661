import Foundation
import Reporting
import Shards
import Skeleton
import Synchronization

/// Whether the shards are what the manifest says, and every value in them is possible.
struct ShardsCheck {
  /// The samples of all shards in order; nil if a shard cannot be trusted.
  let samples: [SampleRecord]?
  let check: Verification.Check

  init(of folder: URL, _ manifest: Manifest, jobs: Int, progress: ProgressMode) throws {
    let line = ProgressLine(total: manifest.shards.count, unit: "shards", mode: progress, label: "verify")
    let found = Mutex([Int: ShardFindings]())
    try WorkerPool.run(over: Array(manifest.shards.indices), jobs: jobs) { next in
      while let index = next() {
        let findings = ShardFindings(of: folder, manifest, index: index)
        found.withLock { $0[index] = findings }
        line.advance()
      }
    }
    line.finish()
    let findings = found.withLock { found in found.sorted { $0.key < $1.key }.map(\.value) }
    var faults = findings.flatMap(\.faults)
    faults += ShardsCheck.disorder(of: findings)
    let isReadable = findings.allSatisfy { $0.samples != nil }
    samples = isReadable ? findings.flatMap { $0.samples ?? [] } : nil
    let largest = findings.map(\.largest).max() ?? 0
    check = Verification.Check(
      name: "shards",
      summary: "\(findings.count) files, SHA-256 and values; the largest coordinate is \(largest)",
      faults: faults)
  }

  /// Names follow each other as texts do; the actions of one recording as their numbers do.
  private static func isOrdered(_ left: String, _ right: String) -> Bool {
    if let left = TrimmedName(left), let right = TrimmedName(right) { return left < right }
    return left < right
  }

  /// Samples whose names do not follow each other.
  private static func disorder(of findings: [ShardFindings]) -> [InputError] {
    var faults: [InputError] = []
    var last: String?
    for shard in findings {
      for sample in shard.samples ?? [] {
        if let last {
          faults.demand(
            isOrdered(last, sample.name),
            InputError(
              shard.path, at: sample.name, found: "after \(last)", expected: "names in order, each once"))
        }
        last = sample.name
      }
    }
    return faults
  }
}

/// What is in one shard, and what is wrong with it.
struct ShardFindings: Sendable {
  let path: String
  var faults: [InputError] = []
  /// Nil if the shard is not the one that the manifest names.
  private(set) var samples: [SampleRecord]?
  /// The greatest absolute value of a coordinate.
  private(set) var largest: Float = 0

  init(of folder: URL, _ manifest: Manifest, index: Int) {
    let entry = manifest.shards[index]
    let url = DatasetFolder.shards(in: folder).appendingPathComponent(entry.file)
    path = url.path
    // A file of another digest is not opened: HDF5 is not made for files that are damaged.
    guard let shard = faults.collect(path, { try ShardReader.read(url, expecting: entry) }) else { return }
    samples = shard.samples
    let frames = shard.samples.reduce(0) { $0 + $1.length }
    faults.demand(
      shard.samples.count == entry.samples && frames == entry.frames,
      InputError(
        path, found: "\(shard.samples.count) samples of \(frames) frames",
        expected: "\(entry.samples) of \(entry.frames), as the manifest says"))
    if let digest = faults.collect(path, { try ShardReader.logicalDigest(url) }) {
      faults.demand(
        digest == entry.logicalSHA256,
        InputError(path, at: "logical_sha256", found: digest, expected: entry.logicalSHA256))
    }
    compare(shard.attributes, with: manifest)
    for sample in shard.samples {
      check(sample)
      check(SampleFrames(sample, of: shard), of: sample, isVariant: manifest.variantOf != nil)
    }
    check(shard.intervals, of: shard.samples)
  }

  private mutating func compare(_ attributes: ShardAttributes, with manifest: Manifest) {
    let texts = [
      ("dataset", attributes.dataset, manifest.dataset), ("profile", attributes.profile, manifest.profile),
      ("generator", attributes.generator, manifest.generator),
    ]
    for (place, found, expected) in texts {
      faults.demand(
        found == expected,
        InputError(path, at: place, found: found, expected: "\(expected), as the manifest says"))
    }
    let recipe = faults.collect(path) { try JSONValue(parsing: attributes.recipe) }
    faults.demand(
      recipe == nil || recipe == manifest.recipe,
      InputError(path, at: "recipe", found: attributes.recipe, expected: "that of the manifest"))
    faults.demand(
      attributes.jointNames == Kinect25.jointNames,
      InputError(path, at: "joint_names", found: "\(attributes.jointNames)", expected: "those of Kinect v2"))
  }

  /// What an NTU sample is called must be what its columns say.
  private mutating func check(_ sample: SampleRecord) {
    guard let name = SampleName(sample.name) else { return }
    let found = [
      sample.label, sample.setup, sample.camera, sample.subject, sample.replication, sample.action,
    ]
    let expected = [name.label, name.setup, name.camera, name.subject, name.replication, name.action]
    faults.demand(
      found == expected,
      InputError(path, at: sample.name, found: "columns \(found)", expected: "\(expected), as its name says"))
  }

  /// A joint that was not seen is at the origin, and there are as many bodies as the sample says.
  private mutating func check(_ clip: SampleFrames, of sample: SampleRecord, isVariant: Bool) {
    var hidden: Int?
    var count = 0
    var bodies: Set<Int> = []
    for (place, flag) in clip.visible.enumerated() {
      if flag != 0 {
        bodies.insert(place / Kinect25.jointCount % Kinect25.bodyCount)
      } else if clip.joints[place * 3] != 0 || clip.joints[place * 3 + 1] != 0
        || clip.joints[place * 3 + 2] != 0
      {
        count += 1
        if hidden == nil { hidden = place }
      }
    }
    if let hidden {
      let frame = hidden / Shard.visibleSize
      let body = hidden / Kinect25.jointCount % Kinect25.bodyCount
      faults.append(
        InputError(
          path,
          at:
            "\(sample.name), frame \(frame), body \(body), \(Kinect25.jointNames[hidden % Kinect25.jointCount])",
          found: "\(count) joints with coordinates that were not seen", expected: "zeros where visible is 0"))
    }
    faults.demand(
      isVariant ? bodies.count <= sample.bodies : bodies.count == sample.bodies,
      InputError(
        path, at: sample.name, found: "\(bodies.count) bodies that are seen", expected: "\(sample.bodies)"))
    for value in clip.joints { largest = max(largest, abs(value)) }
  }

  /// The reader has seen to it that every interval is within its sample, and of a class.
  private mutating func check(_ intervals: [ActionInterval], of samples: [SampleRecord]) {
    for (index, interval) in intervals.enumerated() {
      let name = samples[interval.sample].name
      let place = "intervals[\(index)] of \(name)"
      faults.demand(
        index == 0 || intervals[index - 1].sample <= interval.sample,
        InputError(path, at: place, found: "after one of a later sample", expected: "intervals in order"))
    }
  }
}
