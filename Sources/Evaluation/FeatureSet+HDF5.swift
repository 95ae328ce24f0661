import Foundation
import HDF5
import Shards
import TensorCore

extension FeatureSet {
  /// Writes `/features` (N, D) float32, `/label` (N) int32 and `/name` (N) to an HDF5 file, under another name first.
  public func write(to url: URL) throws {
    let file = try HDF5File(building: url.path)
    try file.write(values.values, shape: values.shape, to: "/features")
    try file.write(labels.map(Int32.init), shape: [labels.count], to: "/label")
    try file.write(names, to: "/name")
    try AtomicFile.write(Data(file.image()), to: url)
  }
}
