import Shards
import Skeleton

/// The samples of a data set, in groups that stay on one side of a split.
struct SampleGroups {
  /// The names of groups, in order, each with its samples in the order of the data set.
  let groups: [(name: String, samples: [SampleRecord])]
  private let key: GroupSplitOptions.Key

  /// Puts samples into groups.
  ///
  /// - Parameter recipe: how the data set was made, which has the names of subjects and cameras.
  /// - Throws: `InputError` if it is not known of a sample what it would go by.
  init(
    _ samples: [SampleRecord], by key: GroupSplitOptions.Key, _ recipe: ConversionRecipe, in folder: String
  ) throws {
    self.key = key
    var order: [String: (rank: Int, samples: [SampleRecord])] = [:]
    for (place, sample) in samples.enumerated() {
      let name: String
      let rank: Int
      switch key {
      case .sample: (name, rank) = (sample.name, place)
      case .recording: (name, rank) = (String(sample.name.prefix { $0 != "#" }), place)
      case .subject, .camera, .setup:
        let number = key == .subject ? sample.subject : key == .camera ? sample.camera : sample.setup
        guard number >= 0 else {
          throw InputError(
            folder, at: sample.name, found: "no \(key.rawValue)", expected: "one of every sample",
            hint: recipe.own == nil
              ? "names of \(recipe.dataset) do not tell it"
              : "the table of labels has a column for it; or divide --by recording")
        }
        let names = key == .subject ? recipe.own?.subjects ?? [] : recipe.own?.cameras ?? []
        name = names.indices.contains(number - 1) && key != .setup ? names[number - 1] : "\(number)"
        rank = number
      }
      order[name, default: (rank, [])].samples.append(sample)
    }
    groups = order.sorted { ($0.value.rank, $0.key) < ($1.value.rank, $1.key) }.map {
      ($0.key, $0.value.samples)
    }
  }

  /// The group that a user names: by its name, or for numbers by a name that ends in it, `S003` for 3.
  ///
  /// - Throws: `InputError` if there is none.
  func index(of word: String) throws -> Int {
    if let index = groups.firstIndex(where: { $0.name == word }) { return index }
    let digits = word.drop { !("0"..."9").contains($0) }
    if let number = Int(digits), let index = groups.firstIndex(where: { $0.name == "\(number)" }) {
      return index
    }
    throw InputError(
      "--test", found: "\"\(word.prefix(60))\"", expected: "a \(key.rawValue) of the data set",
      hint: some(of: groups.map(\.name)))
  }

  /// Deals the groups out into folds of nearly one size, those of a class evenly where each is of one.
  func folds(_ count: Int, seed: UInt64) throws -> [[Int]] {
    guard count <= groups.count else {
      throw InputError(
        "--folds", found: "\(count)", expected: "at most \(groups.count), as there are \(key.rawValue)s")
    }
    var random = KeyedRandom(seed: seed, sample: key.rawValue, view: "split.folds")
    let order = random.shuffled(Array(groups.indices)).enumerated().sorted {
      (label($0.element), $0.offset) < (label($1.element), $1.offset)
    }
    var folds = [[Int]](repeating: [], count: count)
    for (place, group) in order.map(\.element).enumerated() { folds[place % count].append(group) }
    return folds.map { $0.sorted() }
  }

  /// The class of a group whose samples are of one; −2 for others.
  private func label(_ group: Int) -> Int {
    let labels = Set(groups[group].samples.map(\.label))
    return labels.count == 1 ? labels.first ?? -2 : -2
  }
}
