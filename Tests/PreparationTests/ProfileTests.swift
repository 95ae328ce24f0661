import Foundation
@testable import Preparation
import Skeleton
import Testing

/// The profiles' settings as published, and what they mend, by hand.
@Suite struct ProfileTests {
  @Test func namesAreWhatUsersType() throws {
    #expect(
      Profile.all.map(\.name) == [
        "agcn300", "agcn300-sync", "ctrgcn", "ctrgcn-copy", "ctrgcn-compressed", "ctrgcn-copy-compressed",
        "pyskl", "pyskl-compressed", "crosscl50", "stgcn", "raw",
      ])
    for profile in Profile.all { #expect(try Profile.named(profile.name) == profile) }
    #expect(throws: InputError.self) { try Profile.named("agcn") }
  }

  /// The JSON is in every shard, so another text would make other bytes of the same recordings.
  @Test func theStoredTextStaysTheSame() throws {
    let agcn = #"""
      {"bodies":{"slots":4},"name":"agcn300","steps":[{"cut":{"frames":300}},{"closeGaps":{}},\#
      {"centre":{"joint":1}},{"rotate":{"from":0,"onto":"z","to":1}},{"rotate":{"from":4,"onto":"x","to":8}}]}
      """#
    #expect(try text(.agcn300) == agcn)
    let ctrgcn = #"""
      {"bodies":{"ids":{"gaps":"true","rules":[{"dropBrief":{"frames":11}},\#
      {"dropWide":{"ratio":0.8,"share":0.69754}},{"orderByMotion":{}},{"merge":{"overlap":1}}]}},\#
      "name":"ctrgcn-copy","steps":[{"dropEmptyFrames":{}},{"cut":{"frames":300}},{"copyLoneBody":{}},\#
      {"seeWholeBodies":{}},{"centreOnFirstFrame":{"joint":1}}]}
      """#
    #expect(try text(.ctrgcn(secondBody: .copy)) == ctrgcn)
    let crosscl = #"""
      {"bodies":{"firstPlaces":2},"name":"crosscl50","steps":[{"cut":{"frames":300}},\#
      {"keepCountOfFramesWith":{"joint":0}},{"seeWholeBodies":{}},{"centreEachBody":{"joint":20}},\#
      {"resize":{"frames":50}},{"turnShoulders":{"from":4,"to":8}}]}
      """#
    #expect(try text(.crosscl50) == crosscl)
    for profile in Profile.all {
      let again = try JSONDecoder().decode(Profile.self, from: try JSON.line(profile))
      #expect(again == profile, "\(profile.name)")
    }
  }

  private func text(_ profile: Profile) throws -> String {
    String(decoding: try JSON.line(profile), as: UTF8.self)
  }

  /// PYSKL merges by half-open intervals and otherwise sorts bodies out as SGN does.
  @Test func pysklDiffersFromSGNByTheSharedFrame() {
    let rules: [BodySelection.TrackRule] = [
      .dropBrief(frames: 11), .dropWide(ratio: 0.8, share: 0.69754), .orderByMotion,
    ]
    #expect(Profile.pyskl().bodies == .ids(gaps: .kept, rules: rules + [.merge(overlap: 0)]))
    #expect(Profile.ctrgcn().bodies == .ids(gaps: .kept, rules: rules + [.merge(overlap: 1)]))
    #expect(
      Profile.pyskl().steps.suffix(3) == [
        .centreOnFirstFrame(joint: 1), .rotate(from: 0, to: 1, onto: .z), .rotate(from: 4, to: 8, onto: .x),
      ])
  }

  @Test func everyQuirkGoesThroughEveryProfile() throws {
    for (name, scene) in Scene.quirks {
      let recording = try scene.recording()
      for profile in Profile.all {
        let what: Comment = "\(name) \(profile.name)"
        let result = profile.normalize(recording)
        let clip = result.clip
        #expect(clip.joints.count == clip.frameCount * 150, what)
        #expect(clip.visible.count == clip.frameCount * 50, what)
        let isFinite = clip.joints.allSatisfy(\.isFinite)
        #expect(isFinite, what)
        let stray = clip.visible.indices.filter { index in
          clip.visible[index] == 0 && clip.joints[(index * 3)..<(index * 3 + 3)].contains { $0 != 0 }
        }
        #expect(stray == [], what)
        if profile == .crosscl50 {
          #expect(result.sourceFrames == nil, what)
        } else {
          #expect(result.sourceFrames?.count == clip.frameCount, what)
        }
        let last = result.filledFrames.joined().map(\.upperBound).max() ?? 0
        #expect(last <= clip.frameCount, what)
        if name == "nobody" || name == "no-frames" { #expect(clip.presentBodies == 0, what) }
        if name == "one-frame" && profile.name != "crosscl50" {
          #expect(clip.frameCount == 1 && result.repairs.isEmpty, what)
        }
      }
    }
  }

  private func repairs(_ scene: String, _ profile: Profile) throws -> [String] {
    try #require(Scene.quirks[scene]).recording().normalized(by: profile).repairs.map(\.rawValue)
  }

  @Test func whatWasMendedIsSaid() throws {
    #expect(try repairs("late-second", .agcn300) == ["filled-gaps", "body-moved"])
    #expect(try repairs("only-second-at-end", .agcn300) == ["filled-gaps", "body-moved"])
    #expect(try repairs("late-second", .agcn300Sync) == [])
    #expect(try repairs("late-and-gone", .agcn300Sync) == ["dropped-frames"])
    #expect(try repairs("long", .agcn300) == ["cut"])
    #expect(try repairs("empty-after-300", .agcn300) == ["dropped-frames", "filled-gaps", "body-moved"])
    let phantoms = try repairs("phantoms", .agcn300)
    // Places: the fourth is taken from frame 5 on, by one body and another.
    #expect(phantoms == ["filled-gaps", "body-moved", "left-out-body"])
    // Of five bodies one is wide, one brief, two overlap each other; the fifth is left over.
    #expect(try repairs("phantoms", .ctrgcn()) == ["denoised-body", "left-out-body"])
    #expect(try repairs("id-switch", .ctrgcn()) == ["merged-bodies"])
    let switched = try repairs("id-switch", .pyskl())
    #expect(switched == ["merged-bodies", "swapped-bodies"])
    #expect(try repairs("equal-counts", .pyskl()) == ["cut", "swapped-bodies"])
    #expect(try repairs("late-and-gone", .pyskl()) == ["dropped-frames"])
    #expect(try repairs("id-switch", .raw) == ["left-out-body"])
    #expect(try repairs("lost-and-found", .ctrgcn(gaps: .compressed)).contains("body-moved"))
    #expect(try !repairs("lost-and-found", .ctrgcn()).contains("body-moved"))
    #expect(try repairs("late-first", .crosscl50) == [])
    let slots = try repairs("two-slots", .crosscl50)
    #expect(slots == ["cut"])
    #expect(try repairs("same-id-twice", .raw) == ["left-out-body"])
    #expect(try repairs("hidden-joints", .stgcn) == [])
  }

  @Test func filledFramesAreKnown() throws {
    let late = try #require(Scene.quirks["late-second"]).recording()
    // The second person of frames 20 to 34 is moved to the front and looped: nothing of theirs is in its place.
    #expect(late.normalized(by: .agcn300).filledFrames == [[], [0..<40]])
    #expect(late.normalized(by: .agcn300Sync).filledFrames == [[], []])
    let two = try #require(Scene.quirks["two-slots"]).recording()
    // By energy the second body is first: late by six frames, its 34 are looped. The other's seven at the end are filled.
    #expect(two.normalized(by: .agcn300).filledFrames == [[0..<40], [33..<40]])
    let alone = try #require(Scene.quirks["late-and-gone"]).recording()
    let copied = alone.normalized(by: .ctrgcn(secondBody: .copy))
    #expect(copied.filledFrames == [[], [0..<19]])
    #expect(copied.sourceFrames == Array(4..<12) + Array(15..<26))
  }

  /// The promise of `agcn300-sync`: what is in a frame was recorded in one frame.
  @Test func bodiesStayInStep() throws {
    for (name, scene) in Scene.quirks {
      let recording = try scene.recording()
      var plan = Profile.agcn300Sync.bodies.plan(of: recording)
      for step in Profile.agcn300Sync.steps { _ = plan.take(step, of: recording) }
      for frame in 0..<plan.frameCount {
        let isEmpty = plan.isEmpty(frame: frame)
        #expect(!isEmpty, "\(name)")
        for body in 0..<2 where !plan.isAbsent(frame: frame, body: body) {
          let source = plan[frame: frame, body: body]
          let bodies = recording.bodies(inFrame: plan.sourceFrames[frame])
          #expect(bodies.contains(source), "\(name)")
        }
      }
      let valid = (0..<recording.frameCount).count { frame in
        recording.bodies(inFrame: frame).contains { recording.isSeen(body: $0) }
      }
      // With more than two bodies a frame may hold only those that were left out.
      if scene.actors.count <= 2 { #expect(plan.frameCount == min(valid, 300), "\(name)") }
    }
  }

  @Test func aLoneBodyIsCopiedAndAMergedOneIsNot() throws {
    let alone = try #require(Scene.quirks["late-and-gone"]).recording()
    #expect(alone.normalized(by: .ctrgcn()).clip.presentBodies == 1)
    let copied = alone.normalized(by: .ctrgcn(secondBody: .copy)).clip
    for frame in 0..<copied.frameCount {
      let (first, second) = (frame * 150, frame * 150 + 75)
      #expect(copied.joints[first..<second] == copied.joints[second..<second + 75])
    }
    let merged = try #require(Scene.quirks["alone-with-switch"]).recording()
    #expect(merged.normalized(by: .ctrgcn(secondBody: .copy)).clip.presentBodies == 1)
  }

  @Test func aCutRecordingCostsWhatItKeeps() throws {
    let clip = try #require(Scene.quirks["long"]).recording().normalized(by: .agcn300).clip
    #expect(clip.frameCount == 300 && clip.joints.count == 300 * 150)
  }
}

extension Recording {
  fileprivate func normalized(by profile: Profile) -> Normalized { profile.normalize(self) }
}
