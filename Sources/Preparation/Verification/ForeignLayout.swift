import Shards
import Skeleton

/// How somebody's array has a sample's frames, told from its shape.
enum ForeignLayout: Equatable, Sendable {
  /// (N, C=3, T, V=25, M=2): 2s-AGCN and what follows it.
  case nctvm(frames: Int)
  /// (N, T, M·V·C=150) or (N, T, M=2, V=25, C=3): CTR-GCN.
  case ntmvc(frames: Int)
  /// (F, M=2, V=25, C=3): all frames of all samples, one after another.
  case ragged

  /// The layout of this shape; nil for one that is not known.
  init?(shape: [Int]) {
    let body = [Kinect25.bodyCount, Kinect25.jointCount, Kinect25.coordinateCount]
    switch shape.count {
    case 3 where shape[2] == Shard.frameSize: self = .ntmvc(frames: shape[1])
    case 4 where Array(shape[1...]) == body: self = .ragged
    case 5 where Array(shape[2...]) == body: self = .ntmvc(frames: shape[1])
    case 5 where shape[1] == body[2] && shape[3] == body[1] && shape[4] == body[0]:
      self = .nctvm(frames: shape[2])
    default: return nil
    }
  }

  static let known = "(N, 3, T, 25, 2), (N, T, 150), (N, T, 2, 25, 3) or (F, 2, 25, 3)"

  /// A sample's values as (T, M, V, C), from the order in which the array has them.
  func joints(from values: [Float]) -> [Float] {
    guard case .nctvm(let frames) = self else { return values }
    let (bodies, count, axes) = (Kinect25.bodyCount, Kinect25.jointCount, Kinect25.coordinateCount)
    var result = [Float](repeating: 0, count: values.count)
    var target = 0
    for frame in 0..<frames {
      for body in 0..<bodies {
        for joint in 0..<count {
          for axis in 0..<axes {
            result[target] = values[((axis * frames + frame) * count + joint) * bodies + body]
            target += 1
          }
        }
      }
    }
    return result
  }
}
