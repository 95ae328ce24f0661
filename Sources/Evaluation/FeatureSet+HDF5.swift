import Foundation
import HDF5
import Shards
import TensorCore

extension FeatureSet {
  /// Writes `/features` (N, D) float32, `/label` (N) int32 and `/name` (N) to an HDF5 file, under another name first.
  public func write(to url: URL) throws {
    let image = try HDF5Writer.image { file throws(HDF5Error) in
      try file.floats("/features", values.values, shape: values.shape)
      try file.integers("/label", labels.map(Int64.init), as: .int32, shape: [labels.count])
      try file.strings("/name", names)
    }
    try AtomicFile.write(image, to: url)
  }
}
