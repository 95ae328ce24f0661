import Skeleton

/// Samples of one side of a split that belong together, such as one performance that several cameras have recorded.
public struct SampleGroups: Sendable {
  private let key: @Sendable (String) -> String?
  private let groups: [String: [SampleSource.Entry]]

  /// Entries by what their names have in common.
  public init(_ entries: [SampleSource.Entry], by key: @escaping @Sendable (_ name: String) -> String?) {
    self.key = key
    var groups: [String: [SampleSource.Entry]] = [:]
    for entry in entries {
      if let group = key(entry.name) { groups[group, default: []].append(entry) }
    }
    self.groups = groups
  }

  /// Another entry of the same group, drawn by (seed, epoch, sample); nil for an entry that is alone.
  public func partner(of entry: SampleSource.Entry, seed: UInt64, epoch: Int) -> SampleSource.Entry? {
    guard let group = key(entry.name) else { return nil }
    let others = (groups[group] ?? []).filter { $0.name != entry.name }
    guard !others.isEmpty else { return nil }
    var random = KeyedRandom(seed: seed, epoch: epoch, sample: entry.name, view: "partner")
    return others[random.integer(below: others.count)]
  }
}
