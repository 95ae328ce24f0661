import Skeleton

extension ViewedPanel {
  /// The most bodies that are drawn of a frame; a Kinect tracks six.
  private static let mostBodies = 6

  /// A recording in the camera's space, its bodies in an order that makes colours agree with the sample's.
  init(_ recording: Recording, like sample: ViewedPanel) {
    let slots = (0..<recording.frameCount).map { recording.bodies(inFrame: $0).count }.max() ?? 0
    let order = ViewedPanel.order(ofSlots: min(slots, ViewedPanel.mostBodies), in: recording, like: sample)
    var joints: [Float] = []  // (T, B, V, C)
    var seen: [UInt32] = []  // (T, B)
    for frame in 0..<recording.frameCount {
      let bodies = recording.bodies(inFrame: frame)
      for slot in order {
        guard slot < bodies.count else {
          joints += [Float](repeating: 0, count: ViewedPanel.bodyStride)
          seen.append(0)
          continue
        }
        let start = (bodies.lowerBound + slot) * ViewedPanel.bodyStride
        let body = recording.joints[start..<(start + ViewedPanel.bodyStride)].map { Float($0) }
        joints += body
        seen.append(
          (0..<Kinect25.jointCount).reduce(0) { bits, joint in
            let place = joint * Kinect25.coordinateCount
            let isSeen = body[place] != 0 || body[place + 1] != 0 || body[place + 2] != 0
            return bits | (isSeen ? 1 : 0) << UInt32(joint)
          })
      }
    }
    self.init(
      title: "raw recording, camera space", up: .y, frameCount: recording.frameCount, bodyCount: order.count,
      joints: joints, seen: seen)
  }

  /// The places in the frames' lists of bodies, those first that look most like the sample's bodies, in their order.
  ///
  /// Bodies are compared by the distances of their joints from the middle of the spine, which no shift and no turn
  /// changes.
  private static func order(ofSlots slots: Int, in recording: Recording, like sample: ViewedPanel) -> [Int] {
    var rest = Array(0..<slots)
    var order: [Int] = []
    for body in 0..<sample.bodyCount where !rest.isEmpty {
      let differences = rest.map { slot -> Double in
        var sum = 0.0
        var count = 0
        for frame in 0..<min(sample.frameCount, recording.frameCount) {
          let bodies = recording.bodies(inFrame: frame)
          guard slot < bodies.count, sample.has(body: body, inFrame: frame) else { continue }
          let start = (bodies.lowerBound + slot) * bodyStride
          let raw = distances(recording.joints[start..<(start + bodyStride)].map { Float($0) })
          let own = (frame * sample.bodyCount + body) * bodyStride
          let normalized = distances(Array(sample.joints[own..<(own + bodyStride)]))
          sum += zip(raw, normalized).reduce(0) { $0 + Double(abs($1.0 - $1.1)) }
          count += 1
        }
        return count > 0 ? sum / Double(count) : .infinity
      }
      guard let best = differences.indices.min(by: { differences[$0] < differences[$1] }) else { break }
      order.append(rest.remove(at: best))
    }
    return order + rest
  }

  /// How far the joints of a body (V, C) are from the middle of its spine.
  private static func distances(_ body: [Float]) -> [Float] {
    let middle = Kinect25.coordinateCount
    return stride(from: 0, to: body.count, by: Kinect25.coordinateCount).map { place in
      (0..<Kinect25.coordinateCount).reduce(Float(0)) { sum, axis in
        let difference = body[place + axis] - body[middle + axis]
        return sum + difference * difference
      }.squareRoot()
    }
  }
}
