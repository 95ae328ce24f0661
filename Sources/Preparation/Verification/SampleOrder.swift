import Foundation
import Numpy
import Shards
import Skeleton

/// Which sample is where in somebody's array, and of which class it is there.
struct SampleOrder {
  /// The names in the order of the array, as data sets write them.
  let names: [String]
  /// The classes in the order of the array, if they are known.
  let labels: [Int]?
  /// Where the names are from.
  let source: String

  /// Names from a file, from a label file, from the array's own file if it is a shard, or those of a data set.
  ///
  /// - Throws: ``InputError`` for a file that cannot be read, a name that comes twice, and labels that are not as many.
  init(
    of array: URL, names: String?, labels: String?, in folder: DatasetFolder, split: String?,
    part: EvaluationProtocol.Part?
  ) throws {
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
    if let names {
      found = try SampleOrder.names(in: URL(fileURLWithPath: names))
      source = names
    }
    if found == nil, ["h5", "hdf5"].contains(array.pathExtension),
      let samples = try? ShardReader.samples(array)
    {
      found = samples.map(\.name)
      source = array.path
    }
    if found == nil {
      let parts = try ExportPart.all(of: folder, split: split)
      let chosen = parts.filter { split == nil || part == nil || $0.name == part?.rawValue }
      found = chosen.flatMap { $0.samples.map(\.name) }
      if let split { source = "the order of \(split), \(chosen.map(\.name).joined(separator: " and then "))" }
    }
    self.names = (found ?? []).map(SampleOrder.name(ofFile:))
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

  private static func names(in url: URL) throws -> [String] {
    switch url.pathExtension {
    case "pkl", "pickle": return try LabelPickle.parse(Array(try bytes(of: url)), name: url.path).names
    case "npy": return try NumpyInput(npy: url).texts()
    default:
      return String(decoding: try bytes(of: url), as: UTF8.self).split(whereSeparator: \.isNewline)
        .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }
  }

  private static func bytes(of url: URL) throws -> Data {
    try Disk.read(url)
  }
}
