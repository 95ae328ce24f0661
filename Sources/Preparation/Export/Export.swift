import Foundation
import Numpy
import Reporting
import Shards
import Skeleton

/// Writes a data set as the arrays that other programs read.
///
/// One shard at a time is in memory, and each file appears when it is complete.
public struct Export: Sendable {
  /// Whose arrays.
  public var layout: ExportLayout
  /// In which kind of file.
  public var format: ExportFormat
  /// The split whose sides become files of their own; nil for one of everything.
  public var split: String?
  /// What of the clips.
  public var stream: ExportStream
  /// In which order a side's samples are.
  public var order: SampleOrdering
  /// How short clips are filled up; nil for what the profile's programs do.
  public var padding: FramePadding?
  /// Whether files that are there are written over.
  public var overwrites: Bool

  /// An export that has not begun.
  ///
  /// - Throws: `InputError` if no program reads the layout in that kind of file, or with that stream.
  public init(
    layout: ExportLayout, format: ExportFormat? = nil, split: String? = nil, stream: ExportStream = .joint,
    order: SampleOrdering = .dataset, padding: FramePadding? = nil, overwrites: Bool = false
  ) throws {
    self.layout = layout
    self.format = format ?? layout.formats[0]
    self.split = split
    self.stream = stream
    self.order = order
    self.padding = padding
    self.overwrites = overwrites
    guard layout.formats.contains(self.format) else {
      throw InputError(
        "--to", found: "\(self.format.rawValue) for the layout \(layout.rawValue)",
        expected: layout.formats.map(\.rawValue).joined(separator: " or "))
    }
    guard stream == .joint || layout == .nctvm300 else {
      throw InputError(
        "--stream", found: "\(stream.rawValue) for the layout \(layout.rawValue)",
        expected: "joint", hint: "its programs compute bones and motion as they load")
    }
    guard order == .dataset || split != nil else {
      throw InputError(
        "--order", found: order.rawValue, expected: "dataset, without --split",
        hint: "the order goes by what a split divides: subject, camera or setup")
    }
  }

  /// What was written.
  public struct Outcome: Sendable {
    /// The files with what is in them, in order.
    public let files: [(url: URL, contents: [NPYArray])]
    /// Samples longer than the arrays, of which the first frames are there.
    public let cut: [String]
    /// Samples whose second body is not exactly where the reference has it in the frames after their last one, as their
    /// shards are of before that was stored.
    public let approximate: [String]
  }

  /// Writes the arrays of the data set in `path` into the folder `output`.
  ///
  /// - Throws: `InputError` if one of the files is there already, the disk is full, or a sample has no place in the
  ///   layout.
  public func write(_ path: String, to output: String, progress: ProgressMode = .none) throws -> Outcome {
    let folder = try DatasetFolder(URL(fileURLWithPath: path, isDirectory: true))
    let parts = try ExportPart.all(of: folder, split: split, order: order)
    let files = try ExportFiles(self, of: folder, parts, in: URL(fileURLWithPath: output, isDirectory: true))
    let padding = padding ?? FramePadding.usual(ofProfile: folder.manifest.profile)
    let line = ProgressLine(
      total: parts.reduce(0) { $0 + $1.samples.count }, unit: "samples", mode: progress, label: "export")
    let count = layout.frameCount(ofProfile: folder.manifest.profile)
    var cut: [String] = []
    var approximate: [String] = []
    var open: (index: Int, shard: Shard)?
    for visit in try visits(of: parts, in: folder) {
      let shard: Shard
      if let open, open.index == visit.shard {
        shard = open.shard
      } else {
        open = nil  // One at a time is in memory.
        shard = try folder.shard(visit.shard)
        open = (visit.shard, shard)
      }
      let (part, sample) = (parts[visit.part], shard.samples[visit.sample])
      let clip = SampleFrames(sample, of: shard)
      if let count {
        // CTR-GCN's arrays always end in zeros: its feeder counts the frames that are not.
        let padded = PaddedFrames(clip, to: count, padding: layout == .ctrgcn ? .zero : padding)
        if clip.length > count { cut.append(sample.name) }
        if !padded.isExact { approximate.append(sample.name) }
        try files.append(stream.of(padded.joints(of: clip)), of: part)
      } else {
        try files.append(clip, of: part)
      }
      line.advance()
    }
    line.finish()
    return Outcome(files: try files.publish(), cut: cut, approximate: approximate)
  }
}

extension Export {
  /// A sample in a shard, and the part that it goes to, all by their indices.
  private struct Visit {
    let part: Int
    let shard: Int
    let sample: Int
  }

  /// All samples in an order in which each part gets its own in theirs: shard by shard where that is the data set's,
  /// else part by part, which reads a shard as often as the order comes back to it.
  private func visits(of parts: [ExportPart], in folder: DatasetFolder) throws -> [Visit] {
    var places: [String: (shard: Int, sample: Int)] = [:]
    var visits: [Visit] = []
    for (shard, samples) in try folder.samples().enumerated() {
      for (index, sample) in samples.enumerated() {
        places[sample.name] = (shard, index)
        guard order == .dataset else { continue }
        for part in parts.indices where parts[part].contains(sample) {
          visits.append(Visit(part: part, shard: shard, sample: index))
        }
      }
    }
    guard order != .dataset else { return visits }
    return parts.enumerated().flatMap { part, samples in
      samples.samples.compactMap { sample in
        places[sample.name].map { Visit(part: part, shard: $0.shard, sample: $0.sample) }
      }
    }
  }
}

extension Export.Outcome: CustomStringConvertible {
  /// A line for each array, and what there is to know about it.
  public var description: String {
    var lines: [String] = []
    for (url, arrays) in files {
      if arrays.isEmpty { lines.append(url.path) }
      for array in arrays {
        let name = arrays.count == 1 ? "" : " \(array.name)"
        let shape = array.shape.map(String.init).joined(separator: ", ")
        lines.append("\(url.path)\(name): (\(shape)) \(array.element)")
      }
    }
    if !cut.isEmpty {
      lines.append(
        "\(cut.count) samples are longer than the array, which has their first frames: \(some(cut))")
    }
    if !approximate.isEmpty {
      lines.append(
        "\(approximate.count) samples have a second body that loops out of step with the first; beyond their last frame "
          + "it is where it was in the clip, not where the reference moves it, which data sets that are converted now "
          + "know: \(some(approximate))")
    }
    return lines.joined(separator: "\n")
  }

  private func some(_ names: [String]) -> String {
    names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
  }
}
