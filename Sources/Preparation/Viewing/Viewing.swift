import Foundation
import Shards
import Skeleton

/// Makes a page of moving skeletons: one HTML file that needs nothing else.
public struct Viewing: Sendable {
  /// The data set's folder.
  public var dataset: String
  /// Which of its samples.
  public var choice: SampleChoice
  /// Where the recordings are that it was made of, to be shown beside it; none for no such panels.
  public var raw: [String]
  /// Folders of other data sets with the same samples, such as an occlusion variant.
  public var beside: [String]
  /// What its classes are called.
  public var classNames: ClassNames

  /// The largest page that is made: what a browser opens at once.
  public static let mostBytes = 50_000_000

  /// A page that is not made yet.
  public init(
    dataset: String, choice: SampleChoice = .few(label: nil), raw: [String] = [], beside: [String] = [],
    classNames: ClassNames = .official
  ) {
    self.dataset = dataset
    self.choice = choice
    self.raw = raw
    self.beside = beside
    self.classNames = classNames
  }

  /// Writes the page, whole or not at all. Equal data sets and choices give equal bytes, and if these are there already
  /// nothing is done.
  ///
  /// - Parameter isReplacing: whether another file that is there is replaced.
  /// - Returns: the result in a line.
  /// - Throws: `InputError` for a sample that is not there, a page that would be too large, or another file in its
  ///   place.
  public func write(to output: String, isReplacing: Bool = false) throws -> String {
    let (page, count) = try page()
    let url = URL(fileURLWithPath: output)
    var done = ""
    if !isReplacing, let there = try Self.contents(of: url, upTo: page.count + 1) {
      guard there == page else { throw InputError.exists(output, "another page, or another file,") }
      done = ", there already, nothing to do"
    } else {
      try AtomicFile.write(page, to: url)
    }
    return "\(output): \(count) \(count == 1 ? "sample" : "samples"), \(page.count) bytes\(done)"
  }

  /// What is there; nil if nothing is.
  private static func contents(of url: URL, upTo count: Int) throws -> Data? {
    do { return try Disk.start(of: url.path, upTo: count).bytes } catch let error as InputError
      where error.kind == .noInput
    { return nil }
  }

  /// The page, and how many samples it shows.
  func page(mostBytes: Int = Viewing.mostBytes) throws -> (page: Data, samples: Int) {
    let folder = try DatasetFolder(URL(fileURLWithPath: dataset, isDirectory: true))
    let records = Array(try folder.samples().joined())
    let names = try choice.names(in: records, of: dataset)
    try refuse(names, of: records, ifLargerThan: mostBytes)
    let sources = try sources(folder)

    let own = try panels(of: names, from: sources[0])
    let classes = classNames.names(
      of: folder.manifest.dataset, converted: try folder.manifest.recipe.text())
    var samples = names.compactMap { name in
      own[name].map { ViewedSample($0.clip, panel: $0.panel, classNames: classes) }
    }
    for source in sources.dropFirst() {
      let panels = try panels(of: names, from: source)
      for index in samples.indices {
        samples[index].add(panels[samples[index].sample.name]?.panel, of: source)
      }
    }
    for index in samples.indices { samples[index].setParents(sources) }
    if !raw.isEmpty { try addRaw(to: &samples, of: folder) }
    let page = try SkeletonPage(
      samples: samples, sources: sources, dataset: folder.manifest.dataset,
      digest: Manifest.digest(of: folder.url)
    ).html()
    guard page.count <= mostBytes else { throw tooLarge(page.count, mostBytes) }
    return (page, samples.count)
  }

  /// A data set that panels are of.
  struct Source {
    let folder: DatasetFolder
    /// What its panels are called.
    let title: String
    /// SHA-256 of its manifest.
    let digest: String
  }

  /// The data set and those beside it, with titles that tell them apart.
  private func sources(_ folder: DatasetFolder) throws -> [Source] {
    let others = try beside.map { try DatasetFolder(URL(fileURLWithPath: $0, isDirectory: true)) }
    var used: [String: Int] = [:]
    return try ([folder] + others).map { folder in
      let manifest = folder.manifest
      var title = manifest.profile
      if let kind = manifest.kind, let ratio = manifest.ratio {
        let share = ratio[0] == ratio[1] ? "\(ratio[0])" : "\(ratio[0])–\(ratio[1])"
        title += ", \(kind) occlusion \(share), seed \(manifest.seed ?? 0)"
      }
      used[title, default: 0] += 1
      if let count = used[title], count > 1 { title += " (\(count))" }
      return Source(folder: folder, title: title, digest: try Manifest.digest(of: folder.url))
    }
  }

  private func panels(
    of names: [String], from source: Source
  ) throws -> [String: (clip: StoredClip, panel: ViewedPanel)] {
    let clips = try StoredClip.read(names, from: source.folder)
    let up = ViewedPanel.Up(of: names.compactMap { clips[$0] }) ?? .y
    return clips.mapValues { ($0, ViewedPanel($0, title: source.title, up: up)) }
  }

  /// Puts recordings before the panels of their samples, and marks what was not recorded.
  private func addRaw(to samples: inout [ViewedSample], of folder: DatasetFolder) throws {
    let recipe = try ConversionRecipe(of: folder)
    let recordings = try RawRecordings(raw, recipe: recipe)
    var found = 0
    for index in samples.indices {
      guard let raw = try recordings.recording(of: samples[index].sample) else {
        samples[index].notes.append("The raw inputs have no recording of this name.")
        continue
      }
      found += 1
      samples[index].addRaw(raw, recipe: recipe)
    }
    if found == 0 && !samples.isEmpty {
      throw InputError(
        raw.joined(separator: " "), found: "none of the recordings", expected: samples[0].sample.name,
        hint: "--raw takes what the data set was converted from", kind: .noInput)
    }
  }

  /// Refuses what is too large before a frame of it is read.
  private func refuse(_ names: [String], of records: [SampleRecord], ifLargerThan most: Int) throws {
    let chosen = Set(names)
    let bytes = records.filter { chosen.contains($0.name) }.reduce(0) {
      $0 + ViewedPanel.pageBytes(frames: $1.length, bodies: $1.bodies)
        * (1 + beside.count + (raw.isEmpty ? 0 : 1))
    }
    guard bytes <= most else { throw tooLarge(bytes, most) }
  }

  private func tooLarge(_ bytes: Int, _ most: Int) -> InputError {
    InputError(
      dataset, found: "a page of \((bytes + 999_999) / 1_000_000) MB",
      expected: "at most \((most + 999_999) / 1_000_000) MB",
      hint: "choose fewer samples: --random 6 takes six of them")
  }
}

extension ViewedSample {
  /// Adds the sample as another data set has it.
  fileprivate mutating func add(_ panel: ViewedPanel?, of source: Viewing.Source) {
    if let panel {
      panels.append(panel)
    } else {
      notes.append("Not in the data set beside it (\(source.title)).")
    }
  }

  /// Lets variants show what they hide, where the data set that they were made of is on the page.
  fileprivate mutating func setParents(_ sources: [Viewing.Source]) {
    for (index, panel) in panels.enumerated() {
      guard let source = sources.first(where: { $0.title == panel.title }),
        let parent = sources.first(where: { $0.digest == source.folder.manifest.variantOf }),
        let place = panels.firstIndex(where: { $0.title == parent.title }),
        panels[place].frameCount == panel.frameCount, panels[place].bodyCount == panel.bodyCount
      else { continue }
      panels[index].parent = place
    }
  }

  /// Puts the recording before the other panels.
  fileprivate mutating func addRaw(_ raw: RawRecordings.Found, recipe: ConversionRecipe) {
    if !raw.isSource {
      notes.append("The raw recording is not the one that this sample was made of.")
    } else if let repaired = RepairedFrames(of: panels[0], recording: raw.recording, recipe: recipe) {
      panels[0].filled = repaired.filled
      repairs = repaired.repairs
    }
    let panel = ViewedPanel(raw.recording, like: panels[0])
    for index in panels.indices { panels[index].parent = panels[index].parent.map { $0 + 1 } }
    panels.insert(panel, at: 0)
  }
}
