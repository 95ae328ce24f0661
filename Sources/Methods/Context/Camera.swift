import Skeleton

/// Which of three synchronous cameras a sample is of, and what was before all of them.
struct Camera {
  /// What the cameras saw: the sample's name without its camera.
  let performance: String
  /// The camera, 1 to 3.
  let number: Int

  /// What the name of a sample of NTU RGB+D or PKU-MMD says; nil for any other, and for a camera beyond the third.
  init?(ofSample name: String) {
    if let sample = SampleName(name) {
      let (setup, subject) = (sample.setup, sample.subject)
      performance = "S\(setup)P\(subject)R\(sample.replication)A\(sample.action)"
      number = sample.camera
    } else if let trimmed = TrimmedName(name) {
      performance =
        "\(trimmed.video.part)#\(trimmed.video.sequence)#\(trimmed.video.subject ?? 0)#\(trimmed.index)"
      number = trimmed.video.camera
    } else if let video = VideoName(ofSample: name) {
      performance = "\(video.part)#\(video.sequence)#\(video.subject ?? 0)"
      number = video.camera
    } else {
      return nil
    }
    guard (1...3).contains(number) else { return nil }
  }
}
