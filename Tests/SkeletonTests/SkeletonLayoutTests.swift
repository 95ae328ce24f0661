import Foundation
import Skeleton
import Testing

/// Layouts: what they are made of, and what they tell of Kinect v2's joints.
@Suite struct SkeletonLayoutTests {
  @Test func providedLayoutsHoldTogether() throws {
    let counts = [
      "kinect25": 25, "kinect20": 20, "azure32": 32, "coco17": 17, "body25": 25, "halpe26": 26,
      "mediapipe33": 33,
      "h36m17": 17, "smpl24": 24,
    ]
    #expect(SkeletonLayout.provided.count == counts.count)
    for layout in SkeletonLayout.provided {
      #expect(layout.fault == nil, "\(layout.name)")
      #expect(layout.jointCount == counts[layout.name], "\(layout.name)")
      #expect(SkeletonLayout.provided(named: layout.name) == layout)
      // Sides mirror each other, and a left joint tells no right one.
      for (joint, name) in layout.joints.enumerated() {
        let other = layout.joints[layout.mirrored[joint]]
        #expect(name.hasPrefix("left_") == other.hasPrefix("right_"), "\(layout.name): \(name) and \(other)")
      }
      for (kinect, sources) in zip(Kinect25.jointNames, layout.kinect) {
        let side = kinect.split(separator: "_")[0]
        guard ["left", "right"].contains(side) else { continue }
        #expect(sources.allSatisfy { layout.joints[$0].hasPrefix(side) }, "\(layout.name): \(kinect)")
      }
      // What stands in the middle is balanced: as many left joints as right ones.
      for (kinect, sources) in zip(Kinect25.jointNames, layout.kinect)
      where !kinect.contains("left_") && !kinect.contains("right_") {
        let names = sources.map { layout.joints[$0] }
        #expect(
          names.count { $0.hasPrefix("left_") } == names.count { $0.hasPrefix("right_") },
          "\(layout.name): \(kinect)")
        #expect(!sources.isEmpty, "\(layout.name) does not tell \(kinect)")
      }
      let copy = try JSONDecoder().decode(SkeletonLayout.self, from: JSONEncoder().encode(layout))
      #expect(copy == layout)
    }
  }

  @Test func missingJointsAreThoseThatNothingTells() {
    #expect(SkeletonLayout.kinect25.missingKinectJoints.isEmpty)
    #expect(
      SkeletonLayout.kinect20.missingKinectJoints
        == ["left_hand_tip", "left_thumb", "right_hand_tip", "right_thumb"])
    #expect(SkeletonLayout.coco17.missingKinectJoints.count == 8)
  }

  @Test func layoutsThatContradictThemselvesAreTold() {
    func fault(_ change: (inout [Int], inout [[Int]]) -> Void) -> String? {
      let good = SkeletonLayout.coco17
      var (parents, kinect) = (good.parents, good.kinect)
      change(&parents, &kinect)
      return SkeletonLayout(
        name: "x", joints: good.joints, parents: parents, parts: good.parts, centre: 0,
        mirrored: good.mirrored,
        coordinates: 2, bodies: 2, up: .y, kinect: kinect
      ).fault?.place
    }
    #expect(fault { _, _ in } == nil)
    #expect(fault { parents, _ in parents[0] = 1 } == "parents")
    #expect(fault { parents, _ in parents[3] = 17 } == "parents")
    #expect(fault { _, kinect in kinect[2] = [-1] } == "kinect")
    #expect(fault { _, kinect in kinect.removeLast() } == "kinect")
    #expect(fault { _, kinect in kinect = kinect.map { _ in [] } } == "kinect")
  }

  @Test func namesOfJointsAreOneInEveryForm() {
    let names = JointNames(SkeletonLayout.coco17.joints)
    for form in [
      "left_shoulder", "LeftShoulder", "leftShoulder", "Shoulder Left", "shoulder.left", "LShoulder",
      "L_Shoulder",
      "LEFT_SHOULDER", "shoulder-l",
    ] { #expect(names[form] == 5, "\(form)") }
    #expect(names["NOSE"] == 0 && names["rknee"] == nil && names["RKnee"] == 14 && names["thumb"] == nil)
  }

  /// Turning is no mirroring: the determinant is 1, and up becomes y.
  @Test func upIsTurnedAndNothingIsMirrored() {
    for axis in UpAxis.allCases {
      let columns = [axis.upright(1, 0, 0), axis.upright(0, 1, 0), axis.upright(0, 0, 1)]
      let (a, b, c) = (columns[0], columns[1], columns[2])
      let determinant =
        a.x * (b.y * c.z - c.y * b.z) - b.x * (a.y * c.z - c.y * a.z) + c.x * (a.y * b.z - b.y * a.z)
      #expect(determinant == 1, "\(axis)")
      let up =
        switch axis {
        case .y: axis.upright(0, 1, 0)
        case .minusY: axis.upright(0, -1, 0)
        case .z: axis.upright(0, 0, 1)
        case .minusZ: axis.upright(0, 0, -1)
        }
      #expect(up.x == 0 && up.y == 1 && up.z == 0, "\(axis)")
    }
  }
}
