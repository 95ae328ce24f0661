import Formats
import Skeleton

/// A recording as a script: who is in which frames. Made into text, so that other programs can read it too.
struct Scene {
  /// Somebody, or something that the tracker takes for somebody.
  struct Actor {
    var id: UInt64
    /// In which frames, in any order.
    var frames: [Range<Int>]
    /// Metres about which the joints move.
    var centre = SIMD3(0.0, 0.2, 3.0)
    /// Metres by which the joints move, as a standard deviation.
    var sway = 0.05
    /// Metres from side to side; the height is 1.5.
    var width = 0.5
    /// The share of joints that are not seen.
    var hidden: Float = 0
    /// How the body drifts, in metres a frame.
    var walk = SIMD3(0.0, 0.0, 0.0)
  }

  var frames: Int
  var actors: [Actor]

  /// The recording in NTU's text; the order of actors is that of each frame's list.
  func text(seed: UInt64 = 1) -> [UInt8] {
    var writer = NTUSkeletonWriter(frameCount: frames)
    for frame in 0..<frames {
      let present = actors.indices.filter { index in actors[index].frames.contains { $0.contains(frame) } }
      writer.beginFrame(bodyCount: present.count)
      for index in present {
        let joints = Scene.joints(of: actors[index], index: index, frame: frame, seed: seed)
        writer.append(bodyID: actors[index].id, joints: joints)
      }
    }
    return writer.text
  }

  /// The recording.
  func recording(seed: UInt64 = 1) throws -> Recording { try NTUSkeletonText.parse(text(seed: seed).span) }

  private static func joints(of actor: Actor, index: Int, frame: Int, seed: UInt64) -> [SIMD3<Double>] {
    var random = KeyedRandom(seed: seed, epoch: frame, sample: "\(index)", view: "scene")
    return (0..<25).map { joint in
      if random.unit() < actor.hidden { return .zero }
      let noise = SIMD3(
        Double(random.normal()), Double(random.normal()), Double(random.normal()))
      // Spread over the box with the first joints at its corners; 4 and 8 are the shoulders.
      let side = joint == 4 ? -0.5 : joint == 8 ? 0.5 : Double(joint % 5) / 4 - 0.5
      let height = joint == 0 ? -0.75 : joint == 1 ? 0.1 : Double(joint) / 24 * 1.5 - 0.75
      return actor.centre + Double(frame) * actor.walk
        + SIMD3(side * actor.width, height, 0.3 * side * Double(index + 1)) + actor.sway * noise
    }
  }
}

extension Scene {
  /// Every quirk that recordings are known to have, by name.
  static let quirks: [String: Scene] = [
    "one-frame": Scene(frames: 1, actors: [Actor(id: 7, frames: [0..<1])]),
    "nobody": Scene(frames: 5, actors: []),
    "no-frames": Scene(frames: 0, actors: []),
    "late-second": Scene(
      frames: 40,
      actors: [
        Actor(id: 1, frames: [0..<40], sway: 0.2), Actor(id: 2, frames: [20..<35], centre: [1, 0, 2.5]),
      ]),
    "late-and-gone": Scene(
      frames: 30, actors: [Actor(id: 1 << 56 + 3, frames: [4..<12, 15..<26], walk: [0.02, 0, 0])]),
    "late-first": Scene(
      frames: 30,
      actors: [
        Actor(id: 1, frames: [0..<30], sway: 0.03),
        Actor(id: 2, frames: [9..<14, 18..<28], centre: [1, 0, 2.5], sway: 0.3),
      ]),
    "phantoms": Scene(
      frames: 40,
      actors: [
        Actor(id: 50, frames: [0..<40], centre: [2, -1, 4], sway: 0.01, width: 3),
        Actor(id: 11, frames: [0..<40], sway: 0.2),
        Actor(id: 13, frames: [8..<19], centre: [0, 2, 3], sway: 0.5),
        Actor(id: 12, frames: [0..<40], centre: [1, 0, 2.5]),
        Actor(id: 14, frames: [5..<30], centre: [-1, 0, 2.5], sway: 0.02),
      ]),
    "id-switch": Scene(
      frames: 60,
      actors: [
        Actor(id: 1, frames: [0..<25], sway: 0.3), Actor(id: 3, frames: [0..<60], centre: [1, 0, 2.5]),
        Actor(id: 2, frames: [28..<60], sway: 0.25),
      ]),
    "alone-with-switch": Scene(
      frames: 50, actors: [Actor(id: 1, frames: [0..<25]), Actor(id: 2, frames: [28..<50])]),
    // Inclusive intervals that share frame 24, and others that touch.
    "shared-frame": Scene(
      frames: 60,
      actors: [
        Actor(id: 1, frames: [0..<25], sway: 0.3), Actor(id: 2, frames: [24..<40], sway: 0.2),
        Actor(id: 3, frames: [40..<60], sway: 0.1),
      ]),
    // By motion: 1, then 3, then 2, which is the second person earlier.
    "earlier-fragment": Scene(
      frames: 60,
      actors: [
        Actor(id: 1, frames: [0..<60], sway: 0.4),
        Actor(id: 2, frames: [0..<20], centre: [1, 0, 2.5], sway: 0.1),
        Actor(id: 3, frames: [30..<60], centre: [1, 0, 2.5], sway: 0.2),
      ]),
    "lost-and-found": Scene(
      frames: 70,
      actors: [
        Actor(id: 1, frames: [0..<20, 45..<70], sway: 0.2, walk: [0.01, 0, 0]),
        Actor(id: 2, frames: [24..<42], sway: 0.1), Actor(id: 3, frames: [5..<65], centre: [1, 0, 2.5]),
      ]),
    "only-second-at-end": Scene(
      frames: 40,
      actors: [
        Actor(id: 1, frames: [0..<15], sway: 0.3), Actor(id: 2, frames: [3..<40], centre: [1, 0, 2.5]),
      ]),
    "equal-counts": Scene(
      frames: 30,
      actors: [
        Actor(id: 1, frames: [10..<30], sway: 0.3),
        Actor(id: 2, frames: [0..<15, 20..<25], centre: [1, 0, 2.5]),
      ]),
    "all-brief": Scene(
      frames: 8,
      actors: [Actor(id: 1, frames: [0..<8]), Actor(id: 2, frames: [2..<8], centre: [1, 0, 2.5])]),
    "all-wide": Scene(
      frames: 20,
      actors: [
        Actor(id: 1, frames: [0..<20], width: 3),
        Actor(id: 2, frames: [0..<20], centre: [1, 0, 2.5], width: 4),
      ]),
    "sometimes-wide": Scene(
      frames: 40,
      actors: [
        Actor(id: 1, frames: [0..<40], sway: 0.28, width: 1),
        Actor(id: 2, frames: [0..<40], centre: [1, 0, 2.5], sway: 0.2),
      ]),
    "long": Scene(
      frames: 330,
      actors: [
        Actor(id: 1, frames: [0..<330], walk: [0.01, 0, 0]),
        Actor(id: 2, frames: [0..<100, 120..<310], centre: [1, 0, 2.5]),
      ]),
    "empty-after-300": Scene(frames: 305, actors: [Actor(id: 1, frames: [2..<299])]),
    "hidden-joints": Scene(
      frames: 40,
      actors: [
        Actor(id: 1, frames: [0..<40], sway: 0.2, hidden: 0.1),
        Actor(id: 2, frames: [0..<30], centre: [1, 0, 2.5], hidden: 0.3),
      ]),
    // PKU-MMD has two places and no ids: who is absent is listed with zeros where the second place is taken.
    "two-slots": Scene(
      frames: 40,
      actors: [
        Actor(id: 0, frames: [0..<10, 12..<33]), Actor(id: 0, frames: [10..<12, 33..<40], hidden: 1),
        Actor(id: 1, frames: [6..<40], centre: [1, 0, 2.5], sway: 0.1),
      ]),
    "same-id-twice": Scene(
      frames: 20,
      actors: [Actor(id: 5, frames: [0..<20]), Actor(id: 5, frames: [4..<20], centre: [1, 0, 2.5])]),
    "zero-bodies": Scene(
      frames: 25,
      actors: [
        Actor(id: 1, frames: [0..<5], hidden: 1), Actor(id: 1, frames: [5..<25], sway: 0.1),
        Actor(id: 2, frames: [0..<25], centre: [1, 0, 2.5], hidden: 1),
      ]),
  ]

  /// Recordings that nobody thought of.
  static func random(_ trial: Int) -> Scene {
    var random = KeyedRandom(seed: 9, epoch: trial, view: "random scenes")
    let frames = [3, 14, 50, 120][trial % 4]
    let actors = (0..<random.integer(in: 1...6)).map { index in
      let ranges = (0..<random.integer(in: 1...4)).map { _ in
        let start = random.integer(in: 0...(frames - 1))
        return start..<(start + random.integer(in: 1...frames))
      }
      return Actor(
        id: UInt64(100 + index), frames: ranges,
        centre: [Double(random.normal()), Double(random.normal()), 3 + Double(random.unit())],
        sway: Double(random.uniform(0.02, 0.4)), width: Double(random.uniform(0.2, 1.6)),
        hidden: random.unit() < 0.3 ? 0.05 : 0, walk: [Double(random.normal()) * 0.01, 0, 0])
    }
    return Scene(frames: frames, actors: actors)
  }
}
