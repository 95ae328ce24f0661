import Shards
import Skeleton

/// Draws few-shot episodes; each depends on (seed, its number) and on the samples that are there.
struct EpisodeDraw {
  let ways: Int
  let shots: Int
  let queries: Int
  let episodes: Int
  let seed: UInt64

  /// The episodes, and which classes have too few samples to be in one.
  ///
  /// - Parameters:
  ///   - samples: the names of each class, in the order of the data set.
  ///   - classes: labels, in rising order.
  /// - Throws: ``InputError`` if fewer than `ways` classes have enough samples.
  func draw(from samples: [Int: [String]], classes: [Int]) throws -> (
    episodes: [FewShot.Episode], short: [Int]
  ) {
    let enough = classes.filter { (samples[$0]?.count ?? 0) >= shots + queries }
    guard enough.count >= ways else {
      throw InputError(
        "--ways", found: "\(ways), and \(enough.count) classes with \(shots) + \(queries) samples",
        expected: "at most as many as there are such classes",
        hint: "give other --classes, or fewer --shots or --queries")
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
