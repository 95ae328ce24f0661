import Foundation
import HDF5
import Skeleton

/// Names, types and shapes of the format, version 1, as the writer makes them and the reader demands them.
enum ShardLayout {
  static let format = "skeleton-shard"
  static let version = 1

  static let frames = "/frames"
  static let visible = "/visible"
  static let samples = "/samples"
  static let name = "/samples/name"
  static let digest = "/samples/digest"
  static let intervals = "/intervals"
  static let confidence = "/intervals/confidence"
  static let columns = "/columns"
  static let loops = "/loops"
  static let origins = "/loops/origins"

  /// Where a column that was kept on request is.
  static func path(of column: JointColumn) -> String { "\(columns)/\(column.rawValue)" }
  /// (M, V, width).
  static func shape(of column: JointColumn) -> [Int] { visibleShape + [column.width] }

  /// Rows of a chunk of `/frames` and `/visible`: 300 kB and 25 kB before compression.
  static let chunkRows = 512
  /// (M, V, C).
  static let frameShape = [Kinect25.bodyCount, Kinect25.jointCount, Kinect25.coordinateCount]
  /// (M, V).
  static let visibleShape = [Kinect25.bodyCount, Kinect25.jointCount]

  /// The digest of a shard's values, in the order of the format's table: first those that come in chunks, given
  /// as a digest in progress, then the columns. After them, for each column that was kept on request, its name and the
  /// SHA-256 of its values, in hexadecimal; then, where there are any, the loops, and the optional columns of samples.
  static func logicalDigest(
    rows: SHA256Digest, samples: [SampleRecord], intervals: [ActionInterval],
    columns: [(column: JointColumn, digest: String)], loops: [BodyLoops]
  ) -> String {
    var digest = rows
    let width = samples.map(\.name.utf8.count).max() ?? 0
    for sample in samples {
      digest.update(Array(sample.name.utf8) + [UInt8](repeating: 0, count: width - sample.name.utf8.count))
    }
    for column in SampleColumn.all {
      for sample in samples {
        let value = sample[keyPath: column.value]
        switch column.type {
        case .int64: digest.update(Int64(value))
        case .int32: digest.update(Int32(value))
        case .int16: digest.update(Int16(value))
        default: digest.update(UInt8(value))
        }
      }
    }
    for sample in samples { digest.update(sample.digest) }
    for column in IntervalColumn.all {
      for interval in intervals { digest.update(Int32(interval[keyPath: column.value])) }
    }
    digest.update(intervals.map(\.confidence))
    for (column, values) in columns {
      digest.update(Array(column.rawValue.utf8))
      digest.update(values)
    }
    if !loops.isEmpty { digest.update(Array("loops".utf8)) }
    for column in LoopColumn.all {
      for loop in loops { digest.update(Int32(loop[keyPath: column.value])) }
    }
    for loop in loops { digest.update(loop.origins) }
    for column in SampleColumn.optional where column.isHeld(by: samples) {
      digest.update(Array(column.name.utf8))
      for sample in samples { digest.update(Int32(sample[keyPath: column.value])) }
    }
    return digest.hex
  }
}
