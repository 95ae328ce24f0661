import Foundation
import Shards
import Skeleton

/// A data set and how it is to be divided: one method for each kind of protocol.
struct Division {
  let options: SplitOptions
  let dataset: SkeletonDataset
  /// All samples, in order.
  let samples: [SampleRecord]
  /// Names that belong to no side.
  let excluding: Set<String>
  let folder: DatasetFolder

  /// The seed of what is drawn.
  private var seed: UInt64 { options.seed ?? 1 }

  /// By a protocol that places each sample on a side, all of the training side or a part that is drawn.
  func bySides(_ scheme: EvaluationProtocol) throws -> Splitting {
    guard dataset.protocols.contains(scheme) else { throw refused(dataset.protocols.map(\.rawValue)) }
    let list = try options.list.map { try VideoList(contentsOf: $0, for: dataset) }
    let members = try SplitMembers(
      of: samples.map(\.name), in: dataset, by: scheme, list: list, excluding: excluding)
    let coverage = SplitCoverage(
      of: members, dataset: dataset, scheme: scheme, lost: ConversionReport.lost(in: folder.url), list: list)
    var notes: [String] = []
    if !members.unlisted.isEmpty {
      let place = list.map { "\($0.file) does not name" } ?? "no official list names"
      notes.append("excluded, of recordings that \(place): \(some(of: members.unlisted))")
    }
    var split = try empty()
    (split.train, split.test, split.excluded) = (members.train, members.test, members.excluded)
    split.list = list?.digest
    if let fraction = options.fraction {
      let subset = TrainingSubset(fraction: fraction, seed: seed, balanced: options.balanced)
      let labels = Dictionary(uniqueKeysWithValues: samples.map { ($0.name, $0.label) })
      let drawn = try subset.draw(from: members.train, labels: labels)
      let left = Set(members.excluded).union(members.train).subtracting(drawn)
      split.train = members.train.filter(drawn.contains)
      split.excluded = samples.map(\.name).filter(left.contains)
      (split.seed, split.fraction, split.balanced) = (seed, fraction, options.balanced)
      notes.append("drawn: \(drawn.count) of \(members.train.count) training samples, seed \(seed)")
      let unseen = Set(split.test.compactMap { labels[$0] }).subtracting(drawn.compactMap { labels[$0] })
      if !unseen.isEmpty {
        let actions = unseen.sorted().map { "A\($0 + 1)" }
        notes.append("no training sample of \(some(of: actions)); --balanced draws of every class")
      }
    }
    return Splitting(split: split, name: options.resolvedName, coverage: coverage, notes: notes)
  }

  /// The official one-shot protocol: a hundred classes train, an exemplar of each of twenty others is all that is
  /// known of them, and their other samples test.
  func oneShot() throws -> Splitting {
    guard dataset == .ntu120 else { throw refused(dataset.protocols.map(\.rawValue) + ["fewshot"]) }
    let exemplars = NovelClasses.oneShotExemplars.map { "\($0)" }
    let novel = Set(NovelClasses.oneShotActions)
    let present = Set(samples.map(\.name)).intersection(exemplars)
    guard !present.isEmpty else {
      throw InputError(
        folder.url.path, found: "none of the exemplars of the one-shot protocol",
        expected: some(of: exemplars),
        hint: "they are in setups 1 and 18")
    }
    let known = Set(present.compactMap { SampleName($0)?.action })
    var split = try empty()
    split.exemplars = exemplars.filter(present.contains)
    for name in samples.map(\.name) where !present.contains(name) {
      guard let action = SampleName(name)?.action else { throw foreign(name) }
      if excluding.contains(name) || novel.contains(action) && !known.contains(action) {
        split.excluded.append(name)
      } else if novel.contains(action) {
        split.test.append(name)
      } else {
        split.train.append(name)
      }
    }
    let absent = exemplars.filter { !present.contains($0) }
    let notes =
      absent.isEmpty
      ? [] : ["the classes of absent exemplars are excluded: \(some(of: absent))"]
    return Splitting(split: split, name: options.resolvedName, coverage: nil, notes: notes)
  }

  /// Episodes of novel classes; all others train.
  func fewShot() throws -> Splitting {
    let classes =
      if let argument = options.classes {
        try ClassList.labels(argument, of: dataset)
      } else {
        dataset == .ntu120 ? NovelClasses.fewShotLabels : Array(0..<dataset.classCount)
      }
    var tests: Set<String>?
    if let within = options.within {
      guard dataset.protocols.contains(within) else {
        throw refused(dataset.protocols.map(\.rawValue), option: "--within", found: within.rawValue)
      }
      tests = Set(try SplitMembers(of: samples.map(\.name), in: dataset, by: within).test)
    }
    var split = try empty()
    var byClass: [Int: [String]] = [:]
    for sample in samples {
      if sample.label < 0 {
        throw InputError(
          folder.url.path, at: sample.name, found: "no class", expected: "samples of one action each",
          hint: "episodes are drawn from trimmed samples")
      }
      if excluding.contains(sample.name) {
        split.excluded.append(sample.name)
      } else if !classes.contains(sample.label) {
        split.train.append(sample.name)
      } else if tests?.contains(sample.name) ?? true {
        split.test.append(sample.name)
        byClass[sample.label, default: []].append(sample.name)
      } else {
        split.excluded.append(sample.name)
      }
    }
    let draw = EpisodeDraw(
      ways: options.ways ?? 5, shots: options.shots ?? 1, queries: options.queries ?? 15,
      episodes: options.episodes ?? 100, seed: seed)
    let (episodes, short) = try draw.draw(from: byClass, classes: classes)
    split.seed = seed
    split.fewShot = FewShot(
      ways: draw.ways, shots: draw.shots, queries: draw.queries, classes: classes,
      within: options.within?.rawValue, episodes: episodes)
    var notes = [
      "\(episodes.count) episodes of \(draw.ways) classes, each with \(draw.shots) + \(draw.queries) samples, of "
        + "\(classes.count - short.count) classes"
    ]
    let few = short.filter { byClass[$0] != nil }.map { "A\($0 + 1)" }
    if !few.isEmpty { notes.append("too few samples of \(some(of: few)) for an episode") }
    return Splitting(split: split, name: options.resolvedName, coverage: nil, notes: notes)
  }

  /// A split of nothing yet.
  private func empty() throws -> Split {
    Split(
      protocolName: options.scheme.rawValue, dataset: dataset.rawValue,
      manifest: try Manifest.digest(of: folder.url), train: [], test: [])
  }

  private func refused(
    _ expected: [String], option: String = "--protocol", found: String? = nil
  ) -> InputError {
    InputError(
      option, found: found ?? options.scheme.rawValue,
      expected: expected.joined(separator: " or ") + " for \(dataset.rawValue)")
  }

  private func foreign(_ name: String) -> InputError {
    InputError(name, found: "a name that no sample of \(dataset.rawValue) has", expected: dataset.exampleName)
  }
}
