import Shards
import Skeleton

/// Which samples of a data set are looked at.
public enum SampleChoice: Sendable, Equatable {
  /// These, in this order.
  case named([String])
  /// A few, from all over the data set, of one class or of all.
  case few(label: Int?)
  /// So many, drawn with a seed.
  case random(Int, seed: UInt64, label: Int?)

  /// How many are a few.
  static let few = 6

  /// The samples' names.
  ///
  /// - Throws: ``InputError`` if a name is not there, with those that come nearest, or if the class has no samples.
  func names(in samples: [SampleRecord], of dataset: String) throws -> [String] {
    switch self {
    case .named(let names):
      let known = Set(samples.map(\.name))
      for name in names where !known.contains(name) {
        throw InputError(
          dataset, at: name, found: "no such sample", hint: SampleChoice.hint(name, samples.map(\.name)),
          kind: .noInput)
      }
      var taken: Set<String> = []
      return names.filter { taken.insert($0).inserted }
    case .few(let label):
      let names = try candidates(samples, label, dataset)
      let count = min(SampleChoice.few, names.count)
      return (0..<count).map { names[$0 * names.count / count] }
    case .random(let count, let seed, let label):
      let names = try candidates(samples, label, dataset)
      var random = KeyedRandom(seed: seed, view: "view")
      return random.choose(min(count, names.count), of: names.count).sorted().map { names[$0] }
    }
  }

  private func candidates(_ samples: [SampleRecord], _ label: Int?, _ dataset: String) throws -> [String] {
    guard let label else { return samples.map(\.name) }
    let names = samples.filter { $0.label == label }.map(\.name)
    if names.isEmpty {
      let labels = Set(samples.map(\.label)).sorted()
      throw InputError(
        dataset, at: "class \(label)", found: "no samples",
        expected: labels.count > 12
          ? "one of \(labels.count) classes from \(labels[0]) to \(labels[labels.count - 1])"
          : "one of \(labels.map(String.init).joined(separator: ", "))", kind: .noInput)
    }
    return names
  }

  /// The names that differ least from one that is not there, as a hint.
  static func hint(_ name: String, _ names: some Sequence<String>) -> String {
    let wanted = Array(name.lowercased().utf8)
    var nearest: [(distance: Int, name: String)] = []
    for name in names {
      let distance = edits(from: wanted, to: Array(name.lowercased().utf8))
      // Three are kept, so that a hundred thousand names are passed once.
      if nearest.count == 3 && (nearest[2].distance, nearest[2].name) <= (distance, name) { continue }
      nearest.append((distance, name))
      nearest.sort { ($0.distance, $0.name) < ($1.distance, $1.name) }
      nearest = Array(nearest.prefix(3))
    }
    if nearest.isEmpty { return "" }
    return "the nearest names are \(nearest.map(\.name).joined(separator: ", "))"
  }

  /// How many letters have to be put in, left out or exchanged (Levenshtein).
  private static func edits(from left: [UInt8], to right: [UInt8]) -> Int {
    var row = Array(0...right.count)
    for (i, letter) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in right.enumerated() {
        let change = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(change, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[right.count]
  }
}
