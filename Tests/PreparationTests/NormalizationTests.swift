import Formats
import Foundation
@testable import Preparation
import Skeleton
import Testing

/// The rules of `agcn300` once more, slowly and in another way: the padded array of 300 frames of the programs that
/// the profile stands for, gone through step by step as their authors describe it.
private struct SlowReference {
  typealias Vector = [Double]
  /// (M=2, T=300, V=25), float32 values.
  var people: [[[Vector]]]

  init(_ recording: Recording) {
    // Four places of the list, (4, T, V).
    let frames = recording.frameCount
    let zero = Vector(repeating: 0, count: 3)
    var slots = Array(repeating: Array(repeating: Array(repeating: zero, count: 25), count: frames), count: 4)
    for frame in 0..<frames {
      for (slot, body) in recording.bodies(inFrame: frame).enumerated() where slot < 4 {
        for joint in 0..<25 {
          slots[slot][frame][joint] = Array(
            recording.joints[(body * 25 + joint) * 3..<(body * 25 + joint) * 3 + 3])
        }
      }
    }
    let order = (0..<4).sorted { (Self.energy(slots[$0]), $0) > (Self.energy(slots[$1]), $1) }
    people = order.prefix(2).map { slot in
      (0..<300).map { frame in
        (0..<25).map { joint in frame < frames ? slots[slot][frame][joint].map { Double(Float($0)) } : zero }
      }
    }
  }

  private static func isNull(_ frame: [Vector]) -> Bool { frame.joined().allSatisfy { $0 == 0 } }

  private static func energy(_ frames: [[Vector]]) -> Double {
    let points = frames.filter { !isNull($0) }.joined()
    guard !points.isEmpty else { return 0 }
    return (0..<3).map { axis in
      let mean = points.map { $0[axis] }.reduce(0, +) / Double(points.count)
      return (points.map { ($0[axis] - mean) * ($0[axis] - mean) }.reduce(0, +) / Double(points.count))
        .squareRoot()
    }.reduce(0, +)
  }

  /// The array's frames up to the recording's count, (T, M, V, C).
  mutating func normalized(frames: Int) -> [Double] {
    for person in 0..<2 where !people[person].allSatisfy(Self.isNull) {
      if Self.isNull(people[person][0]) {
        let kept = people[person].filter { !Self.isNull($0) }
        let null = Array(repeating: Vector(repeating: 0, count: 3), count: 25)
        people[person] = kept + Array(repeating: null, count: 300 - kept.count)
      }
      var end = 300
      while Self.isNull(people[person][end - 1]) { end -= 1 }
      var source = 0
      for frame in end..<300 {
        people[person][frame] = people[person][source]
        source = source + 1 == end ? 0 : source + 1
      }
    }
    for frame in 0..<300 {
      let centre = people[0][frame][1]
      for person in 0..<2 {
        for joint in 0..<25 where people[person][frame][joint] != [0, 0, 0] {
          people[person][frame][joint] = zip(people[person][frame][joint], centre).map {
            Double(Float($0) - Float($1))
          }
        }
      }
    }
    turn(from: 0, to: 1, onto: [0, 0, 1])
    turn(from: 4, to: 8, onto: [1, 0, 0])
    return (0..<min(frames, 300)).flatMap { frame in people.flatMap { $0[frame].flatMap { $0 } } }
  }

  /// Rodrigues' formula: v cos θ + (k × v) sin θ + k (k · v)(1 − cos θ).
  private mutating func turn(from: Int, to: Int, onto target: Vector) {
    func cross(_ a: Vector, _ b: Vector) -> Vector {
      [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
    }
    func dot(_ a: Vector, _ b: Vector) -> Double { a[0] * b[0] + a[1] * b[1] + a[2] * b[2] }
    let bone = zip(people[0][0][to], people[0][0][from]).map { $0 - $1 }
    let normal = cross(bone, target)
    let sine = dot(normal, normal).squareRoot() / dot(bone, bone).squareRoot()
    let cosine = dot(bone, target) / dot(bone, bone).squareRoot()
    if bone.map(abs).reduce(0, +) < 1e-6 || normal.map(abs).reduce(0, +) < 1e-6 { return }
    let k = normal.map { $0 / dot(normal, normal).squareRoot() }
    for person in 0..<2 {
      for frame in 0..<300 {
        for joint in 0..<25 {
          let v = people[person][frame][joint]
          let around = cross(k, v)
          people[person][frame][joint] = (0..<3).map { axis in
            Double(Float(v[axis] * cosine + around[axis] * sine + k[axis] * dot(k, v) * (1 - cosine)))
          }
        }
      }
    }
  }
}

@Suite struct NormalizationTests {
  /// A recording with random gaps, numbers of bodies, and joints that were not seen.
  private func recording(_ random: inout KeyedRandom, frames: Int, places: Int, gaps: Float) -> Recording {
    var recording = Recording()
    let offsets = (0..<places).map { _ in SIMD3(random.normal(), random.normal(), 3 + random.unit()) }
    let spreads = (0..<places).map { _ in random.uniform(0.1, 0.6) }
    for _ in 0..<frames {
      let present = (0..<places).filter { _ in random.unit() >= gaps }
      for place in present {
        recording.appendBody(id: UInt64(place))
        for _ in 0..<25 {
          if random.unit() < 0.01 {
            recording.appendJoint(0, 0, 0)
          } else {
            let joint =
              offsets[place] + spreads[place] * SIMD3(random.normal(), random.normal(), random.normal())
            recording.appendJoint(Double(joint.x), Double(joint.y), Double(joint.z))
          }
        }
      }
      recording.endFrame()
    }
    return recording
  }

  @Test func agreesWithTheSlowReference() {
    for trial in 0..<40 {
      var random = KeyedRandom(seed: 3, epoch: trial, view: "normalization")
      let frames = [1, 2, 5, 17, 40, 301, 320][trial % 7]
      let recording = recording(
        &random, frames: frames, places: random.integer(in: 1...6), gaps: [0, 0.1, 0.6, 0.95][trial % 4])
      let clip = Profile.agcn300.clip(of: recording)
      var slow = SlowReference(recording)
      let expected = slow.normalized(frames: frames)
      #expect(clip.frameCount == min(frames, 300))
      #expect(clip.joints.count == expected.count)
      let worst = zip(clip.joints, expected).map { abs(Double($0) - $1) }.max() ?? 0
      #expect(worst < 1e-5, "trial \(trial): \(worst) m")
    }
  }

  @Test func hiddenJointsAreZeroAndSeenOnesKnown() {
    var random = KeyedRandom(seed: 4, view: "visibility")
    let clip = Profile.agcn300.clip(of: recording(&random, frames: 60, places: 3, gaps: 0.3))
    var seen = 0
    for (index, flag) in clip.visible.enumerated() {
      let isZero = clip.joints[index * 3..<index * 3 + 3].allSatisfy { $0 == 0 }
      if flag == 0 { #expect(isZero) }
      // Joint 1 of the first body is the origin itself; no other seen joint is there.
      if flag == 1 && !(index % 50 == 1) { #expect(!isZero) }
      seen += Int(flag)
    }
    #expect(seen > clip.visible.count / 2 && seen < clip.visible.count)
  }

  @Test func aLateSecondBodyStartsAtFrameZeroAndLoops() {
    // Body 1 is there from frame 6 to 9; it loops over the ten frames, its first frame at 0, 4 and 8.
    var recording = Recording()
    for frame in 0..<10 {
      for body in 0..<(frame < 6 ? 1 : 2) {
        recording.appendBody(id: UInt64(body))
        for joint in 0..<25 {
          let spread = body == 0 ? 1.0 : 0.1
          recording.appendJoint(
            spread * Double(joint % 5) + 0.01 * Double(frame), spread * Double(joint % 7) + 1,
            3 + Double(body))
        }
      }
      recording.endFrame()
    }
    let plan = BodySelection.slots(4).plan(of: recording)
    let clip = Clip(plan, of: recording)
    let firstFrame: [UInt8] = Array(repeating: 1, count: 25) + Array(repeating: 0, count: 25)
    #expect(Array(clip.visible.prefix(50)) == firstFrame)
    var closedPlan = plan
    closedPlan.closeGaps()
    let closed = Clip(closedPlan, of: recording)
    #expect(closed.visible.allSatisfy { $0 == 1 })
    func second(_ clip: Clip, _ frame: Int) -> ArraySlice<Float> {
      clip.joints[(frame * 2 + 1) * 75..<(frame * 2 + 2) * 75]
    }
    for frame in 0..<10 {
      #expect(Array(second(closed, frame)) == Array(second(clip, 6 + frame % 4)), "\(frame)")
    }
  }

  @Test func theProfileSurvivesItsJSON() throws {
    let data = try JSONEncoder().encode(Profile.agcn300)
    #expect(try JSONDecoder().decode(Profile.self, from: data) == Profile.agcn300)
  }
}
