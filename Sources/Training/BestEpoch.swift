/// The epoch whose model is kept as the best: by the probe, or where there is none, by the mean loss.
public struct BestEpoch: Sendable, Equatable {
  /// Finished epochs.
  public let epochs: Int
  /// Percent right of the probe, or the mean loss over the epoch.
  public let score: Double

  /// Whether an epoch takes the place of the best one before it.
  ///
  /// Losses of two stages are of different terms, so the first epoch of a stage always does. Of equal ones the earlier
  /// stays.
  ///
  /// - Parameter stage: the number of the stage of an epoch, from 0.
  func isBetter(than other: BestEpoch?, _ recipe: PretrainRecipe, stage: (Int) -> Int) -> Bool {
    guard let other else { return true }
    guard recipe.probe.every == 0 else { return score > other.score }
    return score < other.score || stage(epochs - 1) != stage(other.epochs - 1)
  }
}
