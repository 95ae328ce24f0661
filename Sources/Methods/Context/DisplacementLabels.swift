/// How far and which way joints came to a frame, in classes.
///
/// Source: Kim et al., "Global-local motion transformer for unsupervised skeleton-based action learning", 2022, section 3.3
/// and the released code.
public struct DisplacementLabels: Sendable, Equatable {
  /// The class of a direction: each axis negative, still or positive, a + 3 b + 9 c for x, y, z.
  public private(set) var directions: [Int]
  /// The class of a length: still, `bins` steps of length, the last for all that are longer, and a body that is not there.
  public private(set) var lengths: [Int]

  /// The classes of a clip of (T, V, C, M) numbers at some frames, (frames, intervals, V · M): of x[t - Δ] - x[t], where a
  /// frame before the first is the first. A body all of whose numbers are 0 is not there, and still.
  ///
  /// - Parameters:
  ///   - step: the length of a step, in the unit of the data.
  ///   - bins: how many steps there are.
  ///   - still: up to which length an axis counts as still, and a joint.
  public init(
    _ values: [Float], joints: Int, bodies: Int, frames: [Int], intervals: [Int], step: Float, bins: Int,
    still: Float
  ) {
    (directions, lengths) = ([], [])
    let axes = 3
    let isThere = (0..<bodies).map { body in
      stride(from: body, to: values.count, by: bodies).contains { values[$0] != 0 }
    }
    for frame in frames {
      for interval in intervals {
        let (now, then) = (frame * joints * axes * bodies, max(frame - interval, 0) * joints * axes * bodies)
        for joint in 0..<joints {
          for body in 0..<bodies {
            var (direction, square, place): (Int, Float, Int) = (0, 0, 1)
            for axis in 0..<axes {
              let at = (joint * axes + axis) * bodies + body
              let way = values[then + at] - values[now + at]
              direction += place * (abs(way) <= still ? 1 : way < 0 ? 0 : 2)
              (square, place) = (square + way * way, 3 * place)
            }
            let length = square.squareRoot()
            directions.append(direction)
            // A length of more steps than fit into a whole number is one of too many all the same.
            let steps = Int(min(length / step, Float(bins)))
            lengths.append(!isThere[body] ? bins + 1 : length <= still ? 0 : min(steps + 1, bins))
          }
        }
      }
    }
  }
}
