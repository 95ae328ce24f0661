import Testing

@testable import Skeleton

@Suite struct OfficialListTests {
  @Test func theMissingListsHaveTheirPublishedCounts() {
    #expect(SkeletonDataset.ntu60.samplesWithMissingSkeletons.count == 302)
    #expect(SkeletonDataset.ntu120.samplesWithMissingSkeletons.count == 535)
    #expect(Set(SkeletonDataset.ntu120.samplesWithMissingSkeletons).count == 535)
  }

  /// The counts of missing names on each side of the protocols, as published beside the lists.
  @Test(arguments: [
    (SkeletonDataset.ntu60, EvaluationProtocol.xsub, 229, 73), (.ntu60, .xview, 274, 28),
    (.ntu120, .xsub, 334, 201), (.ntu120, .xset, 252, 283),
  ])
  func theMissingNamesFallOnThePublishedSides(
    dataset: SkeletonDataset, protocolName: EvaluationProtocol, train: Int, test: Int
  ) throws {
    let names = try dataset.samplesWithMissingSkeletons.map { try #require(SampleName($0)) }
    #expect(names.count { protocolName.part(of: $0) == .train } == train)
    #expect(names.count { protocolName.part(of: $0) == .test } == test)
    let all = try #require(protocolName.publishedCounts(of: dataset, excludingMissing: false))
    let kept = try #require(protocolName.publishedCounts(of: dataset, excludingMissing: true))
    #expect(all.train - kept.train == train && all.test - kept.test == test)
  }

  @Test func aNameIsReadAndWritten() throws {
    let name = try #require(SampleName("S017C003P020R002A055"))
    #expect(name.setup == 17 && name.camera == 3 && name.subject == 20 && name.replication == 2)
    #expect(name.label == 54 && name.description == "S017C003P020R002A055")
    for wrong in [
      "", "S017C003P020R002A05", "S017C003P020R002A0555", "S017C003P020A002R055", "S000C001P001R001A001",
      "S0١7C003P020R002A055",
    ] {
      #expect(SampleName(wrong) == nil)
    }
  }

  @Test func everyJointBelongsToOnePart() {
    #expect(Kinect25.parts.flatMap(\.joints).sorted() == Array(0..<25))
    #expect(Kinect25.jointNames.count == 25 && Kinect25.parents.count == 25)
  }
}
