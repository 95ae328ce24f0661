import Formats
import Foundation
import HDF5
import Preparation
import Skeleton
import Testing

/// Compares with what the programs that the profile stands for made of genuine recordings.
@Suite struct NormalizationOracleTests {
  private static var files: [URL] {
    let all =
      (try? FileManager.default.contentsOfDirectory(at: Outside.oracles, includingPropertiesForKeys: nil))
      ?? []
    return all.filter { $0.lastPathComponent.hasPrefix("ntu_normalized") && $0.pathExtension == "h5" }
      .sorted { $0.path < $1.path }
  }

  private static var isThere: Bool {
    !files.isEmpty && Outside.has(Outside.data.appendingPathComponent("ntu"))
  }

  @Test(
    .enabled(
      if: NormalizationOracleTests.isThere,
      "needs ntu_normalized*.h5 in SKELETON_ORACLES and the recordings in SKELETON_DATA/ntu"))
  func equalsTheReferenceProgram() throws {
    let inputs = try FileManager.default.contentsOfDirectory(
      at: Outside.data.appendingPathComponent("ntu"), includingPropertiesForKeys: nil)
    let recordings = try InputListing(
      inputs: inputs.filter { $0.pathExtension == "skeleton" }.map(\.path), fileExtension: "skeleton")
    let reader = RawFileReader()
    for file in NormalizationOracleTests.files {
      let oracle = try HDF5File(reading: file.path)
      let names = try oracle.strings("name")
      let frameCounts = try oracle.integers("num_frame").values
      let (values, shape) = try oracle.floats("normalized")  // (N, C, T, V, M)
      #expect(shape == [names.count, 3, 300, 25, 2])
      var worst: Float = 0
      for (sample, name) in names.enumerated() {
        let raw = try #require(recordings.files.first { $0.stem == name }, "\(name)")
        var text: [UInt8] = []
        try reader.read(raw, into: &text)
        let clip = Profile.agcn300.clip(of: try NTUSkeletonText.parse(text.span))
        #expect(clip.frameCount == min(Int(frameCounts[sample]), 300), "\(name)")
        for t in 0..<clip.frameCount {
          for m in 0..<2 {
            for v in 0..<25 {
              for c in 0..<3 {
                let expected = values[(((sample * 3 + c) * 300 + t) * 25 + v) * 2 + m]
                worst = max(worst, abs(clip.joints[((t * 2 + m) * 25 + v) * 3 + c] - expected))
              }
            }
          }
        }
      }
      #expect(worst < 1e-5, "\(file.lastPathComponent): \(worst) m")
    }
  }

  @Test(
    .enabled(if: NormalizationOracleTests.isThere, "needs the recordings in SKELETON_DATA/ntu"))
  func readsACopyWithCarriageReturnsAlike() throws {
    let folder = Outside.data.appendingPathComponent("ntu")
    func recording(_ path: String) throws -> Recording {
      try NTUSkeletonText.parse(Array(try Data(contentsOf: folder.appendingPathComponent(path))).span)
    }
    let name = "S001C001P001R001A001.skeleton"
    #expect(try recording("bad/crlf-\(name)") == recording(name))
  }
}
