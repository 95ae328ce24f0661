import Foundation
import HDF5
import NN
import TensorCore
import Testing

/// A group of a file with another program's numbers, in the folder `SKELETON_ORACLES` or `../shared/oracles`.
struct OracleGroup {
  static let folder =
    ProcessInfo.processInfo.environment["SKELETON_ORACLES"].flatMap { $0.isEmpty ? nil : $0 }
    ?? "../shared/oracles"

  /// The paths of all files of a kind: those whose names start with it.
  static func files(_ kind: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
      .filter { $0.hasPrefix(kind) && $0.hasSuffix(".h5") }.sorted().map { "\(folder)/\($0)" }
  }

  /// Why a suite is skipped that has no file of its kind.
  static func missing(_ kind: String) -> Comment {
    "no \(kind)*.h5 in \(folder); set SKELETON_ORACLES to the folder that has them"
  }

  let path: String
  /// The group's name; empty for the root.
  let name: String

  init(_ path: String, _ name: String = "") { (self.path, self.name) = (path, name) }

  private func place(_ name: String) -> String { "\(self.name)/\(name)" }

  func tensor(_ name: String) throws -> Tensor {
    let (values, shape) = try HDF5File(reading: path).floats(place(name))
    return Tensor(values, shape: shape)
  }

  func integers(_ name: String) throws -> [Int] {
    try HDF5File(reading: path).integers(place(name)).values.map(Int.init)
  }

  func names(in group: String) throws -> [String] { try HDF5File(reading: path).names(in: place(group)) }

  func number(_ attribute: String) throws -> Double {
    try HDF5File(reading: path).attribute(attribute, of: name.isEmpty ? "/" : name)
  }

  /// Gives a model the group's parameters, which have to be all of its own; their names in the file may start with
  /// `prefix`.
  func load(into store: ParameterStore, prefix: String = "") throws {
    let names = try names(in: "parameters").filter { $0.hasPrefix(prefix) }
    #expect(Set(store.parameters.map(\.name)) == Set(names.map { String($0.dropFirst(prefix.count)) }))
    for name in names {
      let parameter = try #require(store[String(name.dropFirst(prefix.count))], "\(name)")
      parameter.value = try tensor("parameters/\(name)")
    }
  }

  /// Holds gradients of parameters against the group's; where a model is a part of the file's, those are left out that
  /// it has not.
  func check(_ found: Gradients, of store: ParameterStore, prefix: String = "", tolerance: Float) throws {
    for parameter in store.parameters {
      let gradient = try #require(found[parameter.value], "\(parameter.name)")
      expectClose(
        gradient, try tensor("gradients/\(prefix)\(parameter.name)"), tolerance, "\(name) \(parameter.name)")
    }
  }
}

/// Expects one shape, and numbers that differ by no more than a part of the largest.
func expectClose(
  _ found: Tensor, _ expected: Tensor, _ tolerance: Float, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(found.shape == expected.shape, "\(what)", sourceLocation: sourceLocation)
  let difference = relativeDifference(found.values, expected.values)
  #expect(difference < tolerance, "\(what) is \(difference) off", sourceLocation: sourceLocation)
}
