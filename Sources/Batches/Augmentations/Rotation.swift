import Foundation
import Skeleton

extension Augmentation {
  /// A turn of the whole clip about each of the three axes by an angle of ±`limit` radians; see
  /// ``SkeletonClip/turn(degrees:)``.
  ///
  /// Source: CTR-GCN's released code, `random_rot`, with a limit of 0.3; the transformers that read its arrays have it too.
  public static func rotation(upTo limit: Float) -> Augmentation {
    Augmentation { clip, random in
      let degrees = (0..<3).map { _ in random.uniform(-limit, limit) * 180 / .pi }
      return clip.sheared(by: SkeletonClip.turn(degrees: degrees))
    }
  }
}
