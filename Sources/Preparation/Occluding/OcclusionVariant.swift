import Foundation
import Reporting
import Shards
import Skeleton
import Synchronization

/// Makes the variant of a data set in which something is hidden: same samples, same layout, a folder of its own.
public struct OcclusionVariant: Sendable {
  /// What is hidden.
  public let occlusion: Occlusion
  /// Which samples it is hidden from: one side of a split, by the split's name; nil for all.
  public let selection: (split: String, part: EvaluationProtocol.Part)?
  /// deflate's level for the shards.
  public let compression: Int
  /// How many shards are made at the same time.
  public let jobs: Int

  /// A variant that is not made yet.
  public init(
    _ occlusion: Occlusion, of selection: (split: String, part: EvaluationProtocol.Part)? = nil,
    compression: Int = ConversionOptions.usualCompression, jobs: Int = 1
  ) {
    self.occlusion = occlusion
    self.selection = selection
    self.compression = compression
    self.jobs = jobs
  }

  /// What was hidden.
  public struct Outcome: Sendable {
    /// The variant's table of contents.
    public let manifest: Manifest
    /// Whether nothing was done, as it had been done before.
    public let wasDone: Bool
    /// How many samples were changed.
    public let occludedSamples: Int
    /// The hidden share of them, averaged over samples.
    public let meanShare: Double

    /// The result in a line.
    public var summary: String {
      (wasDone ? "nothing to do, as it is there already: " : "")
        + "\(occludedSamples) of \(manifest.sampleCount) samples, "
        + "on average \(Double(Int(meanShare * 1000 + 0.5)) / 10) % of each hidden"
    }
  }

  /// Makes the variant, or goes on making it.
  ///
  /// Splits of the parent are copied, with the variant's own digest. `manifest.json` is written when all shards are
  /// there; what an interrupted run has finished of them is kept.
  ///
  /// - Throws: `InputError` if the parent is not a data set, or something else is at the output already.
  public func write(of parent: String, to output: String, progress: ProgressMode = .none) throws -> Outcome {
    let source = try DatasetFolder(URL(fileURLWithPath: parent, isDirectory: true))
    let chosen = try selection.map { selection in
      let split = try source.split(selection.split)
      return Set(split.names(of: selection.part))
    }
    let places = [source.url, URL(fileURLWithPath: output, isDirectory: true)].map {
      $0.standardizedFileURL.resolvingSymlinksInPath().path
    }
    guard places[0] != places[1] else {
      throw InputError(
        output, found: "the data set that a variant is to be made of", expected: "a folder of its own",
        kind: .cannotCreate)
    }
    let recipe = variantRecipe(of: source.manifest.recipe, chosen: chosen)
    let folder = try OutputFolder(output)
    let finished = try finishedManifest(of: source, recipe: recipe, in: folder)
    let manifest = try finished ?? shardsAndManifest(of: source, recipe, chosen, in: folder, progress)
    try copySplits(of: source, to: folder)
    try OutputFolder.remove(folder.work)
    let shares = try source.samples().joined().filter { chosen?.contains($0.name) ?? true }.map { sample in
      occlusion.mask(of: sample.name, frameCount: sample.length).share(ofFrames: sample.length)
    }
    return Outcome(
      manifest: manifest, wasDone: finished != nil, occludedSamples: shares.count,
      meanShare: shares.isEmpty ? 0 : shares.reduce(0, +) / Double(shares.count))
  }

  /// The manifest, if just this variant is there, whole; nil if there is work to do.
  ///
  /// - Throws: ``InputError`` if another data set is there, or half of another variant.
  private func finishedManifest(
    of source: DatasetFolder, recipe: JSONValue, in folder: OutputFolder
  ) throws -> Manifest? {
    let note = folder.work.appendingPathComponent("variant.json")
    let settings = Data("\(try Manifest.digest(of: source.url)) \(try recipe.text())".utf8)
    if FileManager.default.fileExists(atPath: folder.manifest.path) {
      do {
        let manifest = try Manifest.read(folder.url)
        guard try manifest.recipe == recipe && manifest.variantOf == Manifest.digest(of: source.url) else {
          throw refusal(folder, "another data set")
        }
        if try manifest.shards.allSatisfy({ try $0.matches(folder: folder.url) }) { return manifest }
      } catch {
        try OutputFolder.remove(folder.work)
        throw error
      }
      try OutputFolder.remove(folder.manifest)
    } else if let begun = try? Disk.read(note), begun != settings {
      throw refusal(folder, "an unfinished variant of another data set or with other settings")
    }
    try AtomicFile.write(settings, to: note)
    return nil
  }

  private func refusal(_ folder: OutputFolder, _ found: String) -> InputError {
    InputError(
      folder.url.path, found: "\(found) is there already",
      hint: "choose another --output, or delete this folder first",
      kind: .cannotCreate)
  }

  /// Makes the shards that are not there yet, and the manifest.
  private func shardsAndManifest(
    of source: DatasetFolder, _ recipe: JSONValue, _ chosen: Set<String>?, in folder: OutputFolder,
    _ progress: ProgressMode
  ) throws -> Manifest {
    let shards = Array(source.manifest.shards.indices)
    let text = try recipe.text()
    let line = ProgressLine(total: shards.count, unit: "shards", mode: progress, label: "occlude")
    let made = Mutex([Int: ShardEntry]())
    try WorkerPool.run(over: shards, jobs: jobs) { next in
      while let index = next() {
        let parent = source.manifest.shards[index]
        let key = SHA256Digest.hex(of: Data("\(Generator.name)\n\(text)\n\(parent.sha256)".utf8))
        var entry = try ShardReceipt.stored(forRun: index, key: key, in: folder)?.entry
        if entry == nil {
          let builder = try occluded(try source.shard(index, withColumns: true), recipe: text, chosen: chosen)
          let written = try builder.write(to: folder.shards.appendingPathComponent(parent.file))
          try ShardReceipt(key: key, entry: written, rows: []).store(forRun: index, in: folder)
          entry = written
        }
        made.withLock { $0[index] = entry }
        line.advance()
      }
    }
    line.finish()
    let entries = made.withLock { made in made.sorted { $0.key < $1.key }.map(\.value) }
    try folder.removeShards(except: Set(entries.map(\.file)))
    let manifest = Manifest(
      dataset: source.manifest.dataset, profile: source.manifest.profile, recipe: recipe,
      generator: Generator.name, shards: entries, exclude: source.manifest.exclude,
      variantOf: try Manifest.digest(of: source.url), kind: occlusion.kind.rawValue,
      ratio: occlusion.ratio.bounds, seed: occlusion.seed)
    try manifest.write(to: folder.url)
    return manifest
  }

  /// The shard with the masks of its samples.
  private func occluded(_ shard: Shard, recipe: String, chosen: Set<String>?) throws -> ShardBuilder {
    var attributes = shard.attributes
    attributes.recipe = recipe
    attributes.generator = Generator.name
    let names = Array(shard.columns.keys)
    var builder = ShardBuilder(attributes: attributes, compression: compression, columns: names)
    for (index, sample) in shard.samples.enumerated() {
      var frames = Array(
        shard.frames[(sample.start * Shard.frameSize)..<(sample.rows.upperBound * Shard.frameSize)])
      var visible = Array(
        shard.visible[(sample.start * Shard.visibleSize)..<(sample.rows.upperBound * Shard.visibleSize)])
      if chosen?.contains(sample.name) ?? true {
        let mask = occlusion.mask(of: sample.name, frameCount: sample.length)
        mask.hide(in: &frames, visible: &visible)
      }
      var columns: [JointColumn: [Float]] = [:]
      for name in names {
        let size = Shard.visibleSize * name.width
        columns[name] = (shard.columns[name] ?? [])[(sample.start * size)..<(sample.rows.upperBound * size)]
          .enumerated().map { visible[$0.offset / name.width] == 0 ? 0 : $0.element }
      }
      try builder.append(
        sample, frames: frames, visible: visible, intervals: shard.intervals.filter { $0.sample == index },
        loops: shard.loops(of: sample), columns: columns)
    }
    return builder
  }

  /// Writes the parent's splits as the variant's own, as far as they are not there.
  private func copySplits(of source: DatasetFolder, to folder: OutputFolder) throws {
    let variant = try DatasetFolder(folder.url)
    for name in try source.splitNames() {
      var split = try source.split(name)
      split.manifest = try Manifest.digest(of: folder.url)
      if (try? variant.split(name)) != split { try split.write(name, in: folder.url) }
    }
  }

  /// The parent's recipe with all that decides the variant added under `occlusion`.
  private func variantRecipe(of parent: JSONValue, chosen: Set<String>?) -> JSONValue {
    var occlusion: [String: JSONValue] = [
      "kind": .string(self.occlusion.kind.rawValue), "ratio": .string("\(self.occlusion.ratio)"),
      "seed": .string("\(self.occlusion.seed)"), "compression": .string("\(compression)"),
    ]
    if let selection {
      occlusion["split"] = .string(selection.split)
      occlusion["part"] = .string(selection.part.rawValue)
      // A split of this name may have other members one day.
      occlusion["samples"] = .string(
        SHA256Digest.hex(of: Data((chosen ?? []).sorted().joined(separator: "\n").utf8)))
    }
    guard case .object(var recipe) = parent else { preconditionFailure("a manifest's recipe is an object") }
    recipe["occlusion"] = .object(occlusion)
    return .object(recipe)
  }
}
