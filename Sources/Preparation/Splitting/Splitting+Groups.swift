import Foundation
import Shards
import Skeleton

extension Splitting {
  /// Writes a split, or one for each fold, into a data set's folder.
  ///
  /// - Throws: `InputError` for options that do not go with the data set, and for a side without a sample.
  public static func write(_ options: GroupSplitOptions, in path: String) throws -> [Splitting] {
    try options.validate()
    let folder = try DatasetFolder(URL(fileURLWithPath: path, isDirectory: true))
    let recipe = try ConversionRecipe(of: folder)
    let samples = Array(try folder.samples().joined())
    let excluding: Set<String> = recipe.exclude == "none" ? [] : recipe.published.map(missing) ?? []
    let used = samples.filter { !excluding.contains($0.name) }
    let all = samples.map(\.name)
    let digest = try Manifest.digest(of: folder.url)
    func splitting(_ name: String, test: Set<String>, train: Set<String>) throws -> Splitting {
      var split = Split(
        protocolName: options.protocolName, dataset: folder.manifest.dataset, manifest: digest,
        train: all.filter(train.contains), test: all.filter(test.contains))
      split.excluded = all.filter { !train.contains($0) && !test.contains($0) }
      for (side, names) in [("training", split.train), ("test", split.test)] where names.isEmpty {
        throw InputError(
          path, found: "no \(side) sample in \(name)", expected: "some on both sides",
          hint: "\(samples.count) samples, \(split.excluded.count) of them excluded")
      }
      if case .folds = options.choice { split.seed = options.seed }
      let labels = Dictionary(uniqueKeysWithValues: used.map { ($0.name, $0.label) })
      let unseen = Set(split.test.compactMap { labels[$0] }).subtracting(
        split.train.compactMap { labels[$0] })
      let classes = folder.manifest.classNames
      let notes =
        unseen.isEmpty
        ? []
        : [
          "no training sample of "
            + some(of: unseen.sorted().map { classes.indices.contains($0) ? classes[$0] : "class \($0)" })
        ]
      return Splitting(split: split, name: name, coverage: nil, notes: notes)
    }
    let names = Set(used.map(\.name))
    var results: [Splitting] = []
    let title = options.name ?? options.protocolName
    if case .list(let file) = options.choice {
      let list = try SideList(contentsOf: file, for: used)
      results = [try splitting(title, test: list.test, train: list.train)]
      results[0].split.list = list.digest
    } else {
      let groups = try SampleGroups(used, by: options.key, recipe, in: path)
      func side(_ indices: [Int]) -> Set<String> {
        Set(indices.flatMap { groups.groups[$0].samples.map(\.name) })
      }
      func dividing(_ name: String, _ indices: [Int]) throws -> Splitting {
        let test = side(indices)
        return try splitting(name, test: test, train: names.subtracting(test))
      }
      switch options.choice {
      case .groups(let words): results = [try dividing(title, try words.map { try groups.index(of: $0) })]
      case .folds(let count):
        results = try groups.folds(count, seed: options.seed).enumerated().map { index, fold in
          try dividing("\(title)-fold\(index + 1)of\(count)", fold)
        }
      case .leaveOneOut:
        guard groups.groups.count <= GroupSplitOptions.mostSplits else {
          throw InputError(
            "--leave-one-out", found: "\(groups.groups.count) \(options.key.rawValue)s",
            expected: "at most \(GroupSplitOptions.mostSplits)", hint: "--folds makes fewer splits")
        }
        results = try groups.groups.enumerated().map { index, group in
          try dividing("\(title)-\(fileName(group.name, or: index))", [index])
        }
      case .list: break
      }
    }
    guard Set(results.map(\.name)).count == results.count else {
      throw InputError("--name", found: "two splits of one name", expected: "groups that can be told apart")
    }
    for one in results { try one.split.write(one.name, in: folder.url) }
    return results
  }

  private static func missing(_ dataset: SkeletonDataset) -> Set<String> {
    Set(dataset.samplesWithMissingSkeletons)
  }

  /// A group's name as a part of a file's, or its number where it cannot be.
  private static func fileName(_ name: String, or index: Int) -> String {
    SplitOptions.isFileName(name) && name.utf8.count <= 60 ? name : "\(index + 1)"
  }
}

/// A file that says of samples on which side they are: lines of `name,part`, the part being train, test or excluded.
struct SideList {
  /// Names.
  private(set) var train: Set<String> = []
  /// Names.
  private(set) var test: Set<String> = []
  /// SHA-256 of the file.
  let digest: String

  /// Reads a list. A line may name a sample or a recording with all its actions, with or without extension; samples
  /// that no line names are excluded.
  ///
  /// - Throws: `InputError` with the line for a name that is no sample's, one that comes twice, or another part.
  init(contentsOf path: String, for samples: [SampleRecord]) throws {
    let text = try ListFile.text(path, "a list of samples", hint: "lines of name,part")
    digest = SHA256Digest.hex(of: Data(text.utf8))
    var places: [String: [String]] = [:]
    for sample in samples {
      places[sample.name, default: []].append(sample.name)
      let recording = String(sample.name.prefix { $0 != "#" })
      if recording != sample.name { places[recording, default: []].append(sample.name) }
    }
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let words = line.split(whereSeparator: { ",;\t".contains($0) }).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      if words.isEmpty || words[0].hasPrefix("#") { continue }
      func fail(_ found: String, _ expected: String) -> InputError {
        InputError(path, at: "line \(index + 1)", found: found, expected: expected)
      }
      let part = words.count == 2 ? words[1].lowercased() : ""
      if index == 0 && ["part", "side", "split"].contains(part) { continue }
      guard ["train", "training", "test", "val", "validation", "excluded"].contains(part) else {
        throw fail("\"\(line.prefix(60))\"", "name,train or name,test or name,excluded")
      }
      let stem = words[0].lastIndex(of: ".").map { String(words[0][..<$0]) } ?? words[0]
      guard let names = places[words[0]] ?? places[stem] else {
        throw fail("\"\(words[0].prefix(60))\"", "a sample of the data set")
      }
      for name in names {
        guard !train.contains(name), !test.contains(name) else {
          throw fail("\(name) for the second time", "each once")
        }
        if part.hasPrefix("train") { train.insert(name) } else if part != "excluded" { test.insert(name) }
      }
    }
  }
}
