import Batches
import Shards
import Skeleton

/// The frames around one frame that a frame classifier sees: some number of them, every so many frames.
///
/// A window that would leave the recording is moved into it; in a recording that is shorter, the last frame is repeated.
public struct FrameWindow: Sendable, Equatable {
  /// The frames, in order.
  public let frames: [Int]
  /// The frame in the middle, whose label the window has.
  public let centre: Int

  /// The window around a frame.
  ///
  /// - Parameters:
  ///   - frame: the frame.
  ///   - count: how many frames are seen.
  ///   - stride: every how many frames one is seen.
  ///   - length: the recording's frames, T.
  public init(around frame: Int, count: Int, stride: Int, length: Int) {
    precondition(frame >= 0 && frame < length, "frame \(frame) of \(length)")
    let width = count * stride
    let start = min(max(frame - width / 2, 0), max(length - width, 0))
    frames = (0..<count).map { min(start + $0 * stride, length - 1) }
    centre = min(start + width / 2, length - 1)
  }

  /// What it shows of a recording, (count, V, C, M).
  func clip(of recording: SkeletonClip) -> SkeletonClip {
    let width = SkeletonClip.width
    var values: [Float] = []
    values.reserveCapacity(frames.count * width)
    for frame in frames {
      values.append(contentsOf: recording.values[(frame * width)..<((frame + 1) * width)])
    }
    return SkeletonClip(values: values)
  }
}

/// The column of each frame of a recording, as ``FrameScores`` counts them: 0 outside of all actions. Where actions
/// overlap, the one that starts later has the frame.
func frameColumns(of actions: [TimedAction], length: Int) -> [Int] {
  var columns = [Int](repeating: 0, count: length)  // (T)
  for action in actions.sorted(by: { $0.start < $1.start }) {
    for frame in action.start..<action.end { columns[frame] = action.label + 1 }
  }
  return columns
}
