import Foundation
import Numpy
import Shards
import Skeleton

/// The orders in which arrays are known to have the samples of a split.
public enum SampleOrdering: String, CaseIterable, Sendable {
  /// By name, as data sets have them.
  case dataset
  /// By what the split goes by, subject, camera or setup, and by name where that is the same: CTR-GCN, whose arrays have
  /// no names. Source: `get_indices` of its `seq_transformation.py`.
  case ctrgcn

  /// Puts the samples of a side of a split in order; they are in the data set's.
  func sorted(_ samples: [SampleRecord], of split: Split?) -> [SampleRecord] {
    let key: (SampleRecord) -> Int
    switch (self, split.flatMap { EvaluationProtocol(rawValue: $0.protocolName) }) {
    case (.ctrgcn, .xsub): key = \.subject
    case (.ctrgcn, .xview): key = \.camera
    case (.ctrgcn, .xset): key = \.setup
    default: return samples
    }
    // Those of one key keep their order.
    return samples.enumerated().sorted { (key($0.element), $0.offset) < (key($1.element), $1.offset) }
      .map(\.element)
  }
}

/// Which sample is where in somebody's array, and of which class it is there.
struct SampleOrder {
  /// The names in the order of the array, as data sets write them.
  let names: [String]
  /// The classes in the order of the array, if they are known.
  let labels: [Int]?
  /// Where the names are from.
  let source: String
  /// Whether they are the data set's own, for want of any that came with the array.
  let isOfDataset: Bool

  /// Names from a file, from a label file, from the array's own file if it is a shard, or those of a data set.
  ///
  /// - Throws: ``InputError`` for a file that cannot be read, a name that comes twice, and labels that are not as many.
  init(of array: URL, _ options: Comparison.Options, in folder: DatasetFolder, _ samples: [SampleRecord])
    throws
  {
    let (labels, split, part) = (options.labels, options.split, options.part)
    var classes: [Int]?
    var found: [String]?
    var source = "the data set's order"
    if let labels {
      let url = URL(fileURLWithPath: labels)
      if url.pathExtension == "npy" {
        classes = try NumpyInput(npy: url).integers()
      } else {
        let pickle = try LabelPickle.parse(Array(try SampleOrder.bytes(of: url)), name: labels)
        classes = pickle.labels
        found = pickle.names
        source = labels
      }
    }
    if let names = options.names {
      found = try SampleOrder.names(in: URL(fileURLWithPath: names))
      source = names
    }
    if found == nil, ["h5", "hdf5"].contains(array.pathExtension),
      let samples = try? ShardReader.samples(array)
    {
      found = samples.map(\.name)
      source = array.path
    }
    isOfDataset = found == nil
    if found == nil {
      let parts = try ExportPart.all(of: folder, split: split, order: options.order)
      let chosen = parts.filter { split == nil || part == nil || $0.name == part?.rawValue }
      found = chosen.flatMap { $0.samples.map(\.name) }
      if let split {
        source = "the order of \(split), \(chosen.map(\.name).joined(separator: " and then "))"
        if options.order != .dataset { source += ", as \(options.order.rawValue) has them" }
      }
    }
    self.names = try SampleOrder.samples(
      named: (found ?? []).map(SampleOrder.name(ofFile:)), of: samples, source)
    self.labels = classes
    self.source = source
    if let classes, classes.count != self.names.count {
      throw InputError(
        labels ?? "", found: "\(classes.count) labels", expected: "\(self.names.count), as names")
    }
    var seen: Set<String> = []
    if let twice = self.names.first(where: { !seen.insert($0).inserted }) {
      throw InputError(source, at: twice, found: "a name that comes twice", expected: "each name once")
    }
  }

  /// The sample that a file is named for: without folder and without ending.
  static func name(ofFile file: String) -> String {
    var name = file.split(separator: "/").last.map(String.init) ?? file
    for ending in [".skeleton", ".txt", ".npy"] where name.hasSuffix(ending) { name.removeLast(ending.count) }
    return name
  }

  /// The names as the data set has them: those of PKU-MMD's actions may be `0002-L.txt_3`, a file and its row of labels,
  /// as in the arrays of CMD and PCM3.
  ///
  /// - Throws: ``InputError`` if the data set does not know of rows.
  private static func samples(
    named names: [String], of samples: [SampleRecord], _ source: String
  ) throws -> [String] {
    guard names.contains(where: { row(named: $0) != nil }) else { return names }
    var places: [String: String] = [:]
    for sample in samples where sample.row >= 0 {
      if let name = TrimmedName(sample.name) { places["\(name.video)_\(sample.row)"] = sample.name }
    }
    if places.isEmpty && samples.contains(where: { TrimmedName($0.name) != nil }) {
      throw InputError(
        source, found: "names by rows of labels, as \(names.first { row(named: $0) != nil } ?? "")",
        expected: "names of samples, as \(samples[0].name)",
        hint: "the data set is of before rows were stored; convert the recordings again")
    }
    return names.map { name in row(named: name).flatMap { places["\($0.video)_\($0.row)"] } ?? name }
  }

  /// What `0002-L.txt_3` and `0002-L_3` say.
  private static func row(named name: String) -> (video: VideoName, row: Int)? {
    guard let mark = name.lastIndex(of: "_"), let row = Int(name[name.index(after: mark)...]), row >= 0,
      let video = VideoName(SampleOrder.name(ofFile: String(name[..<mark])))
    else { return nil }
    return (video, row)
  }

  private static func names(in url: URL) throws -> [String] {
    switch url.pathExtension {
    case "pkl", "pickle": return try LabelPickle.parse(Array(try bytes(of: url)), name: url.path).names
    case "npy": return try NumpyInput(npy: url).texts()
    default:
      return try ListFile.text(url.path, "a list of names").split(whereSeparator: \.isNewline)
        .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }
  }

  private static func bytes(of url: URL) throws -> Data {
    try Disk.read(url)
  }
}
