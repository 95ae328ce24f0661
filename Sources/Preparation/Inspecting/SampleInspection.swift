import Foundation
import Shards
import Skeleton

/// What is known of one sample.
public struct SampleInspection: Encodable, Sendable, CustomStringConvertible {
  let shard: String
  let sample: SampleRecord
  /// The share of body-frames of the bodies that are there in which something is seen.
  let presentShare: Double
  /// The share of the joints of those that is seen.
  let visibleShare: Double
  /// The least x, y and z, in metres, over seen joints.
  let least: [Float]
  /// The greatest.
  let most: [Float]
  /// The actions of an untrimmed recording, by their start.
  let actions: [Action]
  /// What the sample's class is called, where that is known.
  let className: String?

  /// An action of an untrimmed recording.
  public struct Action: Encodable, Sendable {
    /// The first frame, and the frame after the last.
    let start: Int
    let end: Int
    let label: Int
    let name: String?
  }

  private enum CodingKeys: String, CodingKey {
    case shard, sample, least, most, actions
    case className = "class_name"
    case presentShare = "present_share"
    case visibleShare = "visible_share"
  }

  /// Finds a sample in a data set's folder or a shard.
  ///
  /// - Throws: `InputError` if it is not there, with the names that come nearest.
  public init(_ name: String, in path: String, classNames: ClassNames = .official) throws {
    let url = URL(fileURLWithPath: path)
    if url.pathExtension == "h5" {
      self = try SampleInspection.find(
        name, classNames, in: [url.lastPathComponent: try ShardReader.samples(url)]
      ) { _ in
        try ShardReader.read(url)
      }
    } else {
      let folder = try DatasetFolder(url)
      let files = folder.manifest.shards.map(\.file)
      let samples = Dictionary(uniqueKeysWithValues: zip(files, try folder.samples()))
      self = try SampleInspection.find(name, classNames, in: samples) { file in
        try folder.shard(files.firstIndex(of: file) ?? 0)
      }
    }
  }

  private static func find(
    _ name: String, _ classNames: ClassNames, in shards: [String: [SampleRecord]],
    read: (String) throws -> Shard
  ) throws -> SampleInspection {
    for (file, samples) in shards {
      if let index = samples.firstIndex(where: { $0.name == name }) {
        let shard = try read(file)
        return SampleInspection(
          index, of: shard, file: file,
          classNames: classNames.names(of: shard.attributes.dataset, converted: shard.attributes.recipe))
      }
    }
    throw InputError(
      name, found: "no such sample", hint: SampleChoice.hint(name, shards.values.joined().map(\.name)),
      kind: .noInput)
  }

  private init(_ index: Int, of shard: Shard, file: String, classNames: [String]) {
    let sample = shard.samples[index]
    func name(_ label: Int) -> String? { classNames.indices.contains(label) ? classNames[label] : nil }
    self.shard = file
    self.sample = sample
    className = name(sample.label)
    actions = shard.intervals.filter { $0.sample == index }.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
      .map { Action(start: $0.start, end: $0.end, label: $0.label, name: name($0.label)) }
    var bodyFrames = 0
    var seen = 0
    var low = [Float](repeating: .infinity, count: Kinect25.coordinateCount)
    var high = [Float](repeating: -.infinity, count: Kinect25.coordinateCount)
    for body in 0..<Clip.bodyCount {
      for row in sample.rows {
        let first = Clip.visibility(frame: row, body: body)
        let joints = (first..<(first + Clip.jointCount)).filter { shard.visible[$0] != 0 }
        bodyFrames += joints.isEmpty ? 0 : 1
        seen += joints.count
        for joint in joints {
          for axis in 0..<Kinect25.coordinateCount {
            let value = shard.frames[joint * Kinect25.coordinateCount + axis]
            low[axis] = min(low[axis], value)
            high[axis] = max(high[axis], value)
          }
        }
      }
    }
    presentShare = Double(bodyFrames) / Double(max(1, sample.bodies * sample.length))
    visibleShare = Double(seen) / Double(max(1, bodyFrames * Clip.jointCount))
    least = seen > 0 ? low : []
    most = seen > 0 ? high : []
  }

  /// The facts, one a line.
  public var description: String {
    func metres(_ values: [Float]) -> String {
      values.map { "\(($0 * 1000).rounded() / 1000)" }.joined(separator: " ")
    }
    func called(_ name: String?) -> String { name.map { " (\($0))" } ?? "" }
    let actionLines = actions.map {
      "\nframes \($0.start) to \($0.end - 1): class \($0.label)\(called($0.name))"
    }.joined()
    return """
      \(sample.name), in \(shard), rows \(sample.rows.lowerBound) to \(sample.rows.upperBound - 1)
      class \(sample.label)\(called(className)), setup \(sample.setup), camera \(sample.camera), subject \(sample.subject), \
      replication \(sample.replication)
      \(sample.length) frames, \(sample.bodies) bodies, seen in \(Int((presentShare * 100).rounded())) % of their frames, \
      there with \(Int((visibleShare * 100).rounded())) % of the joints
      x y z from \(metres(least)) to \(metres(most)) m
      SHA-256 of the source \(sample.digest)
      """ + actionLines
  }
}
