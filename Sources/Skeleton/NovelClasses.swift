/// Classes of NTU RGB+D 120 that are told apart by a few samples, without having been trained on.
public enum NovelClasses {
  /// The twenty actions, from 1, of the official one-shot protocol: A1, A7, … A115; the other hundred train.
  public static let oneShotActions = Array(stride(from: 1, through: 115, by: 6))

  /// The official one-shot protocol's sample of each of the twenty classes that all others are compared with.
  ///
  /// Source: the README of shahroudy/NTURGB-D.
  public static let oneShotExemplars = oneShotActions.map { action in
    SampleName(setup: action <= 60 ? 1 : 18, camera: 3, subject: 8, replication: 1, action: action)
  }

  /// The labels, from 0, that PCM3++ draws few-shot episodes from. Its text speaks of 20 and lists these 23.
  public static let fewShotLabels = [
    60, 61, 66, 69, 72, 78, 79, 80, 84, 90, 91, 95, 96, 98, 99, 100, 102, 106, 108, 111, 113, 114, 115,
  ]

  /// Twenty of ``fewShotLabels``, as many as the paper's text speaks of: the first, since it does not say which.
  public static let firstFewShotLabels = Array(fewShotLabels.prefix(20))
}
