@testable import Preparation
import Skeleton
import Testing

/// The steps of profiles on a few frames, with numbers worked out by hand.
@Suite struct ProfileStepTests {
  /// A body of the id in each of the frames, every joint at the place that a function gives.
  private func recording(
    frames: Int, _ actors: [(id: UInt64, frames: Set<Int>, joint: (Int, Int) -> SIMD3<Double>)]
  ) -> Recording {
    var recording = Recording()
    for frame in 0..<frames {
      for actor in actors where actor.frames.contains(frame) {
        recording.appendBody(id: actor.id)
        for joint in 0..<25 {
          let place = actor.joint(frame, joint)
          recording.appendJoint(place.x, place.y, place.z)
        }
      }
      recording.endFrame()
    }
    return recording
  }

  /// A body two units tall that sways in x: its variance is that of x and a constant.
  private func person(sway: Double, at x: Double = 0) -> (Int, Int) -> SIMD3<Double> {
    { frame, joint in
      SIMD3(x + sway * Double(frame % 2), joint % 2 == 0 ? 1 : -1, 3)
    }
  }

  /// Which frames of which id stand in a plan.
  private func ids(_ plan: FramePlan, body: Int, _ recording: Recording) -> [UInt64] {
    (0..<plan.frameCount).map { frame in
      let source = plan[frame: frame, body: body]
      return source < 0 ? 0 : recording.bodyIDs[source]
    }
  }

  /// Ids, each so many times.
  private func times(_ runs: (id: UInt64, count: Int)...) -> [UInt64] {
    runs.flatMap { Array(repeating: $0.id, count: $0.count) }
  }

  @Test func bodiesThatDoNotOverlapAreOnePerson() {
    // By motion 1, 3, 2. Two and three do not overlap, and one overlaps both.
    let recording = recording(
      frames: 30,
      [
        (1, Set(0..<30), person(sway: 0.5)), (2, Set(16..<30), person(sway: 0.1, at: 1)),
        (3, Set(0..<14), person(sway: 0.3, at: 1)),
      ])
    let plan = Profile.ctrgcn().bodies.plan(of: recording)
    #expect(ids(plan, body: 0, recording) == times((1, 30)))
    #expect(ids(plan, body: 1, recording) == times((3, 14), (0, 2), (2, 14)))
    #expect(plan.repairs == [.mergedBodies])
  }

  @Test func anEarlierFragmentOfTheSecondPersonIsLeftOut() {
    // By motion 1, 3, 2: three makes the second person's time 0 to 30, so that two has no room before it.
    let recording = recording(
      frames: 30,
      [
        (1, Set(0..<30), person(sway: 0.5)), (2, Set(0..<14), person(sway: 0.1, at: 1)),
        (3, Set(16..<30), person(sway: 0.3, at: 1)),
      ])
    let plan = Profile.ctrgcn().bodies.plan(of: recording)
    #expect(ids(plan, body: 1, recording) == times((0, 16), (3, 14)))
    #expect(plan.repairs == [.leftOutBody])
  }

  @Test func oneSharedFrameIsNoOverlapForSGNAndOneForPYSKL() {
    let recording = recording(
      frames: 29, [(1, Set(0..<15), person(sway: 0.5)), (2, Set(14..<29), person(sway: 0.3))])
    let sgn = Profile.ctrgcn().bodies.plan(of: recording)
    // The later track has the shared frame.
    #expect(ids(sgn, body: 0, recording) == times((1, 14), (2, 15)))
    let pyskl = Profile.pyskl().bodies.plan(of: recording)
    #expect(ids(pyskl, body: 1, recording) == times((0, 14), (2, 15)))
  }

  @Test func elevenFramesAreBriefAndTwelveAreNot() {
    func bodies(_ count: Int) -> Int {
      let recording = recording(
        frames: 20, [(1, Set(0..<20), person(sway: 0.5)), (2, Set(0..<count), person(sway: 0.1))])
      return Profile.ctrgcn().clip(of: recording).presentBodies
    }
    #expect(bodies(11) == 1)
    #expect(bodies(12) == 2)
    // In a recording of eleven frames all are brief, and nobody is left out.
    let short = recording(
      frames: 11, [(1, Set(0..<11), person(sway: 0.5)), (2, Set(0..<11), person(sway: 0.1))])
    #expect(Profile.ctrgcn().clip(of: short).presentBodies == 2)
  }

  @Test func aBodyWiderThanFourFifthsOfItsHeightIsNobody() {
    // Height 2, so 1.6 is the limit; wide in 7 of 10 frames is too often, in 6 of 10 not.
    func bodies(width: Double, wideOfTen: Int) -> Int {
      let recording = recording(
        frames: 20,
        [
          (1, Set(0..<20), person(sway: 0.5)),
          (
            2, Set(0..<20),
            { frame, joint in
              SIMD3(joint == 0 && frame % 10 < wideOfTen ? width : 0, joint % 2 == 0 ? 1 : -1, 2)
            }
          ),
        ])
      return Profile.ctrgcn().clip(of: recording).presentBodies
    }
    #expect(bodies(width: 1.6, wideOfTen: 10) == 2)
    #expect(bodies(width: 1.7, wideOfTen: 10) == 1)
    #expect(bodies(width: 1.7, wideOfTen: 7) == 1)
    #expect(bodies(width: 1.7, wideOfTen: 6) == 2)
  }

  @Test func gapsAreKeptUnlessAskedOtherwise() {
    // Body 1 is lost for frames 15 to 17, body 2 is always there.
    let recording = recording(
      frames: 30,
      [(1, Set(0..<15).union(18..<30), person(sway: 0.5)), (2, Set(0..<30), person(sway: 0.1, at: 1))])
    let kept = Profile.ctrgcn().bodies.plan(of: recording)
    #expect((0..<30).filter { kept.isAbsent(frame: $0, body: 0) } == [15, 16, 17])
    let compressed = Profile.ctrgcn(gaps: .compressed).bodies.plan(of: recording)
    #expect((0..<30).filter { compressed.isAbsent(frame: $0, body: 0) } == [27, 28, 29])
    #expect(compressed[frame: 15, body: 0] == kept[frame: 18, body: 0])
    #expect(compressed.repairs == [.bodyMoved])
  }

  @Test func resizingIsLinearBetweenFrameCentres() {
    var clip = Clip(frameCount: 2)
    for place in 150..<300 { clip.joints[place] = 1 }
    for place in 50..<75 { clip.visible[place] = 1 }
    clip.resize(toFrames: 4)
    let values: [Float] = (0..<4).map { frame in clip.joints[frame * 150] }
    #expect(values == [0, 0.25, 0.75, 1])
    let seen: [UInt8] = (0..<4).map { frame in clip.visible[frame * 50] }
    #expect(seen == [0, 1, 1, 1])
    var one = Clip(frameCount: 1)
    one.joints[7] = 3
    one.resize(toFrames: 50)
    #expect((0..<50).allSatisfy { abs(one.joints[$0 * 150 + 7] - 3) < 1e-6 })
    var same = Clip(frameCount: 50)
    for frame in 0..<50 { same.joints[frame * 150] = Float(frame) }
    let before = same
    same.resize(toFrames: 50)
    #expect(same == before)
  }

  @Test func shouldersTurnAboutTheUprightAxis() {
    // The right shoulder is behind the left by 0.3: turned by nearly −90°, it lies to the right.
    var clip = Clip(frameCount: 1)
    for joint in 0..<25 { clip.visible[joint] = 1 }
    let right = Clip.coordinate(frame: 0, body: 0, joint: 8)
    clip.joints[right + 1] = 0.1
    clip.joints[right + 2] = 0.3
    clip.turnShoulders(from: 4, to: 8)
    #expect(abs(clip.joints[right] - 0.3) < 1e-6)
    #expect(clip.joints[right + 1] == 0.1)
    #expect(abs(clip.joints[right + 2]) < 1e-6)
    // Along x already: arccos(0.3 / 0.3001) = 0.02581, which the program that it stands for turns by too.
    var along = Clip(frameCount: 1)
    for joint in 0..<25 { along.visible[joint] = 1 }
    along.joints[right] = 0.3
    along.turnShoulders(from: 4, to: 8)
    #expect(abs(along.joints[right + 2] - Float(-0.3 * 0.025814)) < 1e-6)
  }

  @Test func theOriginStaysWhereTheFirstBodyWasLost() {
    // Body 0 walks and is lost in frame 2; body 1 stands still two metres away.
    let recording = recording(
      frames: 4,
      [
        (1, [0, 1, 3], { frame, joint in SIMD3(Double(frame), Double(joint), 3) }),
        (2, [0, 1, 2, 3], { _, joint in SIMD3(2, Double(joint) * 0.1, 3) }),
      ])
    var clip = Clip(BodySelection.ids(gaps: .kept, rules: []).plan(of: recording), of: recording)
    clip.centreHolding(joint: 1)
    let second: [Float] = (0..<4).map { frame in clip.joints[frame * 150 + 75] }
    #expect(second == [2, 1, 1, -1])
    #expect(clip.isAbsent(body: 0, frame: 2))
  }

  @Test func ofEqualEnergiesTheLaterPlaceIsFirst() {
    // Mirror images have the same energy to the last bit.
    let left = person(sway: 0.5, at: -1)
    let recording = recording(
      frames: 4,
      [(1, [0, 1, 2, 3], left), (2, [0, 1, 2, 3], { left($0, $1) * SIMD3(-1, 1, 1) })])
    let plan = BodySelection.slots(4).plan(of: recording)
    #expect(ids(plan, body: 0, recording) == [2, 2, 2, 2])
    #expect(ids(plan, body: 1, recording) == [1, 1, 1, 1])
  }

  @Test func rawBodiesAreInOrderOfAppearance() {
    let recording = recording(
      frames: 6,
      [
        (9, [3, 4], person(sway: 0)), (2, [1, 2, 3, 5], person(sway: 0, at: 1)),
        (5, [4, 5], person(sway: 0, at: 2)),
      ])
    let clip = Profile.raw.clip(of: recording)
    let first: [Float] = (0..<6).map { frame in clip.joints[frame * 150] }
    #expect(first == [0, 1, 1, 1, 0, 1])
    let second: [UInt8] = (0..<6).map { frame in clip.visible[frame * 50 + 25] }
    #expect(second == [0, 0, 0, 1, 1, 0])
    #expect(clip.joints[3 * 150 + 75 + 2] == 3)
  }
}
