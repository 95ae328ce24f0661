import Batches
import Skeleton

extension SampleSource {
  /// The coordinate that points up: 2, z, where a profile turned the samples so, else 1, y, as in the camera's space.
  ///
  /// It is the one along which heads are further from feet, in the first frames of the first 64 samples.
  func upright() throws -> Int {
    let (head, feet) = (3, [15, 19])
    var heights: [Float] = [0, 0, 0]
    for entry in entries.prefix(64) {
      let values = try clip(entry).values
      func joint(_ number: Int) -> [Float] { (0..<3).map { values[number * 6 + $0 * 2] } }
      let (top, bottom) = (joint(head), feet.map(joint))
      guard ([top] + bottom).allSatisfy({ $0 != [0, 0, 0] }) else { continue }
      for axis in 0..<3 { heights[axis] += top[axis] - (bottom[0][axis] + bottom[1][axis]) / 2 }
    }
    return abs(heights[2]) > abs(heights[1]) ? 2 : 1
  }
}
