import Foundation
import Reporting
import Shards
import Skeleton

extension Comparison {
  /// A comparison of which everything is known but the numbers: whatever can be wrong with an array's file, its shape
  /// and the names of its samples is found when this is made, before a long look at a data set.
  public struct Plan: ~Copyable {
    private let options: Options
    private let path: String
    private let array: ForeignArray
    /// Nil where the data set cannot be opened, which ``Verification`` says better.
    private let places: Places?

    /// Opens an array, and finds its samples in a data set.
    ///
    /// - Throws: `InputError` if a file cannot be read, or the array has not as many samples as there are names.
    public init(_ options: Options, of path: String) throws {
      self.options = options
      self.path = path
      let url = URL(fileURLWithPath: options.file)
      let opened = try ForeignArray(url, path: options.path)
      let folder = try? DatasetFolder(URL(fileURLWithPath: path, isDirectory: true))
      places = try folder.map { try Places(options, of: opened, in: $0) }
      array = opened
    }

    /// Compares every number of the data set with the array's. One shard and one sample of the array are in memory.
    ///
    /// Samples are compared frame by frame up to their own length; what comes after it in the array is compared with
    /// both ways of filling up.
    ///
    /// - Throws: `InputError` if a file cannot be read.
    public func run(progress: ProgressMode = .none) throws -> Comparison {
      let folder = try DatasetFolder(URL(fileURLWithPath: path, isDirectory: true))
      let places = try places ?? Places(options, of: array, in: folder)
      return try Comparison.compare(array, places, in: folder, options, progress)
    }
  }

  /// Which sample is where in an array.
  fileprivate struct Places {
    let order: SampleOrder
    let samples: [SampleRecord]
    /// For each name the rows of the array's first axis.
    let rows: [String: Range<Int>]

    init(_ options: Options, of array: borrowing ForeignArray, in folder: DatasetFolder) throws {
      let url = URL(fileURLWithPath: options.file)
      samples = Array(try folder.samples().joined())
      order = try SampleOrder(of: url, options, in: folder, samples)
      rows = try Comparison.rows(of: array, order, samples, url)
    }
  }

  /// Compares a data set with an array.
  ///
  /// - Throws: `InputError` if a file cannot be read, or the array has not as many samples as there are names.
  public static func run(
    _ options: Options, of path: String, progress: ProgressMode = .none
  ) throws -> Comparison {
    let plan = try Plan(options, of: path)
    return try plan.run(progress: progress)
  }

  private static func compare(
    _ array: borrowing ForeignArray, _ places: Places, in folder: DatasetFolder, _ options: Options,
    _ progress: ProgressMode
  ) throws -> Comparison {
    let (order, samples, rows) = (places.order, places.samples, places.rows)
    var result = Comparison(
      array: array.name, shape: array.shape, order: order.source, tolerance: options.tolerance)
    let ours = Set(samples.map(\.name))
    result.unknown = order.names.filter { !ours.contains($0) }
    result.absent = ours.subtracting(order.names).count
    if let split = options.split {
      let parts = try ExportPart.all(of: folder, split: split)
      for part in parts where options.part == nil || part.name == options.part?.rawValue {
        result.missing += Set(part.samples.map(\.name)).subtracting(order.names).count
      }
    }
    let labels = order.labels.map { Dictionary(uniqueKeysWithValues: zip(order.names, $0)) }
    let line = ProgressLine(total: rows.count, unit: "samples", mode: progress, label: "compare")
    for index in folder.manifest.shards.indices {
      let shard = try folder.shard(index)
      for sample in shard.samples {
        guard let row = rows[sample.name] else { continue }
        if let label = labels?[sample.name], label != sample.label { result.otherLabels.append(sample.name) }
        let clip = SampleFrames(sample, of: shard)
        if array.layout == .ragged && row.count != clip.length {
          result.otherLengths.append(sample.name)
        } else {
          result.compare(clip, of: sample.name, with: try array.joints(inRows: row))
        }
        line.advance()
      }
    }
    line.finish()
    if result.differing > 0, options.order == .dataset, options.split != nil, order.isOfDataset,
      case .ntmvc = array.layout
    {
      result.advice =
        "CTR-GCN's own arrays have the samples by subject, camera or setup: if this is one, --order ctrgcn compares it so"
    }
    return result
  }

  /// Where each sample is on the array's first axis.
  private static func rows(
    of array: borrowing ForeignArray, _ order: SampleOrder, _ samples: [SampleRecord], _ url: URL
  ) throws -> [String: Range<Int>] {
    if array.layout == .ragged, order.source == url.path {
      return Dictionary(uniqueKeysWithValues: try ShardReader.samples(url).map { ($0.name, $0.rows) })
    }
    var ranges: [(String, Range<Int>)] = []
    var next = 0
    let lengths = Dictionary(uniqueKeysWithValues: samples.map { ($0.name, $0.length) })
    for name in order.names {
      let count = array.layout == .ragged ? lengths[name] ?? 0 : 1
      ranges.append((name, next..<(next + count)))
      next += count
    }
    guard next == array.shape[0] else {
      throw InputError(
        array.name, at: "axis 0", found: "\(array.shape[0])",
        expected: "\(next), for \(order.names.count) samples in \(order.source)",
        hint: "say which samples these are with --split and --part, or in which order with --names FILE")
    }
    return Dictionary(uniqueKeysWithValues: ranges)
  }

  /// - Parameter theirs: (T, M, V, C) of the array's number of frames.
  private mutating func compare(_ clip: SampleFrames, of sample: String, with theirs: [Float]) {
    compared += 1
    let frames = theirs.count / SampleFrames.frameSize
    if clip.length > frames { shortened += 1 }
    var worst: (index: Int, difference: Float)?
    for index in 0..<(min(clip.length, frames) * SampleFrames.frameSize) {
      let difference = Comparison.difference(clip.joints[index], theirs[index])
      if difference > worst?.difference ?? 0 { worst = (index, difference) }
    }
    if let worst {
      if worst.difference > tolerance { differing += 1 }
      if worst.difference > largest?.difference ?? 0 {
        let joint = worst.index / Kinect25.coordinateCount
        largest = Place(
          sample: sample, frame: worst.index / SampleFrames.frameSize,
          body: joint / Kinect25.jointCount % Kinect25.bodyCount,
          joint: Kinect25.jointNames[joint % Kinect25.jointCount],
          coordinate: ["x", "y", "z"][worst.index % Kinect25.coordinateCount], ours: clip.joints[worst.index],
          theirs: theirs[worst.index], difference: worst.difference)
      }
    }
    guard clip.length < frames else { return }
    if let rule = rule(after: clip, in: theirs, frames: frames) {
      padding[rule.rawValue, default: 0] += 1
    } else {
      otherPadding.append(sample)
    }
  }

  /// How the array goes on after the clip's last frame.
  private func rule(after clip: SampleFrames, in theirs: [Float], frames: Int) -> FramePadding? {
    let start = clip.length * SampleFrames.frameSize
    if theirs[start...].allSatisfy({ $0 == 0 }) { return .zero }
    let padded = PaddedFrames(clip, to: frames, padding: .loop)
    let looped = padded.joints(of: clip)
    let isLooped = (start..<theirs.count).allSatisfy { index in
      // Where the second body is not known exactly, only the first is compared.
      if !padded.isExact && index % SampleFrames.frameSize >= SampleFrames.bodySize { return true }
      return Comparison.difference(looped[index], theirs[index]) <= tolerance
    }
    return isLooped ? .loop : nil
  }

  private static func difference(_ ours: Float, _ theirs: Float) -> Float {
    theirs.isFinite ? abs(ours - theirs) : .infinity
  }
}
