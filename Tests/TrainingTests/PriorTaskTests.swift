import Batches
import Encoders
import Foundation
import NN
import Skeleton
import TensorCore
import Testing

@testable import Methods
@testable import Training

/// The statistics of motion on clips whose statistics are known, and the task that asks for them.
@Suite struct PriorTaskTests {
  private let statistics = MotionStatistics(.kinect25, usesAllBodies: false)

  /// A clip of the first body whose joints are where a function puts them.
  private func clip(_ frames: Int, _ place: (_ frame: Int, _ joint: Int) -> SIMD3<Float>) -> SkeletonClip {
    var clip = SkeletonClip(values: [Float](repeating: 0, count: frames * SkeletonClip.width))
    for frame in 0..<frames {
      for joint in 0..<25 {
        let x = place(frame, joint)
        for axis in 0..<3 { clip.values[frame * SkeletonClip.width + joint * 6 + axis * 2] = x[axis] }
      }
    }
    return clip
  }

  private func posture(_ joint: Int) -> SIMD3<Float> {
    var random = KeyedRandom(seed: 3, sample: "\(joint)", view: "posture")
    return SIMD3(random.normal(), random.normal(), random.normal())
  }

  @Test func whatStandsStill() {
    let still = clip(6) { _, joint in posture(joint) }
    #expect(statistics(.variance, still).allSatisfy { abs($0 - 1 / 25) < 1e-6 })
    #expect(statistics(.covariance, still) == [Float](repeating: 0, count: 300))
    #expect(statistics(.deviation, still) == [Float](repeating: 0, count: 6))
    #expect(statistics(.angle, still).count == 6 * 23)
  }

  @Test func whatMovesAsAWhole() {
    let moved = clip(6) { frame, joint in posture(joint) + SIMD3(Float(frame * frame), 0, Float(frame)) }
    #expect(statistics(.variance, moved).allSatisfy { abs($0 - 1 / 25) < 1e-4 })
    #expect(statistics(.covariance, moved).allSatisfy { abs($0 - 1) < 1e-3 })
    let angles = statistics(.angle, moved)
    for frame in 1..<6 {
      for pair in 0..<23 { #expect(abs(angles[frame * 23 + pair] - angles[pair]) < 1e-3) }
    }
    let deviation = statistics(.deviation, moved)
    #expect(deviation[5] == 1 && deviation.allSatisfy { $0 <= 1 })
  }

  @Test func aStraightLimbHasOne() {
    // Every joint lies beyond its parent in one direction, as far as it is from the root.
    func depth(_ joint: Int) -> Float {
      joint == Kinect25.parents[joint] ? 0 : 1 + depth(Kinect25.parents[joint])
    }
    let line = clip(1) { _, joint in SIMD3(depth(joint), 0, 0) }
    #expect(statistics(.angle, line).allSatisfy { abs($0 - 1) < 1e-6 })
    // The forearm turned back: joint 6 hangs on 5.
    let bent = clip(1) { _, joint in SIMD3(joint == 6 ? depth(5) - 1 : depth(joint), 0, 0) }
    #expect(statistics(.angle, bent).contains { abs($0 + 1) < 1e-6 })
  }

  @Test func theFirstJointAloneHasAllVariance() {
    let waving = clip(4) { frame, joint in joint == 3 ? SIMD3(0, Float(frame % 2), 0) : posture(joint) }
    let shares = statistics(.variance, waving)
    #expect(abs(shares[3] - 1) < 1e-5)
  }

  @Test func whatDoesNotDependOnTheSide() {
    let moving = clip(8) { frame, joint in
      var random = KeyedRandom(seed: 3, sample: "\(joint).\(frame)", view: "motion")
      return posture(joint) + SIMD3(random.normal(), random.normal(), random.normal())
    }
    let turned = moving.sheared(by: SkeletonClip.turn(degrees: [20, 50, -100]))
    for kind in MotionStatistics.Kind.allCases {
      #expect(Oracles.distance(statistics(kind, moving), statistics(kind, turned)) < 1e-4, "\(kind)")
    }
    // The mean over bodies is the first body's where there is no second, and nothing where there is none.
    let all = MotionStatistics(.kinect25, usesAllBodies: true)
    let nobody = clip(8) { _, _ in .zero }
    for kind in MotionStatistics.Kind.allCases {
      #expect(all(kind, moving) == statistics(kind, moving))
      #expect(all(kind, nobody).allSatisfy { $0 == 0 })
    }
  }

  @Test func theLossIsTheErrorOfStandardizedTargets() throws {
    var settings = PriorTask.Settings()
    settings.view = TaskViewSettings(shear: 0)
    settings.view.crop = 1...1
    let model = try TasksAlone([settings], GRUEncoderSettings(hidden: 6))
    let step = model.step()
    #expect(
      step.terms.keys.sorted() == ["angle", "covariance", "deviation", "variance"].map { "prior_\($0)" })
    for kind in MotionStatistics.Kind.allCases {
      let width = statistics.count(kind)
      let targets = (0..<4).flatMap { row in
        statistics(kind, SkeletonClip(values: model.clips.values.rows([row]).values)).map(Double.init)
      }
      let said = try #require(step.shown["prior_\(kind)"]).values.map(Double.init)
      #expect(said.count == targets.count)
      var errors: [Double] = []
      for column in 0..<width {
        let own = stride(from: column, to: targets.count, by: width).map { targets[$0] }
        let mean = Slowly.mean(own)
        let variance = Slowly.mean(own.map { ($0 - mean) * ($0 - mean) })
        for (row, target) in own.enumerated() {
          let error = said[row * width + column] - (target - mean) / (variance + 1e-6).squareRoot()
          errors.append(error * error)
        }
      }
      Slowly.expect(step.terms["prior_\(kind)"], Slowly.mean(errors), "\(kind)")
    }
    model.expectGradients(below: "encoder_q")
    model.expectGradients(below: "task.prior.variance")
    model.expectGradients(below: "task.prior.angle")
  }

  /// Running statistics of equal batches are those of all samples together.
  @Test func runningStatisticsAreThoseOfAllThatWasSeen() throws {
    var settings = PriorTask.Settings()
    settings.statistics = [.variance]
    let clips = (0..<8).map { index in
      clip(20) { frame, joint in
        var random = KeyedRandom(seed: 4, sample: "\(index).\(joint).\(frame)", view: "motion")
        return posture(joint) * Float(index + 1) + SIMD3(random.normal(), random.normal(), random.normal())
      }
    }
    settings.view = TaskViewSettings(shear: 0)
    settings.view.crop = 1...1
    let model = try TasksAlone([settings], GRUEncoderSettings(hidden: 6), samples: Array(clips[0..<4]))
    let other = try TasksAlone([settings], GRUEncoderSettings(hidden: 6), samples: Array(clips[4..<8]))
    var step = Step(seed: 5)
    model.tasks[0].learn(from: model.batch, &step)
    model.tasks[0].learn(from: other.batch, &step)
    let all = clips.map { statistics(.variance, $0.resampled(start: 0, length: 20, to: 16)).map(Double.init) }
    for joint in 0..<25 {
      let values = all.map { $0[joint] }
      let mean = Slowly.mean(values)
      let variance = Slowly.mean(values.map { ($0 - mean) * ($0 - mean) })
      let running = try ["mean", "var"].map { name in
        try #require(model.store["task.prior.variance.running_\(name)"]).value.values[joint]
      }
      #expect(
        abs(Double(running[0]) - mean) < 1e-5 && abs(Double(running[1]) - variance) < 1e-3 * variance + 1e-9)
    }
  }
}
