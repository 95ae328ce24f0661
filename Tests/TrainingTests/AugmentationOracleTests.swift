import Foundation
import HDF5
import Skeleton
import TensorCore
import Testing

@testable import Batches

/// Augmentations whose draws are stored, against numpy's.
@Suite struct AugmentationOracleTests {
  private func clip(_ file: borrowing HDF5File, _ path: String) throws -> SkeletonClip {
    SkeletonClip(values: try file.floats(path).values)
  }

  private func expect(_ clip: SkeletonClip, equals expected: SkeletonClip, _ what: String) {
    #expect(clip.values.count == expected.values.count, "\(what)")
    let largest = zip(clip.values, expected.values).map { abs($0 - $1) }.max() ?? .infinity
    #expect(largest <= 1e-5, "\(what) differs by \(largest)")
  }

  @Test(arguments: Oracles.files("augmentations"))
  func spatialChangesAgree(url: URL) throws {
    let file = try HDF5File(reading: url.path)
    let sequence = try clip(file, "/sequence")
    let shear = try file.floats("/shear_half/matrix").values
    expect(sequence.sheared(by: shear), equals: try clip(file, "/shear_half/output"), "shear")
    let turn = SkeletonClip.turn(degrees: try file.floats("/rotate/degrees").values)
    let matrix = try file.floats("/rotate/matrix").values
    #expect(zip(turn, matrix).allSatisfy { abs($0 - $1) < 1e-6 })
    expect(sequence.sheared(by: turn), equals: try clip(file, "/rotate/output"), "turn")
    expect(sequence.exchangingSides(), equals: try clip(file, "/flip/output"), "sides")
    for axis in 0..<3 {
      expect(
        sequence.without(axis: axis), equals: try clip(file, "/axis_mask/\(axis)/output"), "axis \(axis)")
    }
  }

  @Test(arguments: Oracles.files("augmentations"))
  func changesAlongTimeAgree(url: URL) throws {
    let file = try HDF5File(reading: url.path)
    let sequence = try clip(file, "/sequence")
    expect(sequence.reversed(), equals: try clip(file, "/time_flip/output"), "time")
    for number in try file.names(in: "/blur") {
      let deviation: Double = try file.attribute("sigma", of: "/blur/\(number)")
      expect(
        sequence.blurred(deviation: Float(deviation)), equals: try clip(file, "/blur/\(number)/output"),
        "blur \(deviation)")
    }
    for number in try file.names(in: "/padded_crop") {
      let start: Int = try file.attribute("start", of: "/padded_crop/\(number)")
      let ratio: Int = try file.attribute("ratio", of: "/padded_crop/\(number)")
      // Three joints are in the file.
      func whole(_ name: String) throws -> SkeletonClip {
        let values = try file.floats("/padded_crop/\(number)/\(name)").values
        let rest = [Float](repeating: 0, count: SkeletonClip.width - 18)
        return SkeletonClip(
          values: stride(from: 0, to: values.count, by: 18).flatMap { values[$0..<($0 + 18)] + rest })
      }
      expect(
        try whole("input").paddedCrop(start: start, ratio: ratio), equals: try whole("output"),
        "crop \(number)")
    }
  }

  @Test(arguments: Oracles.files("augmentations"))
  func quietFramesAgree(url: URL) throws {
    let file = try HDF5File(reading: url.path)
    let dropped: Int = try file.attribute("drop", of: "/motion_frames")
    let second = try file.integers("/motion_frames/second").values.map { Int($0) }
    let (values, shape) = try file.floats("/motion_frames/input")
    let kept = try file.integers("/motion_frames/kept").values.map { Int($0) }
    let energy = try file.floats("/motion_frames/energy").values
    let output = try file.floats("/motion_frames/output").values
    let (size, left) = (values.count / shape[0], kept.count / shape[0])
    for sample in 0..<shape[0] {
      let clip = SkeletonClip(values: Array(values[(sample * size)..<((sample + 1) * size)]))
      let own = energy[(sample * shape[1])..<((sample + 1) * shape[1])]
      #expect(zip(clip.motionEnergy, own).allSatisfy { abs($0 - $1) < 1e-5 })
      let quiet = clip.quietFrames(dropping: dropped)
      #expect(quiet == Array(kept[(sample * left)..<((sample + 1) * left)]))
      let length = output.count / shape[0]
      expect(
        clip.frames(second.map { quiet[$0] }),
        equals: SkeletonClip(values: Array(output[(sample * length)..<((sample + 1) * length)])),
        "quiet \(sample)")
    }
  }

  @Test(arguments: Oracles.files("augmentations"))
  func leftOutJointsAgree(url: URL) throws {
    let file = try HDF5File(reading: url.path)
    for number in try file.names(in: "/degree_joints") {
      let picks = try file.integers("/degree_joints/\(number)/picks").values.map { Int($0) }
      let kept = try file.integers("/degree_joints/\(number)/kept").values.map { Int($0) }
      #expect(DegreeJoints.kept(picks: picks) == kept)
    }
    #expect(DegreeJoints.pool.count == 48)
  }

  @Test(arguments: Oracles.files("augmentations"))
  func hiddenJointsOfFramesAgree(url: URL) throws {
    let file = try HDF5File(reading: url.path)
    let fill: Double = try file.attribute("fill", of: "/joint_frame_mask")
    let (mask, shape) = try file.floats("/joint_frame_mask/mask")
    let hidden = (0..<shape[0]).map { frame in
      (0..<shape[1]).filter { mask[frame * shape[1] + $0] == 0 }
    }
    let shown = JointFrameMask(hidden: hidden).values
    let x = Tensor(try file.floats("/sequence").values, shape: shown.shape)
    let output = x * shown + (Tensor(scalar: 1) - shown) * Float(fill)
    expect(
      SkeletonClip(values: output.values), equals: try clip(file, "/joint_frame_mask/output"), "hidden joints"
    )
  }
}

/// Views of the contrastive methods: what each clip draws for itself, and what a batch shares.
@Suite struct ContrastViewTests {
  private func draw(_ count: Int = 4, frames: Int = 20, epoch: Int = 0) -> BatchDraw {
    let clips = (0..<count).map { index in
      var random = KeyedRandom(seed: 1, sample: "\(index)", view: "test")
      return SkeletonClip(values: (0..<(frames * SkeletonClip.width)).map { _ in random.uniform(-1, 1) })
    }
    return BatchDraw(
      seed: 7, epoch: epoch, index: 0, names: clips.indices.map { "sample \($0)" }, clips: clips)
  }

  /// A clip whose joints are their numbers and frames stay told apart shows which frames a crop took.
  @Test func aPaddedCropIsOfAllFrames() {
    let clip = SkeletonClip(
      values: (0..<50).flatMap { [Float](repeating: Float($0), count: SkeletonClip.width) })
    var starts: Set<Float> = []
    for seed in 0..<200 as Range<UInt64> {
      var random = KeyedRandom(seed: seed, view: "crop")
      let cropped = Augmentation.paddedCrop(ratio: 6, to: 50)(clip, &random)
      #expect(cropped.frameCount == 50)
      starts.insert(cropped.values[0] - cropped.values[SkeletonClip.width])
    }
    // It begins in the mirror image, on the edge, or inside.
    #expect(starts == [1, 0, -1])
  }

  @Test func chancesAreChances() {
    let clip = draw(1).clips[0]
    var changed = 0
    for seed in 0..<400 as Range<UInt64> {
      var random = KeyedRandom(seed: seed, view: "chance")
      changed += Augmentation.reverse.sometimes(0.25)(clip, &random) == clip ? 0 : 1
    }
    #expect((60...140).contains(changed))
    var random = KeyedRandom(seed: 1, view: "noise")
    let noisy = Augmentation.noise(deviation: 0.01)(clip, &random)
    let square =
      zip(noisy.values, clip.values).map { ($0 - $1) * ($0 - $1) }.reduce(0, +) / Float(clip.values.count)
    #expect(abs(square.squareRoot() - 0.01) < 0.0005)
  }

  @Test func whatABatchSharesIsOneDraw() {
    var plan = ViewPlan()
    let alike = plan.clips(plan.samples("alike", alike: [.shear(upTo: 1)]))
    let own = plan.clips("own", [.shear(upTo: 1)])
    let clip = draw(1).clips[0]
    let draw = BatchDraw(seed: 7, epoch: 0, index: 0, names: ["a", "b"], clips: [clip, clip])
    let batch = plan.batch(of: draw)
    func halves(_ view: View<Clips>) -> [[Float]] {
      let values = batch[view].values.values
      return [Array(values.prefix(values.count / 2)), Array(values.suffix(values.count / 2))]
    }
    #expect(halves(alike)[0] == halves(alike)[1] && halves(own)[0] != halves(own)[1])
    #expect(halves(alike)[0] != clip.values)
  }

  @Test func partialViewsHaveTheirSizes() {
    var plan = ViewPlan()
    let samples = plan.samples("whole", alike: [.paddedCrop(ratio: 6, to: 20)])
    let quiet = plan.clips(plan.quietFrames("quiet", of: samples, dropped: 4, kept: 12))
    let joints = plan.keptJoints("joints", leavingOut: 8)
    for epoch in 0..<20 {
      let batch = plan.batch(of: draw(epoch: epoch))
      #expect(batch[quiet].values.shape == [4, 12, 150])
      #expect((17...24).contains(batch[joints].count) && batch[joints] == batch[joints].sorted())
    }
  }

  @Test func eachFrameHidesJointsOfItsOwn() {
    var random = KeyedRandom(seed: 1, view: "mask")
    let mask = JointFrameMask(frames: 50, count: 2, &random)
    #expect(mask.hidden.allSatisfy { Set($0).count == 2 } && Set(mask.hidden).count > 40)
    #expect(mask.values.values.reduce(0, +) == Float(50 * (150 - 2 * 6)))
  }

  /// Where the mask has a place, its frames are the partner's, and elsewhere the clip's own.
  @Test func aCutIsWhereItsMaskIs() {
    var plan = ViewPlan()
    let samples = plan.samples("whole", [])
    let (whole, cut) = (plan.clips(samples), plan.cut("cut", samples, unit: 4, lengths: 2...3))
    for epoch in 0..<10 {
      let batch = plan.batch(of: draw(frames: 16, epoch: epoch))
      let (x, mixed) = (batch[whole].values.values, batch[cut])
      #expect(mixed.mask.shape == [4, 25] && (1..<100).contains(Int(mixed.mask.values.reduce(0, +))))
      for index in x.indices {
        let (clip, frame, joint) = (index / 2400, index / 150 % 16, index % 150 / 6)
        let isPasted = mixed.mask.values[frame / 4 * 25 + joint] == 1
        let source = isPasted ? mixed.partner[clip] : clip
        #expect(mixed.clips.values.values[index] == x[source * 2400 + index % 2400])
      }
    }
  }
}
