/// The mean of many episodes' accuracies, and how sure it is.
struct EpisodeMean: Sendable, Equatable {
  /// The mean.
  let mean: Double
  /// Half of the 95 % confidence interval: 1.96 s / √n with the sample deviation s, as few-shot papers report it; 0 of
  /// one episode.
  let halfInterval: Double
  /// Episodes, n.
  let count: Int

  /// The mean of at least one value.
  init(_ values: [Double]) {
    precondition(!values.isEmpty, "a mean of nothing")
    count = values.count
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    halfInterval = count == 1 ? 0 : 1.96 * (squares / Double(count - 1) / Double(count)).squareRoot()
  }
}
