import Batches
import NN
import Skeleton
import TensorCore
import Testing

@testable import Encoders

/// Joints relative to one of their body, against numpy's, and by an encoder.
@Suite struct CentredBodyTests {
  @Test(
    .enabled(if: !BackboneOracles.files("augmentations").isEmpty, BackboneOracles.missing("augmentations")))
  func subtractedJointsAgree() throws {
    for path in BackboneOracles.files("augmentations") {
      let file = try BackboneOracle(path)
      let x = try file.tensor("sequence")  // (T, V, C, M)
      let expected = try BackboneOracle(path, group: "/subtract_joint").tensor("output")
      #expect(x.reshaped([1] + x.shape).relative(to: 1).values == expected.values)
    }
  }

  @Test func anEncoderDoesNotSeeWhereBodiesAre() {
    var settings = LSTMEncoderSettings()
    (settings.hidden, settings.centre) = (5, 1)
    let store = ParameterStore(seed: 1)
    let encoder = settings.encoder(store.root, EncoderInput(layout: .kinect25, frames: 8))
    let x = Clips(sampleClips([2, 8, 150]))
    let moved = Clips(x.values + Tensor(scalar: 3))
    let (a, b) = (encoder(x, .evaluation).values, encoder(moved, .evaluation).values)
    #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-4 } && a.contains { abs($0) > 1e-3 })
  }
}
