import Foundation
import HDF5
import Shards
import Skeleton
import TensorCore

extension FeatureSet {
  /// Writes `/features` (N, D) float32, `/label` (N) int32 and `/name` (N) to an HDF5 file, under another name first.
  ///
  /// - Parameter key: what decided the features, which becomes an attribute beside their SHA-256.
  public func write(to url: URL, key: String) throws {
    let image = try HDF5Writer.image { file throws(HDF5Error) in
      try file.floats("/features", values.values, shape: values.shape)
      try file.integers("/label", labels.map(Int64.init), as: .int32, shape: [labels.count])
      try file.strings("/name", names)
      try file.attribute("key", key)
      try file.attribute("sha256", digest)
    }
    try AtomicFile.write(image, to: url)
  }

  /// The features of a file that is there, if they are whole and of the same work; nil if nothing is there.
  ///
  /// - Parameter key: what decides the features, see ``FrozenEncoder/key(on:)``.
  /// - Throws: an `InputError` if the file is anything else.
  public static func kept(in url: URL, key: String) throws -> FeatureSet? {
    do { _ = try Disk.start(of: url.path, upTo: 0) } catch let error as InputError
      where error.kind == .noInput
    {
      return nil
    }
    do {
      let file = try HDF5File(reading: url.path)
      let (own, sha256): (String, String) = (try file.attribute("key"), try file.attribute("sha256"))
      let (values, shape) = try file.floats("/features")
      let (labels, names) = (try file.integers("/label").values, try file.strings("/name"))
      if own == key, shape.count == 2, shape[0] == names.count, labels.count == names.count {
        let features = FeatureSet(
          names: names, labels: labels.map(Int.init), values: Tensor(values, shape: shape))
        if features.digest == sha256 { return features }
      }
    } catch {}  // Whatever the library cannot read is something else.
    throw InputError.exists(url.path, "something else than these features")
  }

  /// SHA-256 of names, labels and features.
  private var digest: String {
    var digest = SHA256Digest()
    digest.update(SHA256Digest.hex(ofParts: names + labels.map(String.init)))
    digest.update(values.values)
    return digest.hex
  }
}
