import Batches
import Encoders
import Methods
import NN
import Skeleton
import TensorCore
import Testing

/// Predict & Cluster as a method: its loss written slowly, and its gradients against differences.
@Suite struct PredictClusterTests {
  private func model(_ kind: SequenceWriter.Kind) throws -> MethodAlone<PredictCluster> {
    var settings = PredictCluster.Settings()
    settings.decoder = kind
    return try MethodAlone(settings, GRUEncoderSettings(hidden: 5), batch: 3, seed: 9)
  }

  @Test(arguments: SequenceWriter.Kind.allCases)
  func theLossIsTheAbsoluteErrorOfAFrame(kind: SequenceWriter.Kind) throws {
    let model = try model(kind)
    let batch = model.noise(3)
    let step = model.step(batch)
    let written = try #require(step.shown["written"])
    #expect(written.shape == [3, 16, 150])
    // Whole recordings resampled to the clip's frames, nothing else.
    let target = (0..<3).flatMap { index -> [Float] in
      var random = KeyedRandom(seed: 1, sample: "\(index)", view: "test")
      let noise = (0..<(20 * SkeletonClip.width)).map { _ in random.uniform(-1, 1) }
      return SkeletonClip(values: noise).resampled(start: 0, length: 20, to: 16).values
    }
    let errors = zip(written.values, target).map { abs(Double($0) - Double($1)) }
    Slowly.expect(step.loss, errors.reduce(0, +) / 48, "l1")
    for parameter in model.store.parameters {
      let isFixed = kind == .fixedWeights && parameter.name.hasPrefix("decoder.gru")
      #expect((step.gradients[parameter.value] == nil) == isFixed, "\(parameter.name)")
    }
    try model.expectGradients(below: "encoder_q")
    try model.expectGradients(below: "decoder.out")
  }
}
