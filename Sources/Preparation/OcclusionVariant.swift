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
    /// How many samples were changed.
    public let occludedSamples: Int
    /// The hidden share of them, averaged over samples.
    public let meanShare: Double

    /// The result in a line.
    public var summary: String {
      "\(occludedSamples) of \(manifest.sampleCount) samples, "
        + "on average \(Double(Int(meanShare * 1000 + 0.5)) / 10) % of each hidden"
    }
  }

  /// Makes the variant.
  ///
  /// Splits of the parent are copied, with the variant's own digest. `manifest.json` is written last.
  ///
  /// - Throws: ``InputError`` if the parent is not a data set, or something is at the output already.
  public func write(of parent: String, to output: String, progress: ProgressMode = .none) throws -> Outcome {
    let source = try DatasetFolder(URL(fileURLWithPath: parent, isDirectory: true))
    let chosen = try selection.map { selection in
      let split = try source.split(selection.split)
      return Set(split.names(of: selection.part))
    }
    let folder = try OutputFolder(output)
    guard !FileManager.default.fileExists(atPath: folder.manifest.path) else {
      try OutputFolder.remove(folder.work)
      throw InputError(
        output, found: "a data set is there already", hint: "choose another --output", kind: .cannotCreate)
    }
    let recipe = variantRecipe(of: source.manifest.recipe)
    let shards = Array(source.manifest.shards.indices)
    let line = ProgressLine(total: shards.count, unit: "shards", mode: progress, label: "occlude")
    let made = Mutex([Int: (entry: ShardEntry, shares: [Double])]())
    try WorkerPool.run(over: shards, jobs: jobs) { next in
      while let index = next() {
        let shard = try source.shard(index)
        let (builder, shares) = try occluded(shard, recipe: try recipe.text(), chosen: chosen)
        let file = folder.shards.appendingPathComponent(source.manifest.shards[index].file)
        let entry = try builder.write(to: file)
        made.withLock { $0[index] = (entry, shares) }
        line.advance()
      }
    }
    line.finish()
    let results = made.withLock { made in made.sorted { $0.key < $1.key }.map(\.value) }
    let manifest = try finish(source, entries: results.map(\.entry), recipe: recipe, in: folder)
    let shares = results.flatMap(\.shares)
    return Outcome(
      manifest: manifest, occludedSamples: shares.count,
      meanShare: shares.isEmpty ? 0 : shares.reduce(0, +) / Double(shares.count))
  }

  /// The shard with the masks of its samples, and the share of each that is hidden.
  private func occluded(
    _ shard: Shard, recipe: String, chosen: Set<String>?
  ) throws -> (ShardBuilder, shares: [Double]) {
    var attributes = shard.attributes
    attributes.recipe = recipe
    attributes.generator = Generator.name
    var builder = ShardBuilder(attributes: attributes, compression: compression)
    var shares: [Double] = []
    for (index, sample) in shard.samples.enumerated() {
      var frames = Array(
        shard.frames[(sample.start * Shard.frameSize)..<(sample.rows.upperBound * Shard.frameSize)])
      var visible = Array(
        shard.visible[(sample.start * Shard.visibleSize)..<(sample.rows.upperBound * Shard.visibleSize)])
      if chosen?.contains(sample.name) ?? true {
        let mask = occlusion.mask(of: sample.name, frameCount: sample.length)
        mask.hide(in: &frames, visible: &visible)
        shares.append(mask.share(ofFrames: sample.length))
      }
      try builder.append(
        sample, frames: frames, visible: visible, intervals: shard.intervals.filter { $0.sample == index })
    }
    return (builder, shares)
  }

  /// Writes the manifest, and after it the parent's splits, which name it.
  private func finish(
    _ source: DatasetFolder, entries: [ShardEntry], recipe: JSONValue, in folder: OutputFolder
  ) throws -> Manifest {
    try folder.removeShards(except: Set(entries.map(\.file)))
    let manifest = Manifest(
      dataset: source.manifest.dataset, profile: source.manifest.profile, recipe: recipe,
      generator: Generator.name, shards: entries, exclude: source.manifest.exclude,
      variantOf: try Manifest.digest(of: source.url), kind: occlusion.kind.rawValue,
      ratio: occlusion.ratio.bounds, seed: occlusion.seed)
    try manifest.write(to: folder.url)
    for name in source.splitNames() {
      var split = try source.split(name)
      split.manifest = try Manifest.digest(of: folder.url)
      try split.write(name, in: folder.url)
    }
    try OutputFolder.remove(folder.work)
    return manifest
  }

  /// The parent's recipe with what was hidden added under `occlusion`.
  private func variantRecipe(of parent: JSONValue) -> JSONValue {
    var occlusion: [String: JSONValue] = [
      "kind": .string(self.occlusion.kind.rawValue), "ratio": .string("\(self.occlusion.ratio)"),
      "seed": .string("\(self.occlusion.seed)"),
    ]
    if let selection {
      occlusion["split"] = .string(selection.split)
      occlusion["part"] = .string(selection.part.rawValue)
    }
    guard case .object(var recipe) = parent else { preconditionFailure("a manifest's recipe is an object") }
    recipe["occlusion"] = .object(occlusion)
    return .object(recipe)
  }
}
