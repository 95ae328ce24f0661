import Foundation
import HDF5
import TensorCore

/// Numbers that other programs computed: all files of a kind in the folder that `SKELETON_ORACLES` names.
enum Oracles {
  /// The files whose names start with the kind, in order; none where the folder is absent.
  static func files(_ kind: String, ending: String = "h5") -> [URL] {
    let folder = ProcessInfo.processInfo.environment["SKELETON_ORACLES"] ?? "../shared/oracles"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let found = names.filter { $0.hasPrefix(kind) && $0.hasSuffix(".\(ending)") }.sorted()
    if found.isEmpty {
      print("skipped: no \(kind)*.\(ending) in \(folder); set SKELETON_ORACLES to their folder")
    }
    return found.map { URL(fileURLWithPath: folder).appendingPathComponent($0) }
  }

  /// A dataset as a tensor.
  static func tensor(_ file: borrowing HDF5File, _ path: String) throws -> Tensor {
    let (values, shape) = try file.floats(path)
    return Tensor(values, shape: shape)
  }

  /// ‖a − b‖ / ‖b‖, or ‖a‖ where b is 0.
  static func distance(_ a: [Float], _ b: [Float]) -> Double {
    precondition(a.count == b.count, "\(a.count) values against \(b.count)")
    var (difference, size) = (0.0, 0.0)
    for (x, y) in zip(a, b) {
      difference += Double(x - y) * Double(x - y)
      size += Double(y) * Double(y)
    }
    return size == 0 ? difference.squareRoot() : (difference / size).squareRoot()
  }
}
