import Skeleton

/// Draws few-shot episodes; each depends on (seed, its number) and on the samples that are there.
public struct EpisodeDraw: Sendable {
  /// Classes in an episode.
  public let ways: Int
  /// Names of each class that are learned from.
  public let shots: Int
  /// Names of each class that are measured.
  public let queries: Int
  /// How many episodes.
  public let episodes: Int
  /// What they are drawn by.
  public let seed: UInt64

  /// A draw.
  public init(ways: Int, shots: Int, queries: Int, episodes: Int, seed: UInt64) {
    self.ways = ways
    self.shots = shots
    self.queries = queries
    self.episodes = episodes
    self.seed = seed
  }

  /// The episodes, and which classes have too few samples to be in one.
  ///
  /// - Parameters:
  ///   - samples: the names of each class, in the order of the data set.
  ///   - classes: labels, in rising order.
  ///   - setting: what messages call the number of ways.
  /// - Throws: `InputError` if fewer than `ways` classes have enough samples.
  public func draw(
    from samples: [Int: [String]], classes: [Int], setting: String = "--ways"
  ) throws -> (episodes: [FewShot.Episode], short: [Int]) {
    let enough = classes.filter { (samples[$0]?.count ?? 0) >= shots + queries }
    guard enough.count >= ways else {
      throw InputError(
        setting, found: "\(ways), and \(enough.count) classes with \(shots) + \(queries) samples",
        expected: "at most as many as there are such classes",
        hint: "give other classes, or fewer shots or queries")
    }
    let drawn = (0..<episodes).map { episode in
      var random = KeyedRandom(seed: seed, epoch: episode, view: "split.fewshot")
      let labels = random.choose(ways, of: enough.count).map { enough[$0] }
      let names = labels.map { label in
        let all = samples[label] ?? []
        return random.choose(shots + queries, of: all.count).map { all[$0] }
      }
      return FewShot.Episode(
        classes: labels, support: names.map { Array($0.prefix(shots)) },
        query: names.map { Array($0.dropFirst(shots)) })
    }
    return (drawn, classes.filter { !enough.contains($0) })
  }
}
