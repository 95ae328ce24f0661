import Foundation
import HDF5
import NN
import TensorCore
import Testing

/// Files that another program computed, in the folder `SKELETON_ORACLES` or `../shared/oracles`.
private enum Oracles {
  static let folder =
    ProcessInfo.processInfo.environment["SKELETON_ORACLES"].flatMap { $0.isEmpty ? nil : $0 }
    ?? "../shared/oracles"

  /// The paths of all files `gru*.h5`.
  static let files: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
    .filter { $0.hasPrefix("gru") && $0.hasSuffix(".h5") }.sorted().map { "\(folder)/\($0)" }

  static let missing: Comment =
    "no gru*.h5 in \(folder); set SKELETON_ORACLES to the folder that has them"
}

/// Outputs and gradients against PyTorch's.
@Suite(.enabled(if: !Oracles.files.isEmpty, Oracles.missing))
struct GRUOracleTests {
  static let tolerance: Float = 1e-4

  @Test(arguments: Oracles.files, [GRUMode.stepwise, .bidirectional])
  func outputAndGradients(path: String, mode: GRUMode) throws {
    let file = try HDF5File(reading: path)
    func tensor(_ name: String) throws -> Tensor {
      let (values, shape) = try file.floats(name)
      return Tensor(values, shape: shape)
    }

    let names = try file.names(in: "parameters")
    let hidden = try tensor("parameters/weight_hh_l0").shape[1]
    let layers = names.count { $0.hasPrefix("weight_ih_l") && !$0.hasSuffix("_reverse") }
    let input = try tensor("input").asVariable()
    let store = ParameterStore(seed: 1)
    let gru = GRU(store.root, input: input.shape[2], hidden: hidden, layers: layers, mode: mode)
    #expect(Set(store.names) == Set(names))
    for name in names { try #require(store[name]).value = try tensor("parameters/\(name)") }

    let output = gru(input)
    let expected = try tensor("\(mode.rawValue)/output")
    #expect(output.shape == expected.shape)
    #expect(relativeDifference(output.values, expected.values) < GRUOracleTests.tolerance)

    let found = gradients(of: (output * (try tensor("weight"))).sum())
    let variables = [("input", input)] + store.parameters.map { ($0.name, $0.value) }
    for (name, variable) in variables {
      let gradient = try #require(found[variable], "\(name)")
      let expected = try tensor("\(mode.rawValue)/gradients/\(name)")
      #expect(gradient.shape == expected.shape, "\(name)")
      let difference = relativeDifference(gradient.values, expected.values)
      #expect(difference < GRUOracleTests.tolerance, "\(name) is \(difference) off")
    }
  }
}
