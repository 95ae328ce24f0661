import Batches
import Encoders
import Foundation
import HDF5
import NN
import Skeleton
import TensorCore
import Testing

@testable import Methods

/// Displacement and jigsaw against their labels and losses written down again, and against GL-Transformer's own labels.
@Suite struct DisplacementTests {
  private static func labels(
    _ values: [Float], frames: [Int], intervals: [Int] = [1], joints: Int = 1, bodies: Int = 1,
    still: Float = 0
  ) -> DisplacementLabels {
    DisplacementLabels(
      values, joints: joints, bodies: bodies, frames: frames, intervals: intervals, step: 0.01, bins: 14,
      still: still)
  }

  /// One joint that goes (0.2, 0, -0.2) a frame was at (-, 0, +) before.
  @Test func directionsArePastLessPresent() {
    let moving: [Float] = (1...6).flatMap { frame -> [Float] in
      [Float(frame) * 0.2, 1, Float(frame) * -0.2]
    }
    let labels = Self.labels(moving, frames: Array(0..<6))
    #expect(labels.directions == [13] + [Int](repeating: 0 + 3 * 1 + 9 * 2, count: 5))
    #expect(labels.lengths == [0] + [Int](repeating: 14, count: 5))
    // Before the first frame there is the first.
    let far = Self.labels(moving, frames: [1, 3], intervals: [1, 10])
    #expect(far.directions == [21, 21, 21, 21] && far.lengths == [14, 14, 14, 14])
  }

  @Test func lengthsAreStepsOfAHundredth() {
    func length(_ way: Float, still: Float = 0) -> Int {
      Self.labels([0.5, 0.5, 0.5, 0.5, 0.5 + way, 0.5], frames: [1], still: still).lengths[0]
    }
    #expect(length(0) == 0 && length(0.0051) == 1 && length(0.0251) == 3 && length(0.1301) == 14)
    #expect(length(1) == 14 && length(1e30) == 14 && length(0.0051, still: 0.006) == 0)
  }

  /// A body that is not there is still and has a class of its own, at every frame.
  @Test func bodiesThatAreNotThereHaveAClass() {
    let values: [Float] = (0..<3).flatMap { frame -> [Float] in
      [Float(frame) * 0.105 + 0.1, 0, 0, 0, 0, 0]
    }
    let labels = Self.labels(values, frames: [0, 1, 2], bodies: 2)
    #expect(labels.lengths == [0, 15, 11, 15, 11, 15])
    #expect(labels.directions == [13, 13, 12, 13, 12, 13])
  }

  /// The labels that GL-Transformer's own feeder makes.
  @Test(.enabled(if: !Oracles.files("gl_transformer").isEmpty), arguments: Oracles.files("gl_transformer"))
  func labelsAreThoseOfTheProgram(file: URL) throws {
    let oracle = try HDF5File(reading: file.path)
    let position = try Oracles.tensor(oracle, "inputs/position")  // (N, C, T, V M)
    let (directions, lengths) = (
      try oracle.integers("outputs/direction_target").values.map { Int($0) },
      try oracle.integers("outputs/magnitude_target").values.map { Int($0) }
    )
    let (samples, count, tokens) = (position.shape[0], position.shape[2], position.shape[3])
    let values = position.reshaped([samples, 3, count, tokens / 2, 2]).permuted([0, 2, 3, 1, 4]).values
    for (sample, valid) in [7, 5].enumerated() {
      let first = sample * count * tokens * 3
      let own = Self.labels(
        Array(values[first..<(first + valid * tokens * 3)]), frames: Array(0..<valid), intervals: [1, 4],
        joints: tokens / 2, bodies: 2)
      let place = sample * count * 2 * tokens
      #expect(own.directions == Array(directions[place..<(place + valid * 2 * tokens)]))
      #expect(own.lengths == Array(lengths[place..<(place + valid * 2 * tokens)]))
    }
  }

  private func displacement(
    _ encoder: any EncoderSettings, _ change: (inout DisplacementTask.Settings) -> Void = { _ in }
  ) throws -> TasksAlone {
    var settings = DisplacementTask.Settings()
    (settings.intervals, settings.view.crop) = ([1, 3], 1...1)
    settings.step = 0.2
    change(&settings)
    return try TasksAlone([settings], encoder)
  }

  /// The mean over joints but the root, and the root's with a weight, from features and heads.
  @Test(arguments: [Float(0.05), 0]) func theLossIsItsEquation(rootWeight: Float) throws {
    let model = try displacement(GRUEncoderSettings(hidden: 4)) {
      ($0.rootWeight, $0.view.shear, $0.lengthWeight) = (rootWeight, 0, 0.5)
    }
    let step = model.step()
    let features = try #require(step.shown["displacement"])  // (N, T, D)
    #expect(features.shape == [4, 16, 8])
    let frames = Slowly.rows(features.reshaped([64, 8]))
    var sum = 0.0
    for (list, classes) in [("dir_pred_list", 27), ("mag_pred_list", 16)] {
      var (joints, root, right): ([Double], [Double], Double) = ([], [], 0)
      for clip in 0..<4 {
        let values = model.clips.values.values
        let labels = DisplacementLabels(
          Array(values[(clip * 2400)..<((clip + 1) * 2400)]), joints: 25, bodies: 2, frames: Array(0..<16),
          intervals: [1, 3], step: 0.2, bins: 14, still: 0)
        for frame in 0..<16 {
          for interval in 0..<2 {
            let scope = "task.displacement.\(list).\(interval).linear.0"
            let weight = Slowly.rows(try #require(model.store["\(scope).weight"]).value)
            let bias = try #require(model.store["\(scope).bias"]).value.values.map(Double.init)
            for token in 0..<50 {
              let logits = (0..<classes).map {
                Slowly.dot(weight[token * classes + $0], frames[clip * 16 + frame])
                  + bias[token * classes + $0]
              }
              let place = (frame * 2 + interval) * 50 + token
              let label = classes == 27 ? labels.directions[place] : labels.lengths[place]
              let loss = -log(Slowly.softmax(logits)[label])
              if token / 2 == 20 { root.append(loss) } else { joints.append(loss) }
              if logits.indices.max(by: { logits[$0] < logits[$1] }) == label { right += 1 }
            }
          }
        }
      }
      let loss = Slowly.mean(joints) + Double(rootWeight) * Slowly.mean(root)
      let term = classes == 27 ? "displacement_direction" : "displacement_length"
      Slowly.expect(step.terms[term], loss, term)
      #expect(abs(Double(step.measures["accuracy_\(term)"] ?? -1) - right / 6400) < 1e-3)
      #expect((step.measures["chance_\(term)"] ?? 0) >= 1 / Float(classes))
      sum += classes == 27 ? loss : 0.5 * loss
    }
    Slowly.expect(step.loss, sum, "loss")
  }

  /// A step of other encoders is a patch, or some frames: it answers for its last one.
  @Test func stepsAnswerForTheirLastFrame() throws {
    #expect(DisplacementTask.frames(of: 4, in: 16) == [3, 7, 11, 15])
    #expect(DisplacementTask.frames(of: 16, in: 16) == Array(0..<16))
    #expect(DisplacementTask.frames(of: 1, in: 16) == [15])
    #expect(DisplacementTask.frames(of: 3, in: 2) == [0, 0, 1])
    for encoder in [STGCNSettings.tiny, HCNSettings()] as [any EncoderSettings] {
      let step = try displacement(encoder).step()
      #expect(step.loss.isFinite && step.loss > 0)
    }
  }

  @Test func gradientsAreThoseOfDifferences() throws {
    let model = try displacement(GRUEncoderSettings(hidden: 4))
    // The gradients of means over hundreds of questions are short beside the last digits of their losses.
    model.expectGradients(below: "encoder_q", length: 0.001)
    model.expectGradients(below: "task.displacement", length: 0.003)
    let jigsaw = try self.jigsaw()
    jigsaw.expectGradients(below: "encoder_q")
    jigsaw.expectGradients(below: "task.jigsaw.head")
  }

  private func jigsaw(
    _ encoder: any EncoderSettings = GRUEncoderSettings(hidden: 4), names: [String] = TasksAlone.names(4),
    _ change: (inout JigsawTask.Settings) -> Void = { _ in }
  ) throws -> TasksAlone {
    var settings = JigsawTask.Settings()
    (settings.hidden, settings.gap) = (6, 1)
    change(&settings)
    return try TasksAlone([settings], encoder, names: names)
  }

  @Test func ordersAreCountedAsInDictionaries() {
    #expect(
      JigsawTask.permutations(3) == [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
    #expect(JigsawTask.permutations(5).count == 120)
  }

  /// Parts of 3, 3 and 3 frames of 10, the last of which stays.
  @Test func partsAreShuffled() {
    let clip = SkeletonClip(values: (0..<10).flatMap { [Float](repeating: Float($0), count: 150) })
    func frames(_ order: [Int], gap: Int = 0) -> [Float] {
      let shuffled = JigsawTask.shuffled(clip, order, gap: gap)
      return (0..<shuffled.frameCount).map { shuffled.values[$0 * 150] }
    }
    #expect(frames([0, 1, 2]) == (0..<10).map { Float($0) })
    #expect(frames([1, 2, 0]) == [3, 4, 5, 6, 7, 8, 0, 1, 2, 9])
    // Without the first frame of each part, the other two take the time of three.
    let stretched = frames([2, 1, 0], gap: 1)
    #expect(stretched[0] == 7 && stretched[2] == 8 && stretched[1] == 7.5 && stretched[9] == 9)
  }

  /// The cross-entropy of the drawn orders, all of which are drawn about as often.
  @Test func jigsawIsItsEquation() throws {
    let names = (0..<240).map { "\($0)" }
    let model = try jigsaw(names: names) { $0.view.crop = 1...1 }
    let step = model.step()
    let logits = Slowly.rows(try #require(step.shown["jigsaw.logits"]))
    let labels = names.map { name -> Int in
      var random = KeyedRandom(seed: 5, sample: name, view: "jigsaw.order")
      _ = random.unit()
      return random.integer(below: 6)
    }
    for order in 0..<6 { #expect((20...65).contains(labels.count { $0 == order })) }
    Slowly.expect(
      step.loss, Slowly.mean(zip(logits, labels).map { -log(Slowly.softmax($0)[$1]) }), "loss")
    #expect((step.measures["chance_jigsaw"] ?? 1) < 0.28)
    let still = try jigsaw(names: names) { $0.share = 0 }.step()
    #expect(still.measures["chance_jigsaw"] == 1)
  }

  /// Only the order differs from what is seen otherwise; the head reads the mean over time, or the feature.
  @Test func theHeadReadsTimeOrTheFeature() throws {
    let mean = try jigsaw().step()
    let feature = try jigsaw { $0.pool = .feature }.step()
    #expect(mean.shown["jigsaw"]?.shape == [4, 8] && feature.shown["jigsaw"]?.shape == [4, 8])
    #expect(mean.shown["jigsaw"]?.values != feature.shown["jigsaw"]?.values)
    #expect(try jigsaw(STGCNSettings.tiny) { $0.pool = .feature }.step().loss.isFinite)
  }
}
