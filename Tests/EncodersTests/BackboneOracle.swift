import Foundation
import HDF5
import NN
import TensorCore
import Testing

/// Numbers of other programs, in the folder `SKELETON_ORACLES` or `../shared/oracles`.
enum BackboneOracles {
  private static let folder =
    ProcessInfo.processInfo.environment["SKELETON_ORACLES"].flatMap { $0.isEmpty ? nil : $0 }
    ?? "../shared/oracles"

  /// The paths of all files of a kind: `stgcn*.h5`.
  static func files(_ kind: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
      .filter { $0.hasPrefix(kind) && $0.hasSuffix(".h5") }.sorted().map { "\(folder)/\($0)" }
  }

  static func missing(_ kind: String) -> Comment {
    "no \(kind)*.h5 in \(folder); set SKELETON_ORACLES to the folder that has them"
  }
}

/// A file of a backbone's numbers: parameters, statistics, outputs and gradients under PyTorch's names.
final class BackboneOracle {
  private let file: HDF5File
  private let place: String

  /// The numbers of a file, or of one of its groups.
  init(_ path: String, group: String = "") throws {
    file = try HDF5File(reading: path)
    place = group + "/"
  }

  func tensor(_ name: String) throws -> Tensor {
    let (values, shape) = try file.floats(place + name)
    return Tensor(values, shape: shape)
  }

  func integers(_ name: String) throws -> [Int] { try file.integers(place + name).values.map { Int($0) } }

  func names(_ group: String) throws -> [String] { try file.names(in: place + group) }

  func number(_ attribute: String) throws -> Double { try file.attribute(attribute, of: place) }

  /// The input as backbones read it: (N, C, T, V, M) turned to (N, M, T, V, C).
  func clips(_ name: String = "input") throws -> Tensor { try tensor(name).channelsSecond() }

  /// Gives all parameters and statistics their numbers; every name of the file is one of the store's, and none is missing.
  func fill(_ store: ParameterStore) throws {
    #expect(Set(try names("parameters")) == Set(store.parameters.map(\.name)))
    for name in try names("parameters") {
      try #require(store[name]).value = try tensor("parameters/\(name)")
    }
    guard try names("").contains("buffers") else { return }
    for name in try names("buffers") where name != "A" {
      try #require(store[name]).value = try tensor("buffers/\(name)")
    }
  }

  /// Holds the statistics after a pass against those of a group, whose names may stand for others.
  func checkStatistics(
    _ store: ParameterStore, group: String = "buffers_after", _ named: (String) -> String = { $0 }
  ) throws {
    let names = try names(group)
    let own = store.buffers.map(\.name).filter { $0.hasSuffix("running_mean") || $0.hasSuffix("running_var") }
    #expect(Set(names.map(named)) == Set(own))
    for name in names {
      expectNear(try #require(store[named(name)]).value, try tensor("\(group)/\(name)"), 1e-4, name)
    }
  }

  /// Holds all gradients against those of a group.
  func checkGradients(
    _ found: Gradients, _ store: ParameterStore, input: Tensor, group: String = "gradients",
    tolerance: Double = 1e-4
  ) throws {
    #expect(try misses(found, store, inputs: ["input": input], group: group, tolerance: tolerance) == [])
  }

  /// Which gradients differ from those of a group by more than `tolerance` of the largest number of their array, and how
  /// far.
  ///
  /// What is 0 but for rounding, a bias before a norm, is compared with the largest gradient of all instead.
  ///
  /// - Parameter inputs: what else has a gradient, by its name in the group, the channels last where the file has them
  ///   second.
  /// - Parameter isCompared: whether what the group has under a name is the gradient of the parameter of that name.
  func misses(
    _ found: Gradients, _ store: ParameterStore, inputs: [String: Tensor] = [:], group: String = "gradients",
    tolerance: Double = 1e-4, where isCompared: (String) -> Bool = { _ in true }
  ) throws -> [String] {
    let names =
      try names(group).filter { $0 != "inputs" && isCompared($0) }
      + inputs.keys.filter { $0.hasPrefix("inputs/") }
    let expected = try names.map { ($0, try tensor("\(group)/\($0)")) }
    let largest = expected.map { $0.1.values.map(abs).max() ?? 0 }.max() ?? 0
    return try expected.compactMap { name, gradient in
      let variable = inputs[name] ?? store[name]?.value
      let own = try #require(variable.flatMap { found[$0] }, "\(name)")
      let turned = inputs[name] == nil ? own : own.channelsSecond()
      guard turned.shape == gradient.shape else { return "\(name) has the shape \(turned.shape)" }
      let difference = zip(turned.values, gradient.values).map { abs($0 - $1) }.max() ?? 0
      let bound = max(Float(tolerance) * (gradient.values.map(abs).max() ?? 0), 1e-5 * largest)
      return difference <= bound ? nil : "\(name) is \(difference) off, \(bound) allowed"
    }
  }
}

extension Tensor {
  /// The second axis and the last exchanged: channels, which files have second and backbones last.
  func channelsSecond() -> Tensor {
    let last = shape.count - 1
    return permuted(shape.indices.map { $0 == 1 ? last : $0 == last ? 1 : $0 })
  }
}

/// Expects no difference above `tolerance` of the largest number.
func expectNear(
  _ found: Tensor, _ expected: Tensor, _ tolerance: Float, _ name: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(found.shape == expected.shape, "\(name)", sourceLocation: sourceLocation)
  let difference = zip(found.values, expected.values).map { abs($0 - $1) }.max() ?? 0
  let largest = expected.values.map(abs).max() ?? 0
  #expect(
    difference <= tolerance * largest, "\(name) is \(difference) off, its largest \(largest)",
    sourceLocation: sourceLocation)
}
