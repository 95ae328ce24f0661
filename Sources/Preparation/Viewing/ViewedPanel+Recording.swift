import Skeleton

extension ViewedPanel {
  /// The most bodies that are drawn of a recording; a Kinect tracks six.
  private static let mostBodies = 6

  /// A recording in the camera's space, its bodies in an order that makes colours agree with the sample's.
  ///
  /// A body is what has one id. Of more than six, those that are there longest are shown.
  init(_ recording: Recording, like sample: ViewedPanel) {
    let all = ViewedPanel.tracks(of: recording)
    let longest = all.indices.sorted { (-all[$0].count, $0) < (-all[$1].count, $1) }.prefix(
      ViewedPanel.mostBodies
    )
    .sorted()
    let tracks = ViewedPanel.ordered(longest.map { all[$0] }, of: recording, like: sample)
    var joints: [Float] = []  // (T, B, V, C)
    var seen: [UInt32] = []  // (T, B)
    for frame in 0..<recording.frameCount {
      for track in tracks {
        guard let body = track[frame] else {
          joints += [Float](repeating: 0, count: ViewedPanel.bodyStride)
          seen.append(0)
          continue
        }
        let coordinates = ViewedPanel.joints(ofBody: body, in: recording)
        joints += coordinates
        seen.append(
          (0..<Kinect25.jointCount).reduce(0) { bits, joint in
            let place = joint * Kinect25.coordinateCount
            let isSeen = coordinates[place..<(place + Kinect25.coordinateCount)].contains { $0 != 0 }
            return bits | (isSeen ? 1 : 0) << UInt32(joint)
          })
      }
    }
    self.init(
      title: "raw recording, camera space", up: .y, frameCount: recording.frameCount, bodyCount: tracks.count,
      joints: joints, seen: seen)
  }

  /// For each frame in which a body is, which of the recording's it is there.
  private typealias Track = [Int: Int]

  /// The bodies by id, in the order of their first frames. Bodies of a frame that share an id are told apart by their
  /// order.
  private static func tracks(of recording: Recording) -> [Track] {
    struct Key: Hashable {
      let id: UInt64
      let repetition: Int
    }
    var places: [Key: Int] = [:]
    var tracks: [Track] = []
    for frame in 0..<recording.frameCount {
      var repetitions: [UInt64: Int] = [:]
      for body in recording.bodies(inFrame: frame) {
        let id = recording.bodyIDs[body]
        let key = Key(id: id, repetition: repetitions[id, default: 0])
        repetitions[id, default: 0] += 1
        let place = places[key] ?? tracks.count
        places[key] = place
        if place == tracks.count { tracks.append([:]) }
        tracks[place][frame] = body
      }
    }
    return tracks
  }

  /// The tracks, those first that look most like the sample's bodies, in their order.
  ///
  /// Bodies are compared by the distances of their joints from the middle of the spine, which no shift and no turn
  /// changes.
  private static func ordered(_ tracks: [Track], of recording: Recording, like sample: ViewedPanel) -> [Track]
  {
    var rest = tracks
    var ordered: [Track] = []
    for body in 0..<sample.bodyCount where !rest.isEmpty {
      let differences = rest.map { track -> Double in
        var sum = 0.0
        var count = 0
        for frame in 0..<min(sample.frameCount, recording.frameCount)
        where sample.has(body: body, inFrame: frame) {
          guard let raw = track[frame] else { continue }
          let own = (frame * sample.bodyCount + body) * bodyStride
          let pairs = zip(
            distances(joints(ofBody: raw, in: recording)),
            distances(Array(sample.joints[own..<(own + bodyStride)])))
          sum += pairs.reduce(0) { $0 + Double(abs($1.0 - $1.1)) }
          count += 1
        }
        return count > 0 ? sum / Double(count) : .infinity
      }
      guard let best = differences.indices.min(by: { differences[$0] < differences[$1] }) else { break }
      ordered.append(rest.remove(at: best))
    }
    return ordered + rest
  }

  /// The joints of a body of the recording, (V, C).
  private static func joints(ofBody body: Int, in recording: Recording) -> [Float] {
    recording.joints[(body * bodyStride)..<((body + 1) * bodyStride)].map { Float($0) }
  }

  /// How far the joints of a body (V, C) are from the middle of its spine, (V).
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
