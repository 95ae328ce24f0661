import Numpy
import Shards
import Skeleton

/// The samples that go into the same arrays, in their order there: a side of a split, or all.
struct ExportPart {
  /// `train`, `test` or `all`.
  let name: String
  /// What the samples' records say, in order.
  let samples: [SampleRecord]
  private let names: Set<String>

  init(_ name: String, _ samples: [SampleRecord]) {
    self.name = name
    self.samples = samples
    names = Set(samples.map(\.name))
  }

  func contains(_ sample: SampleRecord) -> Bool { names.contains(sample.name) }

  /// The parts of a data set: those of a split, in the order asked for, or everything.
  static func all(
    of folder: DatasetFolder, split: String?, order: SampleOrdering = .dataset
  ) throws -> [ExportPart] {
    let samples = Array(try folder.samples().joined())
    guard let split else { return [ExportPart("all", samples)] }
    let lists = try folder.split(split)
    return EvaluationProtocol.Part.allCases.map { part in
      let names = Set(lists.names(of: part))
      return ExportPart(
        part.rawValue, order.sorted(samples.filter { names.contains($0.name) }, of: lists))
    }
  }

  /// `name`, in as many characters as the longest takes.
  var nameLength: Int { max(1, samples.map(\.name.utf8.count).max() ?? 1) }

  /// The columns that stand beside the frames of a ragged export.
  var columns: [(array: NPYArray, bytes: [UInt8])] {
    let count = [samples.count]
    var start = 0
    let starts = samples.map { sample in
      defer { start += sample.length }
      return Int64(start)
    }
    return [
      (NPYArray("start", .int64, shape: count), NPYBytes.of(starts)),
      (NPYArray("length", .int64, shape: count), NPYBytes.of(samples.map { Int64($0.length) })),
      (NPYArray("label", .int64, shape: count), NPYBytes.of(samples.map { Int64($0.label) })),
      nameColumn("name"),
    ]
  }

  /// The samples' names as an array of texts.
  func nameColumn(_ title: String) -> (array: NPYArray, bytes: [UInt8]) {
    (
      NPYArray(title, .text(nameLength), shape: [samples.count]),
      NPYBytes.of(samples.map(\.name), length: nameLength)
    )
  }
}
