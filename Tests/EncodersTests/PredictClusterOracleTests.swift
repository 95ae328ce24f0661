import NN
import TensorCore
import Testing

@testable import Methods

/// The decoders of Predict & Cluster against the released program: features, sequences, the loss and all gradients.
@Suite(
  .enabled(
    if: !BackboneOracles.files("recurrent_generation").isEmpty,
    BackboneOracles.missing("recurrent_generation")))
struct PredictClusterOracleTests {
  @Test(arguments: BackboneOracles.files("recurrent_generation"), SequenceWriter.Kind.allCases)
  func sequences(path: String, kind: SequenceWriter.Kind) throws {
    let group = kind == .fixedWeights ? "fixed_weight" : kind.rawValue
    let oracle = try BackboneOracle(path, group: "predict_cluster/\(group)")
    let x = try oracle.tensor("inputs/x")  // (N, T, D)
    let (count, frames, width) = (x.shape[0], x.shape[1], x.shape[2])
    let lengths = try oracle.integers("inputs/lengths")
    let features = try oracle.tensor("outputs/feature")
    let store = ParameterStore(seed: 1)
    let encoder = GRU(
      store.root / "encoder" / "gru", input: width, hidden: features.shape[1] / 2, layers: 2, mode: .stepwise)
    let decoder = SequenceWriter(store.root / "decoder", kind, features: features.shape[1], output: width)
    try oracle.fill(store)

    let last = lengths.enumerated().map { $0 * frames + $1 - 1 }
    let feature = encoder(x).reshaped([count * frames, encoder.output]).rows(last)
    expectNear(feature, features, 1e-5, "feature")
    let first = x.sliced(axis: 1, 0..<1).reshaped([count, width])
    let written = decoder(feature, first: first, frames: frames)
    expectNear(written, try oracle.tensor("outputs/decoded"), 1e-4, "decoded")
    let loss = absoluteErrorPerFrame(written, target: x, lengths: lengths)
    expectNear(loss, try oracle.tensor("loss"), 1e-5, "loss")
    let found = gradients(of: loss)
    let learning = store.parameters.filter(\.isTrainable).map(\.name)
    #expect(Set(try oracle.names("gradients")) == Set(learning))
    #expect(try oracle.misses(found, store) == [])
  }
}
