import Skeleton

/// A part of the training samples, for learning from few labels.
///
/// Each sample has a random number that depends on (seed, name) alone, and those with the lowest are taken. So a
/// larger share holds every smaller one of the same seed, and other samples of the data set do not matter.
public struct TrainingSubset: Sendable {
  /// The share that is taken, more than 0 and at most 1.
  public let fraction: Double
  /// The key of the draw.
  public let seed: UInt64
  /// Whether the same number is taken of every class.
  public let balanced: Bool

  /// A draw.
  public init(fraction: Double, seed: UInt64, balanced: Bool) {
    self.fraction = fraction
    self.seed = seed
    self.balanced = balanced
  }

  /// The names that are taken.
  ///
  /// Of all, `fraction` times their number, rounded, at least one. Balanced: of each class that number divided by the
  /// number of classes, rounded, at least one; a class that has fewer gives all.
  ///
  /// - Parameters:
  ///   - names: the training samples.
  ///   - labels: the label of each sample, from 0.
  /// - Throws: `InputError` if the draw is balanced and a sample has no class.
  public func draw(from names: [String], labels: [String: Int]) throws -> Set<String> {
    let wanted = fraction * Double(names.count)
    guard balanced else { return Set(lowest(max(1, Int(wanted.rounded())), of: names)) }
    let classes = Dictionary(grouping: names) { labels[$0] ?? -1 }
    if let name = classes.first(where: { $0.key < 0 })?.value.first {
      throw InputError(
        "--balanced", found: "\(name), which has no class", expected: "samples of one action each",
        hint: "untrimmed recordings can only be drawn at random")
    }
    let each = max(1, Int((wanted / Double(classes.count)).rounded()))
    return Set(classes.values.flatMap { lowest(each, of: $0) })
  }

  private func lowest(_ count: Int, of names: [String]) -> [String] {
    let keyed = names.map { name in
      var random = KeyedRandom(seed: seed, sample: name, view: "split.fraction")
      return (key: random.next(), name: name)
    }
    return keyed.sorted { ($0.key, $0.name) < ($1.key, $1.name) }.prefix(count).map(\.name)
  }
}
