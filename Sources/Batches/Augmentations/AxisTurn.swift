import Foundation
import Skeleton

extension SkeletonClip {
  /// The matrix R_z R_y R_x of turns about the three axes, in degrees, row by row, where R_x = [[1, 0, 0], [0, c, s],
  /// [0, -s, c]], R_y = [[c, 0, -s], [0, 1, 0], [s, 0, c]] and R_z = [[c, s, 0], [-s, c, 0], [0, 0, 1]].
  public static func turn(degrees: [Float]) -> Matrix {
    precondition(degrees.count == 3, "turns about three axes, not \(degrees.count)")
    let angles = degrees.map { Double($0) * .pi / 180 }
    let (c, s) = (angles.map { cos($0) }, angles.map { sin($0) })
    let rows = [
      [c[1] * c[2], c[0] * s[2] + s[0] * s[1] * c[2], s[0] * s[2] - c[0] * s[1] * c[2]],
      [-c[1] * s[2], c[0] * c[2] - s[0] * s[1] * s[2], s[0] * c[2] + c[0] * s[1] * s[2]],
      [s[1], -s[0] * c[1], c[0] * c[1]],
    ]
    return rows.joined().map { Float($0) }
  }
}

extension Augmentation {
  /// A turn about one axis, drawn from the three, by up to `main` degrees, and about the two others by up to `others`;
  /// see ``SkeletonClip/turn(degrees:)``.
  ///
  /// Source: AimCLR's released code, `random_rotate`.
  public static func turn(main: Float, others: Float) -> Augmentation {
    Augmentation { clip, random in
      let axis = random.integer(below: 3)
      let degrees = (0..<3).map { random.uniform(0, $0 == axis ? main : others) }
      return clip.sheared(by: SkeletonClip.turn(degrees: degrees))
    }
  }
}
