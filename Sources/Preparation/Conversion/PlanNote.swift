import Formats
import Foundation
import Shards
import Skeleton

/// What an unfinished conversion remembers of its plan, in `.work/plan.json`: all that finishing it takes, once its
/// shards are there.
struct PlanNote: Codable, Equatable {
  /// The data set's name.
  let dataset: String
  /// The profile's name.
  let profile: String
  /// What the recipe says of samples to leave out: `official`, `none`, or `list:` and a digest.
  let exclude: String
  /// The recipe, as JSON on one line.
  let recipe: String
  /// The plan's digest.
  let plan: String
  /// The key of each run, in order.
  let keys: [String]
  /// The files whose fate was decided by their names.
  let rows: [ReportRow]

  init(_ plan: ConversionPlan, recipe: String, options: ConversionOptions) {
    dataset = options.data.name
    profile = options.profile.name
    exclude = options.exclusion.recorded
    self.recipe = recipe
    self.plan = plan.digest
    keys = plan.runs.map(\.key)
    rows = plan.rows
  }

  private static func url(in folder: OutputFolder) -> URL { folder.work.appendingPathComponent("plan.json") }

  /// The note of a folder; nil if there is none that can be read.
  static func stored(in folder: OutputFolder) -> PlanNote? {
    guard let data = try? Disk.read(url(in: folder)) else { return nil }
    return try? JSONFile.decode(PlanNote.self, from: data)
  }

  func store(in folder: OutputFolder) throws {
    try AtomicFile.write(try JSON.line(self), to: PlanNote.url(in: folder))
  }

  /// Writes report and manifest when every shard is there, and forgets that the data set was unfinished.
  ///
  /// - Parameter receipts: one for each key, in order.
  /// - Throws: ``InputError`` if no sample is left, or something cannot be written.
  func finish(_ receipts: [ShardReceipt], in folder: OutputFolder) throws -> ConversionOutcome {
    precondition(receipts.map(\.key) == keys, "receipts of another plan")
    let report = ConversionReport(dataset: dataset, plan: plan, rows: rows + receipts.flatMap(\.rows))
    let entries = try folder.closeNumberGaps(in: receipts.compactMap(\.entry))
    if entries.isEmpty {
      // The hint may be to ask for something else, which the notes of this would stand in the way of.
      try OutputFolder.remove(folder.work)
      throw InputError(
        folder.url.path,
        found: "no sample that can be used: "
          + report.reasons.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "),
        hint: hint(in: report))
    }
    try folder.removeShards(except: Set(entries.map(\.file)))
    try AtomicFile.write(try report.json(), to: folder.report)
    let manifest = Manifest(
      dataset: dataset, profile: profile, recipe: try JSONValue(parsing: recipe),
      generator: Generator.name, shards: entries, exclude: exclusion(in: report))
    try manifest.write(to: folder.url)
    try OutputFolder.remove(folder.work)
    return ConversionOutcome(manifest: manifest, report: report)
  }

  /// What to do where no sample is left: which data set the files are of, if they are all of another one, or what they
  /// lack.
  private func hint(in report: ConversionReport) -> String {
    let others = report.rows.filter { $0.reason == "other-dataset" }.compactMap(\.sample)
    let published = SkeletonDataset(rawValue: dataset)
    let fitting = SkeletonDataset.allCases.first { other in
      published != nil && other != published
        && others.allSatisfy { other.standing(ofRecordingNamed: $0) == .member }
    }
    if let fitting, !others.isEmpty { return "the files are named as those of --dataset \(fitting.rawValue)" }
    if published == nil {
      return report.reasons["no-label"] != nil
        ? "the table of labels names none of the recordings; its names are those of the files"
        : "the files above are no recordings of the layout, or damaged; is --layout right?"
    }
    if report.reasons["no-labels"] != nil {
      return "give the folder or archive of labels as well; without labels only --untrimmed takes recordings"
    }
    if report.reasons["no-actions"] != nil {
      return "a recording without actions is taken by --untrimmed only"
    }
    if report.reasons["official-list"] != nil {
      return "they are on the official list of samples with missing skeletons; --exclude none takes them"
    }
    if report.reasons["given-list"] != nil { return "the list that --exclude names has all that are left" }
    if let refused = report.rows.compactMap({ InputListing.Reason(rawValue: $0.reason ?? "") }).first {
      return refused.remedy
    }
    let text = published?.format == .ntu ? "NTU RGB+D's .skeleton text" : "PKU-MMD's text"
    if report.reasons["misnamed"] != nil && report.reasons.count == 1 {
      return "recordings of \(dataset) are named as \(published?.exampleName ?? "")"
    }
    return "the files above are no \(text), or damaged; is --dataset \(dataset) right?"
  }

  /// What the manifest says of the samples that were there and left out.
  private func exclusion(in report: ConversionReport) -> Manifest.Exclusion? {
    if exclude == Exclusion.none.recorded { return nil }
    let names = report.rows.filter { $0.outcome == .excluded }.compactMap(\.sample)
    return Manifest.Exclusion(list: exclude, names: Set(names).sorted())
  }
}
