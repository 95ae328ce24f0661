import Foundation
import Formats
import Reporting
import Shards
import Skeleton
import Synchronization

/// From raw text to a data set: read, normalize, write.
///
/// The samples of all inputs, ordered by name, are cut into runs; each run becomes a shard, made by one thread in
/// one go. So the bytes depend neither on the order of the inputs nor on the number of threads, memory does not grow
/// with the number of files, and what an interrupted conversion has finished stays finished.
public struct Pipeline: Sendable {
  private let options: ConversionOptions
  private let progress: ProgressMode

  /// A conversion that has not begun.
  public init(_ options: ConversionOptions, progress: ProgressMode = .none) {
    self.options = options
    self.progress = progress
  }

  /// Converts, and returns what became of every input file.
  ///
  /// Files that cannot be used are said on standard error as they come up, are rows of the report, and stop nothing.
  /// `manifest.json` appears as the last thing, when all else is on the disk.
  ///
  /// - Throws: ``InputError`` if there is nothing to do, or no place to do it in, or nothing is left.
  public func run() throws -> ConversionOutcome {
    try options.validate()
    let recipe = try ConversionRecipe(options).json()
    let listing = try InputListing(inputs: options.inputs, extensions: ["skeleton"])
    let plan = ConversionPlan(of: listing, recipe: recipe, options: options)
    if listing.files.isEmpty {
      throw InputError(
        options.inputs.joined(separator: " "), found: "no .skeleton files",
        hint: "INPUT is a folder of them, a "
          + ".zip with them inside, or single ones", kind: .noInput)
    }
    let folder = try OutputFolder(options.output)
    if let manifest = try FinishedConversion.manifest(in: folder, plan: plan, recipe: recipe) {
      return ConversionOutcome(manifest: manifest, report: nil)
    }

    let receipts = try makeShards(of: plan, recipe: recipe, in: folder)
    let report = ConversionReport(
      dataset: options.dataset, plan: plan.digest, rows: plan.rows + receipts.flatMap(\.rows))
    let entries = try folder.closeNumberGaps(in: receipts.compactMap(\.entry))
    if entries.isEmpty {
      throw InputError(
        options.inputs.joined(separator: " "),
        found: "no sample that can be used, in \(report.rows.count) files",
        hint: "the reasons are above; is --dataset \(options.dataset.rawValue) right?")
    }
    try folder.removeShards(except: Set(entries.map(\.file)))
    try AtomicFile.write(try report.json(), to: folder.report)
    let manifest = Manifest(
      dataset: options.dataset.rawValue, profile: options.profile.name,
      recipe: try JSONValue(parsing: recipe),
      generator: Generator.name, shards: entries, exclude: exclusion(in: report))
    try manifest.write(to: folder.url)
    try OutputFolder.remove(folder.work)
    return ConversionOutcome(manifest: manifest, report: report)
  }

  /// Makes the shards that are not there yet; the receipts are in the order of the runs.
  private func makeShards(
    of plan: ConversionPlan, recipe: String, in folder: OutputFolder
  ) throws -> [ShardReceipt] {
    let files = plan.runs.reduce(plan.rows.count) { $0 + $1.fileCount }
    let line = ProgressLine(total: files, unit: "files", mode: progress, label: "convert")
    @Sendable func say(_ rows: [ReportRow]) {
      for row in rows where row.isBad { line.note("\(row.outcome.rawValue) \(row)") }
      line.advance(by: rows.count)
    }
    say(plan.rows)
    let conversion = ShardConversion(options: options, attributes: attributes(recipe: recipe))
    let receipts = Mutex([Int: ShardReceipt]())
    let writing = Mutex(())
    try WorkerPool.run(over: plan.runs, jobs: options.jobs) { next in
      let reader = RawFileReader()
      while let run = next() {
        if let done = ShardReceipt.stored(for: run, in: folder) {
          line.advance(by: done.rows.count)
          receipts.withLock { $0[run.index] = done }
          continue
        }
        let result = try conversion.convert(run, reader: reader, report: say)
        let file = folder.shards.appendingPathComponent(ShardEntry.fileName(run.index))
        // Writing holds a shard several times over, so that one thread at a time does it.
        let entry = try writing.withLock { _ in try result.shard?.write(to: file) }
        let receipt = ShardReceipt(key: run.key, entry: entry, rows: result.rows)
        try receipt.store(for: run, in: folder)
        receipts.withLock { $0[run.index] = receipt }
      }
    }
    line.finish()
    return receipts.withLock { made in made.sorted { $0.key < $1.key }.map(\.value) }
  }

  private func attributes(recipe: String) -> ShardAttributes {
    ShardAttributes(
      dataset: options.dataset.rawValue, profile: options.profile.name, recipe: recipe,
      frameRate: options.dataset.frameRate, generator: Generator.name)
  }

  /// What the manifest says of the samples that were there and left out.
  private func exclusion(in report: ConversionReport) -> Manifest.Exclusion? {
    if case .none = options.exclusion { return nil }
    let names = report.rows.filter { $0.outcome == .excluded }.compactMap(\.sample)
    return Manifest.Exclusion(list: options.exclusion.recorded, names: Set(names).sorted())
  }
}
