import Foundation
import Skeleton

/// An axis that a bone is turned onto.
public enum Axis: String, Codable, Sendable {
  /// To the right.
  case x
  /// Up, after normalization.
  case z
}

extension Clip {
  /// Turns the whole clip so that this bone of the first body lies on the axis in the first frame that has that body.
  ///
  /// One rotation for all frames and both bodies, about the origin. float32 coordinates, float64 matrix.
  mutating func rotate(boneFrom start: Int, to end: Int, onto axis: Axis) {
    guard let first = firstFrame(ofBody: 0) else { return }
    let bone =
      coordinates(frame: first, body: 0, joint: end) - coordinates(frame: first, body: 0, joint: start)
    guard let rotation = Rotation(turning: bone, onto: axis) else { return }
    for place in stride(from: 0, to: joints.count, by: Kinect25.coordinateCount) {
      let joint = rotation.applied(
        to: SIMD3(Double(joints[place]), Double(joints[place + 1]), Double(joints[place + 2])))
      joints[place] = Float(joint.x)
      joints[place + 1] = Float(joint.y)
      joints[place + 2] = Float(joint.z)
    }
    for frame in origins.indices {
      origins[frame] = SIMD3<Float>(rotation.applied(to: SIMD3<Double>(origins[frame])))
    }
  }

  /// Turns each body in each frame about the upright axis y until its shoulders are parallel to the x–y plane.
  ///
  /// The angle is arccos(x / (length + 1e-4)) of the line between the two joints, y put to 0, which is never quite 0;
  /// its sign is one for all frames of a body: minus where the line's z, summed over frames, is not below 0.
  /// Source: `parallel_skeleton` of LinguoLi/CrosSCLR, `feeder/NTUDatasets.py`.
  mutating func turnShoulders(from left: Int, to right: Int) {
    for body in 0..<Clip.bodyCount {
      let lines = (0..<frameCount).map {
        coordinates(frame: $0, body: body, joint: right) - coordinates(frame: $0, body: body, joint: left)
      }
      let sign: Double = lines.reduce(0) { $0 + Double($1.z) } >= 0 ? -1 : 1
      for (frame, line) in lines.enumerated() where !isAbsent(body: body, frame: frame) {
        let length = (line.x * line.x + line.z * line.z).squareRoot()
        let angle = sign * acos(Double(line.x / (length + 1e-4)))
        let (sine, cosine) = (sin(angle), cos(angle))
        let start = Clip.coordinate(frame: frame, body: body)
        for place in stride(from: start, to: start + Clip.bodyStride, by: Kinect25.coordinateCount) {
          let (x, z) = (Double(joints[place]), Double(joints[place + 2]))
          joints[place] = Float(cosine * x - sine * z)
          joints[place + 2] = Float(sine * x + cosine * z)
        }
      }
    }
  }
}

/// A rotation about the origin, as a matrix.
struct Rotation {
  private let rows: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)

  /// The shortest rotation that turns a vector onto an axis; nil where there is nothing to do.
  ///
  /// Nothing is done for a vector without length and for one that is on the axis already; nor, as in the
  /// reference, for one that points the opposite way, whose rotation axis is not defined. The vector is made a
  /// unit vector in float32, since arccos near 1 makes the difference between that and float64 visible.
  init?(turning vector: SIMD3<Float>, onto axis: Axis) {
    let vector64 = SIMD3<Double>(vector)
    let length = (vector * vector).sum().squareRoot()
    guard abs(vector64.x) + abs(vector64.y) + abs(vector64.z) >= 1e-6 else { return nil }
    let unit = vector / length
    // cross(vector, axis) and dot(unit, axis), written out.
    let cross: SIMD3<Double>
    let cosine: Double
    switch axis {
    case .x:
      cross = SIMD3(0, vector64.z, -vector64.y)
      cosine = Double(unit.x)
    case .z:
      cross = SIMD3(vector64.y, -vector64.x, 0)
      cosine = Double(unit.z)
    }
    let angle = acos(min(max(cosine, -1), 1))
    guard abs(cross.x) + abs(cross.y) + abs(cross.z) >= 1e-6, abs(angle) >= 1e-6 else { return nil }
    // Euler and Rodrigues: a = cos(θ/2), (b, c, d) = −axis · sin(θ/2).
    let normal = cross / (cross * cross).sum().squareRoot()
    let a = cos(angle / 2)
    let (b, c, d) = (-normal.x * sin(angle / 2), -normal.y * sin(angle / 2), -normal.z * sin(angle / 2))
    rows = (
      SIMD3(a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c)),
      SIMD3(2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b)),
      SIMD3(2 * (b * d + a * c), 2 * (c * d - a * b), a * a + d * d - b * b - c * c)
    )
  }

  /// The rotated vector.
  func applied(to vector: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3((rows.0 * vector).sum(), (rows.1 * vector).sum(), (rows.2 * vector).sum())
  }
}
