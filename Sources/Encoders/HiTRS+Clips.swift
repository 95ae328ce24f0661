import NN
import TensorCore

extension HiTRS.Size {
  /// The frames of each clip of a sequence of so many frames, zeros included; the last frame stands for those beyond the
  /// end.
  ///
  /// There is a clip a stride until one ends in the zeros behind the sequence and the next would reach beyond them.
  public func windows(frames: Int) -> [[Int]] {
    var windows: [[Int]] = []
    var start = 0
    while true {
      let clip = (0..<window).map { min(start + $0 * dilation, frames - 1) }
      windows.append(clip)
      start += stride
      let isLast = clip[window - 1] >= frames - padding - 1
      if isLast && start + (window - 1) * dilation > frames - 1 { return windows }
    }
  }
}

extension HiTRS {
  /// Waves for a grid of frames and joints: (w, V, 2 D), those of a joint before those of a frame.
  static func waves(frames: Int, joints: Int, width: Int) -> Tensor {
    func waves(_ positions: Int, _ shape: [Int]) -> Tensor {
      sinusoids(positions: positions, width: width).reshaped(shape).repeated(to: [frames, joints, width])
    }
    return .concatenated([waves(joints, [1, joints, width]), waves(frames, [frames, 1, width])], axis: 2)
  }

  /// Which tokens of a clip see which, 1 or 0: all but other joints of their own frame, (1, w V + 1, w V + 1). The last is
  /// the clip's own.
  static func otherFrames(frames: Int, joints: Int) -> Tensor {
    let length = frames * joints + 1
    let values = (0..<length * length).map { place -> Float in
      let (query, key) = (place / length, place % length)
      let isOfAFrame = query < length - 1 && key < length - 1
      return isOfAFrame && query != key && query / joints == key / joints ? 0 : 1
    }
    return Tensor(values, shape: [1, length, length])
  }
}
