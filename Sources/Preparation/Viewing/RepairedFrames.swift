/// The frames of a normalized sample whose bodies were not recorded at that time: a profile moved or copied them there.
enum RepairedFrames {
  /// For each body of the sample its runs of such frames, told by the recording having no such body there.
  ///
  /// A sample of another length than its recording was cut or resampled, so that frames do not correspond: then
  /// nothing is told.
  static func of(_ sample: ViewedPanel, comparedWith raw: ViewedPanel) -> [[Range<Int>]] {
    (0..<sample.bodyCount).map { body in
      guard sample.frameCount == raw.frameCount else { return [] }
      var runs: [Range<Int>] = []
      for frame in 0..<sample.frameCount {
        let isRecorded = body < raw.bodyCount && raw.has(body: body, inFrame: frame)
        guard sample.has(body: body, inFrame: frame), !isRecorded else { continue }
        if let last = runs.last, last.upperBound == frame {
          runs[runs.count - 1] = last.lowerBound..<(frame + 1)
        } else {
          runs.append(frame..<(frame + 1))
        }
      }
      return runs
    }
  }
}
