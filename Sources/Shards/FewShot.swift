/// Few-shot episodes: small classification tasks over classes that no model has been trained on.
///
/// In an episode a classifier learns from the support of each class and is measured on the queries. Names are kept as
/// one list for each class, in the order of the episode's classes, so that an episode can be used as it stands.
public struct FewShot: Codable, Sendable, Equatable {
  /// One task.
  public struct Episode: Codable, Sendable, Equatable {
    /// The labels, from 0, of the classes that are told apart.
    public var classes: [Int]
    /// For each class the names that are learned from.
    public var support: [[String]]
    /// For each class the names that are measured.
    public var query: [[String]]

    /// An episode; nothing is checked before it is written.
    public init(classes: [Int], support: [[String]], query: [[String]]) {
      self.classes = classes
      self.support = support
      self.query = query
    }
  }

  /// Classes in an episode.
  public var ways: Int
  /// Names of each class that are learned from.
  public var shots: Int
  /// Names of each class that are measured.
  public var queries: Int
  /// The labels, from 0, that classes are drawn from: all of the test list, none of the training list.
  public var classes: [Int]
  /// The protocol whose test side the samples are of; nil where they are of both sides.
  public var within: String?
  /// The episodes in order.
  public var episodes: [Episode]

  /// Episodes; nothing is checked before they are written.
  public init(
    ways: Int, shots: Int, queries: Int, classes: [Int], within: String? = nil, episodes: [Episode]
  ) {
    self.ways = ways
    self.shots = shots
    self.queries = queries
    self.classes = classes
    self.within = within
    self.episodes = episodes
  }

  /// Says what is wrong with the first episode that does not fit, or nil.
  ///
  /// - Parameter labels: the labels of the names that episodes may have.
  func fault(_ labels: [String: Int]) -> (place: String, found: String, expected: String)? {
    let allowed = Set(classes)
    for (index, episode) in episodes.enumerated() {
      let place = "few_shot/episodes/\(index)"
      guard episode.classes.count == ways, Set(episode.classes).count == ways,
        allowed.isSuperset(of: episode.classes)
      else { return (place, "the classes \(episode.classes)", "\(ways) different ones of \(classes)") }
      guard episode.support.map(\.count) == Array(repeating: shots, count: ways),
        episode.query.map(\.count) == Array(repeating: queries, count: ways)
      else { return (place, "other numbers of names", "\(shots) and \(queries) for each of \(ways) classes") }
      var seen: Set<String> = []
      for (way, label) in episode.classes.enumerated() {
        for name in episode.support[way] + episode.query[way] {
          guard labels[name] == label, seen.insert(name).inserted else {
            return (place, "\(name) for class \(label)", "test samples of the class, none twice")
          }
        }
      }
    }
    return nil
  }
}
