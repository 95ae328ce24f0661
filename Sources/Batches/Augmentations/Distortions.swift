import Foundation
import Skeleton

extension SkeletonClip {
  /// Each number replaced by a sum over up to seven frames before and behind it, weighted exp(-i² / 2σ²) by the distance
  /// of i frames. The weights are not divided by their sum, which is up to 5, and beyond the ends are zeros: as released.
  ///
  /// Source: AimCLR's released code, `gaus_filter`.
  public func blurred(deviation: Float) -> SkeletonClip {
    let (width, count) = (SkeletonClip.width, frameCount)
    let weights = (0...7).map { exp(-Float($0 * $0) / (2 * deviation * deviation)) }
    var result = [Float](repeating: 0, count: values.count)  // (T, V, C, M)
    for frame in 0..<count {
      for source in max(0, frame - 7)...min(count - 1, frame + 7) {
        let weight = weights[abs(source - frame)]
        for index in 0..<width { result[frame * width + index] += weight * values[source * width + index] }
      }
    }
    return SkeletonClip(values: result)
  }

  /// One of the coordinates x, y, z set to 0.
  public func without(axis: Int) -> SkeletonClip {
    var result = self
    for index in values.indices where index % 6 / 2 == axis { result.values[index] = 0 }
    return result
  }
}

extension Augmentation {
  /// A number from N(0, deviation²) added to each coordinate.
  public static func noise(deviation: Float) -> Augmentation {
    Augmentation { clip, random in
      SkeletonClip(values: clip.values.map { $0 + deviation * random.normal() })
    }
  }

  /// All joints moved by one vector with numbers of ±limit, in all frames alike; where a body's joint is at 0 in all
  /// of its coordinates, as one that is not there, it stays.
  public static func shift(upTo limit: Float) -> Augmentation {
    Augmentation { clip, random in
      let shift = (0..<3).map { _ in random.uniform(-limit, limit) }
      var result = clip
      for first in stride(from: 0, to: clip.values.count, by: 6) {
        for body in 0..<2 {
          let places = (0..<3).map { first + 2 * $0 + body }
          guard places.contains(where: { clip.values[$0] != 0 }) else { continue }
          for (axis, place) in places.enumerated() { result.values[place] += shift[axis] }
        }
      }
      return result
    }
  }

  /// A blur along time of a deviation drawn from a range, in frames, see ``SkeletonClip/blurred(deviation:)``.
  public static func blur(deviation: ClosedRange<Float>) -> Augmentation {
    Augmentation { $0.blurred(deviation: $1.uniform(deviation.lowerBound, deviation.upperBound)) }
  }

  /// One of x, y, z set to 0, all with equal chances.
  public static let dropAxis = Augmentation { $0.without(axis: $1.integer(below: 3)) }
}
