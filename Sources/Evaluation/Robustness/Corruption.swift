import Batches
import Foundation
import Shards
import Skeleton

/// Ways in which samples are made worse.
public enum Corruption: String, CaseIterable, Sendable {
  /// Body parts are hidden in all frames, by the masks of `skelprep occlude --kind spatial`; level: percent hidden.
  case spatial
  /// A block of frames is hidden, by the masks of `skelprep occlude --kind temporal`; level: percent hidden.
  case temporal
  /// Frames are missing, each by itself, and the others move together; level: the chance in percent.
  case frames
  /// Every seen joint is somewhere near where it is; level: the deviation of each coordinate in millimetres.
  case noise
  /// Everything is turned about the upright line through the first body, left or right; level: degrees.
  case view

  /// What the level is, with its unit.
  var axis: String {
    switch self {
    case .spatial, .temporal: "hidden, %"
    case .frames: "dropped frames, %"
    case .noise: "deviation, mm"
    case .view: "angle, degrees"
    }
  }

  /// A clip that is made worse.
  ///
  /// All draws depend on the seed, the sample's name and the kind, not on the level: a higher level drops the frames of a
  /// lower one too, and moves joints further the same way.
  ///
  /// - Parameters:
  ///   - clip: (T, V, C, M).
  ///   - name: the sample's name.
  ///   - level: above 0.
  ///   - up: the coordinate that points up: 1 for y, 2 for z.
  func applied(to clip: SkeletonClip, name: String, level: Int, seed: UInt64, up: Int) -> SkeletonClip {
    var random = KeyedRandom(seed: seed, sample: name, view: "robustness.\(rawValue)")
    switch self {
    case .spatial: return hidden(clip, name, .spatial, level, seed)
    case .temporal: return hidden(clip, name, .temporal, level, seed)
    case .frames:
      let kept = (0..<clip.frameCount).filter { _ in random.unit() >= Float(level) / 100 }
      // A sample that lost everything keeps its first frame.
      return clip.taking(kept.isEmpty ? [0] : kept)
    case .noise: return noisy(clip, deviation: Float(level) / 1000, &random)
    case .view:
      let angle = Float(level) * .pi / 180
      return clip.turned(by: random.unit() < 0.5 ? angle : -angle, up: up)
    }
  }

  private func hidden(
    _ clip: SkeletonClip, _ name: String, _ kind: Occlusion.Kind, _ level: Int, _ seed: UInt64
  ) -> SkeletonClip {
    let share = Float(level) / 100
    guard let ratio = try? Occlusion.Ratio(share, share) else { return clip }
    let mask = Occlusion(kind: kind, ratio: ratio, seed: seed).mask(of: name, frameCount: clip.frameCount)
    var result = clip
    for frame in mask.frames {
      for joint in mask.joints {
        let start = frame * SkeletonClip.width + joint * 6
        for place in start..<(start + 6) { result.values[place] = 0 }
      }
    }
    return result
  }

  private func noisy(_ clip: SkeletonClip, deviation: Float, _ random: inout KeyedRandom) -> SkeletonClip {
    var result = clip
    clip.forEachSeenJoint { place in
      for axis in 0..<3 { result.values[place + axis * 2] += deviation * random.normal() }
    }
    return result
  }
}

extension SkeletonClip {
  /// The clip of some of its frames.
  func taking(_ frames: [Int]) -> SkeletonClip {
    SkeletonClip(
      values: frames.flatMap { values[($0 * SkeletonClip.width)..<(($0 + 1) * SkeletonClip.width)] })
  }

  /// The places of the x of all joints that are seen; the y is 2 further, the z 4. A joint at 0 is not seen.
  func forEachSeenJoint(_ body: (Int) -> Void) {
    for frame in 0..<frameCount {
      for joint in 0..<Kinect25.jointCount {
        for person in 0..<Kinect25.bodyCount {
          let place = frame * SkeletonClip.width + joint * 6 + person
          if values[place] != 0 || values[place + 2] != 0 || values[place + 4] != 0 { body(place) }
        }
      }
    }
  }

  /// The clip turned about the upright line through the first body's middle in the first frame that shows it.
  ///
  /// - Parameter up: the coordinate that points up: 1 for y, 2 for z.
  func turned(by angle: Float, up: Int) -> SkeletonClip {
    let (first, second) = up == 1 ? (2, 0) : (0, 1)
    let middle = 1  // the spine's middle
    var centre: (Float, Float) = (0, 0)
    for frame in 0..<frameCount {
      let place = frame * SkeletonClip.width + middle * 6
      let point = (values[place], values[place + 2], values[place + 4])
      if point != (0, 0, 0) {
        centre = (values[place + first * 2], values[place + second * 2])
        break
      }
    }
    let (cosine, sine) = (Float(cos(Double(angle))), Float(sin(Double(angle))))
    var result = self
    forEachSeenJoint { place in
      let (a, b) = (values[place + first * 2] - centre.0, values[place + second * 2] - centre.1)
      result.values[place + first * 2] = centre.0 + cosine * a - sine * b
      result.values[place + second * 2] = centre.1 + sine * a + cosine * b
    }
    return result
  }
}
