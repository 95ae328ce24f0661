import Batches
import Foundation
import HDF5
import Testing

/// Crops, shears, corruptions, bones and motions against PyTorch's and numpy's.
@Suite struct ViewsOracleTests {
  private func clip(_ file: borrowing HDF5File, _ path: String) throws -> SkeletonClip {
    SkeletonClip(values: try file.floats(path).values)
  }

  private func expect(_ clip: SkeletonClip, equals expected: SkeletonClip, _ what: String) {
    #expect(clip.values.count == expected.values.count, "\(what)")
    let largest = zip(clip.values, expected.values).map { abs($0 - $1) }.max() ?? 0
    #expect(largest <= 1e-5, "\(what) differs by \(largest)")
  }

  @Test(arguments: Oracles.files("views"))
  func everyViewAgrees(url: URL) throws {
    let file = try HDF5File(reading: url.path)
    let sequences = try file.names(in: "/sequence")
    for name in sequences {
      let sequence = try clip(file, "/sequence/\(name)")
      let start: Int = try file.attribute("start", of: "/crop_resize/\(name)")
      let length: Int = try file.attribute("length", of: "/crop_resize/\(name)")
      expect(
        sequence.resampled(start: start, length: length, to: 64),
        equals: try clip(file, "/crop_resize/\(name)/expected"), "crop of sequence \(name)")
      expect(
        sequence.centreCrop(to: 64), equals: try clip(file, "/centre/\(name)/expected"),
        "centre crop of sequence \(name)")
    }
    let first = try clip(file, "/sequence/0")
    let beginning = SkeletonClip(values: Array(first.values.prefix(64 * SkeletonClip.width)))
    for name in try file.names(in: "/nearest") {
      let length: Int = try file.attribute("length", of: "/nearest/\(name)")
      let frames: Int = try file.attribute("frames", of: "/nearest/\(name)")
      expect(
        beginning.nearest(length: length, to: frames), equals: try clip(file, "/nearest/\(name)/expected"),
        "nearest \(name)")
    }
    expect(
      beginning.sheared(by: try file.floats("/shear/matrix").values),
      equals: try clip(file, "/shear/expected"),
      "shear")
    expect(
      beginning.corrupted(
        joints: try file.integers("/corrupt/joints").values.map(Int.init),
        by: try file.floats("/corrupt/matrix").values),
      equals: try clip(file, "/corrupt/expected"), "corruption")
    for (name, stream) in [("bone", SkeletonStream.bone), ("motion", .motion)] {
      expect(stream.derived(from: beginning), equals: try clip(file, "/\(name)/expected"), name)
    }
  }
}
