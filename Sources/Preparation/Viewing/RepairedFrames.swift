import Skeleton

/// What normalization did to a recording, found out by doing it again: shards hold its result alone.
struct RepairedFrames {
  /// For each body of the sample the frames in which it shows another time of the recording, or another body.
  let filled: [[Range<Int>]]
  /// What was mended or left out, as reports say it.
  let repairs: [Repair]

  /// Normalizes a sample's recording by the data set's recipe. Nil if it has another number of frames then, so that
  /// it was not made like this.
  init?(of sample: ViewedPanel, recording: Recording, recipe: ConversionRecipe) {
    guard let profile = recipe.actions == .untrimmed ? recipe.profile.keepingTime : recipe.profile else {
      return nil
    }
    let normalized = profile.normalize(recording)
    guard normalized.clip.frameCount == sample.frameCount else { return nil }
    // Resampled frames are between those of the recording, and none is another's copy.
    let isResampled = normalized.sourceFrames == nil
    filled = (0..<sample.bodyCount).map { isResampled ? [] : normalized.filledFrames[$0] }
    repairs = normalized.repairs
  }
}
