import Encoders
import Foundation
import Recipes
import Reporting
import Shards
import Skeleton
import Training

/// Every task on every data set with every checkpoint.
///
/// What is finished is kept in the output folder, by the digests of checkpoint, data and settings, and not done again.
/// What fails says so in its cell, and the others go on.
public struct Benchmark {
  let plan: BenchmarkPlan
  private let output: URL
  private let mode: ProgressMode

  /// A benchmark of one or several recipes, whose entries make one table.
  ///
  /// - Parameters:
  ///   - recipes: files of kind benchmark.
  ///   - overrides: `key=value` for settings of each, such as `root=folder`.
  ///   - output: the folder that keeps the cells and takes the table.
  /// - Throws: an `InputError` for what is wrong in a recipe.
  public init(_ recipes: [URL], changing overrides: [String] = [], output: URL, mode: ProgressMode) throws {
    guard !recipes.isEmpty else {
      throw InputError("skeltrain benchmark", found: "no recipe", hint: "pipelines/benchmark has some")
    }
    plan = try BenchmarkPlan(
      recipes.map { ($0.lastPathComponent, try BenchmarkRecipe($0, changing: overrides)) })
    self.output = output
    self.mode = mode
  }

  /// Does what is not done yet, and writes `benchmark.json`, `benchmark.md`, `benchmark.html` and `times.json`.
  ///
  /// - Parameter say: is told of each cell as it begins to be worked on, is kept or has failed.
  public func callAsFunction(_ say: (String) -> Void) throws -> BenchmarkReport {
    // Held until all is written, so that nobody else works in the folder.
    let replacement = try FolderReplacement(in: output, named: "benchmark")
    var times = BenchmarkTimes()
    let subjects = plan.data.map(BenchmarkSide.init)
    let encoders = rows(subjects)
    for encoder in encoders {
      times.pretraining[encoder.report.name] = encoder.pretrainingSeconds
    }
    var cells: [BenchmarkReport.Cell] = []
    var maps: [BenchmarkReport.Map] = []
    for encoder in encoders {
      let cache = FeatureCache()
      for (task, evaluation) in plan.tasks
      where encoder.isUntrained || task.checkpoints.contains(encoder.report.name) {
        for side in subjects where task.data.contains(side.report.name) {
          var cell = BenchmarkReport.Cell(
            checkpoint: encoder.report.name, task: task.title, kind: task.task, data: side.report.name,
            key: "")
          do { try fill(&cell, encoder, evaluation, side, cache, &times, say) } catch {
            cell.failure = "\(error)"
            say("\(label(cell)): failed: \(error)")
          }
          cells.append(cell)
        }
      }
      for side in subjects where plan.mapSamples > 0 && side.isTrimmed {
        // What is wrong with the encoder or the data is told by every cell.
        guard !encoder.isEnsemble, encoder.failure == nil, side.failure == nil else { continue }
        var map = BenchmarkReport.Map(checkpoint: encoder.report.name, data: side.report.name)
        do { map.map = try self.map(encoder, side, cache, say) } catch {
          map.failure = "\(error)"
          say("\(map.title): failed: \(error)")
        }
        maps.append(map)
      }
    }
    var report = BenchmarkReport(
      title: plan.title, checkpoints: encoders.map(\.report), data: subjects.map(\.report), columns: [],
      cells: cells, maps: maps, published: [])
    report.columns = columns(of: report)
    report.published = PublishedFigure.all.filter { figure in
      report.columns.contains { report.matches(figure, $0) }
    }
    try write(report, times, replacement)
    return report
  }

  private func label(_ cell: BenchmarkReport.Cell) -> String {
    "\(cell.task) on \(cell.data) with \(cell.checkpoint)"
  }

  /// Looks up or measures a cell.
  private func fill(
    _ cell: inout BenchmarkReport.Cell, _ encoder: BenchmarkEncoder, _ task: any EvaluationTask,
    _ side: BenchmarkSide, _ cache: FeatureCache, _ times: inout BenchmarkTimes, _ say: (String) -> Void
  ) throws {
    let kept = BenchmarkCell(
      cell.kind, parts: try encoder.parts() + side.parts(for: task) + task.parts, in: output)
    cell.key = kept.key
    let folder = try EvaluationOutput(kept.folder)
    var note = kept.folder.lastPathComponent
    do { cell.result = try folder.whole(kept.key) } catch let error as InputError {
      note += ", measured again: \(error.found) (\(URL(fileURLWithPath: error.file).lastPathComponent))"
    }
    if cell.result != nil {
      say("\(label(cell)): unchanged, skipped")
    } else {
      say("\(label(cell)): \(note)")
      let start = ContinuousClock.now
      var result = try task.evaluate(
        side.subject(encoder.encoders(branch: task.branch, cache), for: task), mode: mode)
      result.key = kept.key
      try kept.write(seconds: (ContinuousClock.now - start).inSeconds)
      cell.result = try folder.write(result)
    }
    times.cells[kept.key] = kept.seconds
  }

  /// Looks up or makes a map of the features of a data set's test samples.
  private func map(
    _ encoder: BenchmarkEncoder, _ side: BenchmarkSide, _ cache: FeatureCache, _ say: (String) -> Void
  ) throws -> FeatureMap {
    let kept = BenchmarkCell(
      "map", parts: try encoder.parts() + side.parts() + ["\(plan.mapSamples)"], in: output)
    var note = kept.folder.lastPathComponent
    do { if let map = try kept.keptMap() { return map } } catch let error as InputError {
      note += ", made again: \(error.found)"
    }
    say("map of features on \(side.report.name) with \(encoder.report.name): \(note)")
    let subject = try side.subject(encoder.encoders(branch: .query, cache))
    let map = FeatureMap(try subject.encoders[0].features(of: subject.test), most: plan.mapSamples)
    try kept.write(map)
    return map
  }

  /// The rows of the table: the untrained encoder, then the checkpoints.
  private func rows(_ sides: [BenchmarkSide]) -> [BenchmarkEncoder] {
    let trained = plan.checkpoints.map { BenchmarkEncoder($0, data: sides.map(\.report)) }
    return [BenchmarkEncoder(untrained: plan.untrained, else: trained.lazy.compactMap(\.recipe).first)]
      + trained
  }

  /// The columns in the order of the recipes.
  private func columns(of report: BenchmarkReport) -> [BenchmarkColumn] {
    plan.tasks.flatMap { task, evaluation in
      plan.data.filter { task.data.contains($0.name) }.flatMap { data in
        let own = report.cells.filter { $0.task == task.title && $0.data == data.name }
        return BenchmarkColumn.columns(
          of: evaluation, called: task.title, data: data.name,
          measures: own.lazy.compactMap(\.result?.measures).first ?? [])
      }
    }
  }

  /// Writes what was found, in place of what was found before.
  private func write(
    _ report: BenchmarkReport, _ times: BenchmarkTimes, _ replacement: FolderReplacement
  ) throws {
    func put(_ data: Data, _ name: String) throws {
      try AtomicFile.write(data, to: replacement.url(of: name))
    }
    try put(report.json, "benchmark.json")
    try put(Data(report.markdown.utf8), "benchmark.md")
    try put(Data(BenchmarkPage(report, times).html.utf8), "benchmark.html")
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    try put(try encoder.encode(times) + Data("\n".utf8), "times.json")
    try replacement.publish(["times.json", "benchmark.md", "benchmark.html", "benchmark.json"])
  }
}

extension Duration {
  /// The duration in seconds.
  fileprivate var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
