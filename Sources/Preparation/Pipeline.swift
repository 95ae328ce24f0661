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
  /// - Throws: `InputError` if there is nothing to do, or no place to do it in, or nothing is left.
  public func run() throws -> ConversionOutcome {
    let (plan, note) = try prepared()
    let folder = try OutputFolder(options.output)
    if let manifest = try FinishedConversion.manifest(in: folder, note: note) {
      return ConversionOutcome(manifest: manifest, report: nil)
    }
    return try note.finish(try makeShards(plan.runs, of: plan, in: folder), in: folder)
  }

  /// Makes the shards of one part of the job; other parts may be made at the same time, by other machines.
  ///
  /// The data set stays unfinished until ``ConversionPart/finalize(_:)``.
  public func run(_ part: ConversionPart) throws -> PartOutcome {
    try part.validate()
    let (plan, note) = try prepared()
    let folder = try OutputFolder(options.output, for: part)
    if try FinishedConversion.manifest(in: folder, note: note) != nil {
      return PartOutcome(part: part, shards: 0, allShards: note.keys.count, hasBadFiles: false)
    }
    let runs = plan.runs.filter { part.makes(run: $0.index) }
    let receipts = try makeShards(runs, of: plan, in: folder)
    return PartOutcome(
      part: part, shards: receipts.count, allShards: note.keys.count,
      hasBadFiles: receipts.contains { $0.rows.contains(where: \.isBad) })
  }

  /// Decides what there is to do.
  private func prepared() throws -> (ConversionPlan, PlanNote) {
    try options.validate()
    let recipe = try ConversionRecipe(options).json()
    let listing = try InputListing(
      inputs: options.inputs + options.labels, extensions: options.data.format.fileExtensions,
      writing: options.output)
    let plan = ConversionPlan(of: listing, recipe: recipe, options: options)
    if listing.files.isEmpty {
      throw InputError.nothingToRead(
        in: listing, of: options.inputs + options.labels, format: options.data.format)
    }
    return (plan, PlanNote(plan, recipe: recipe, options: options))
  }

  /// Makes the shards that are not there yet; the receipts are in the order of the runs.
  ///
  /// One shard after another, its recordings on all threads: what memory holds does not depend on the number of jobs.
  /// While a finished shard is being written, the next one's recordings are read.
  private func makeShards(
    _ runs: [ConversionPlan.Run], of plan: ConversionPlan, in folder: OutputFolder
  ) throws -> [ShardReceipt] {
    let files = runs.reduce(plan.rows.count) { $0 + $1.fileCount }
    let line = ProgressLine(total: files, unit: "files", mode: progress, label: "convert")
    @Sendable func say(_ rows: [ReportRow], files: Int) {
      for row in rows where row.isBad { line.note("\(row.outcome.rawValue) \(row)") }
      line.advance(by: files)
    }
    say(plan.rows, files: plan.rows.count)
    let receipts = Mutex([Int: ShardReceipt]())
    try WorkerPool.run(over: runs, jobs: options.jobs) { next in
      while let run = next() {
        guard let done = try ShardReceipt.stored(forRun: run.index, key: run.key, in: folder) else {
          continue
        }
        line.advance(by: run.fileCount)
        receipts.withLock { $0[run.index] = done }
      }
    }
    let missing = receipts.withLock { done in runs.filter { done[$0.index] == nil } }
    let items = missing.flatMap { run in run.sources.indices.map { (run: run, source: $0) } }
    let recordings = RecordingConversion(options)
    let shards = ShardConversion(
      options: options, attributes: attributes(recipe: try ConversionRecipe(options).json()))
    let writing = Mutex(())
    _ = try OrderedPool.reduce(
      items.count, jobs: options.jobs, into: (taken: 0, result: shards.emptyResult()),
      local: { RawFileReader() },
      make: { index, reader in
        let (run, source) = items[index]
        return try recordings.convert(run.sources[source], with: reader)
      },
      take: { whole, recording in
        let (run, source) = items[whole.taken]
        say(recording.rows, files: run.sources[source].files.count)
        whole.taken += 1
        var chunks = try shards.add(recording, to: &whole.result)
        let isLast = source == run.sources.count - 1
        if isLast { chunks += whole.result.shard.finish() }
        var tasks: [OrderedPool.Task] = chunks.map { chunk in { try chunk.compress() } }
        if isLast {
          let result = whole.result
          whole.result = shards.emptyResult()
          tasks.append {
            let file = folder.shards.appendingPathComponent(ShardEntry.fileName(run.index))
            // Writing holds a shard several times over, so that one thread at a time does it.
            let entry = try writing.withLock { _ in
              result.shard.sampleCount == 0 ? nil : try result.shard.write(to: file)
            }
            let receipt = ShardReceipt(key: run.key, entry: entry, rows: result.rows)
            try receipt.store(forRun: run.index, in: folder)
            receipts.withLock { $0[run.index] = receipt }
          }
        }
        return tasks
      })
    line.finish()
    return receipts.withLock { made in made.sorted { $0.key < $1.key }.map(\.value) }
  }

  private func attributes(recipe: String) -> ShardAttributes {
    ShardAttributes(
      dataset: options.data.name, profile: options.profile.name, recipe: recipe,
      frameRate: options.data.frameRate, generator: Generator.name)
  }
}
