import Foundation
import Recipes
import Reporting
import Shards
import Skeleton

/// What is known about a run from its folder.
public struct RunInspection: Codable, Sendable {
  /// A checkpoint file.
  public struct File: Codable, Sendable {
    /// The file's name.
    public var file: String
    /// Finished epochs; nil if the file does not say.
    public var epochs: Int?
    /// Finished steps over all epochs; nil if the file does not say.
    public var steps: Int?
    /// The SHA-256 of the model's arrays, which results of evaluations name; nil if the file does not say.
    public var sha256: String?
    /// The size with its state's, in bytes.
    public var bytes: Int
    /// Whether a run can go on from it, rather than only be evaluated.
    public var resumable: Bool
    /// What is wrong with it; nil if it is whole.
    public var problem: String?
  }

  /// How fast the last steps were.
  public struct Rate: Codable, Sendable {
    /// The median of the last steps, at most 200.
    public var seconds_per_step: Double
    /// The median of the same steps.
    public var samples_per_second: Double
    /// The share of the time that was spent waiting for data.
    public var wait_share: Double
    /// Seconds that the steps left will take; nil if it is not known how many they are.
    public var seconds_left: Double?
  }

  /// The recipe, as YAML with every setting.
  public var recipe: String
  /// Those of its settings that are not at their defaults.
  public var changes: [String]
  /// How many numbers its model has.
  public var parameters: ParameterCount
  /// The split and side that it learns from; nil before the first checkpoint.
  public var split: String?
  /// The SHA-256 of the data's manifest; nil before the first checkpoint.
  public var data: String?
  /// What the data are; nil before the first checkpoint, and of a run of an earlier version.
  public var origin: CheckpointOrigin?
  /// The processor that OpenBLAS chose its loops for.
  public var blas_core: String?
  /// All epochs of the recipe.
  public var total_epochs: Int
  /// Steps of one epoch; nil before the first checkpoint.
  public var steps_per_epoch: Int?
  /// Steps that the log has.
  public var logged_steps: Int
  /// The last row of the log by column.
  public var last: [String: Double]
  /// The means of the columns over the first epoch.
  public var first_epoch: [String: Double]
  /// The means of the columns over the last epoch that the log has, finished or not.
  public var last_epoch: [String: Double]
  /// The loss columns in the order of the log.
  public var losses: [String]
  /// Terms of the loss that have grown where they should fall, each time it was told of.
  public var growth: [GrowthWatch.Growth]
  /// How fast the last steps were; nil before the first.
  public var rate: Rate?
  /// The checkpoints: those to go on from, the newest first, then those kept for good and the best.
  public var checkpoints: [File]
  /// The lines of the journal.
  public var journal: [String]

  /// Looks at a run's folder; every checkpoint is compared with its digests.
  ///
  /// - Throws: an `InputError` if it is no run's folder.
  public init(_ run: RunFolder) throws {
    guard try Disk.isThere(run.recipe) else {
      throw InputError(
        run.recipe.path, found: "no recipe", expected: "the folder of a run of `skeltrain pretrain`",
        kind: .noInput)
    }
    let text = String(decoding: try Disk.read(run.recipe), as: UTF8.self)
    let settings = try PretrainRecipe(yaml: text, file: run.recipe.path)
    recipe = text
    changes = settings.changes
    parameters = try ParameterCount(settings)
    total_epochs = settings.totalEpochs
    let files = try run.resumable()
    checkpoints =
      try files.map { try Self.file($0, in: run, resumable: true) }
      + (run.numbered("checkpoint").map(\.url) + [run.best].filter(Disk.isThere))
      .map { try Self.file($0, in: run, resumable: false) }
    let texts =
      try files.lazy.map { try Safetensors.metadata(of: $0) }.first { $0["split"] != nil } ?? [:]
    (split, data, blas_core) = (texts["split"], texts["data"], texts["blas_core"])
    origin = CheckpointOrigin(texts)
    steps_per_epoch = texts["steps_per_epoch"].flatMap { Int($0) }.flatMap {
      (0...Checkpoint.mostSteps).contains($0) ? $0 : nil
    }
    let log = try LogTable(contentsOf: run.csv)
    logged_steps = log.rows.count
    losses = log.losses
    growth = log.growths
    last = Dictionary(
      uniqueKeysWithValues: zip(log.columns, log.rows.last ?? []).compactMap { name, value in
        value.map { (name, $0) }
      })
    first_epoch = log.means(epoch: 1)
    last_epoch = log.means(epoch: Int(last["epoch"] ?? 1))
    rate = Self.rate(log)
    if let steps = steps_per_epoch, let pace = rate?.seconds_per_step {
      rate?.seconds_left = Double(max(total_epochs * steps - logged_steps, 0)) * pace
    }
    journal = try RunJournal.lines(run)
  }

  private static func rate(_ log: LogTable) -> Rate? {
    func latest(_ column: String) -> [Double] { (log.values(column) ?? []).suffix(200).compactMap(\.self) }
    func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
    let (seconds, waits, rates) = (latest("seconds"), latest("wait"), latest("samples_per_second"))
    guard !seconds.isEmpty, !waits.isEmpty, !rates.isEmpty else { return nil }
    return Rate(
      seconds_per_step: median(seconds), samples_per_second: median(rates),
      wait_share: waits.reduce(0, +) / max(seconds.reduce(0, +), 1e-9))
  }

  /// - Throws: an `InputError` if a file cannot be read, which says nothing about what is in it.
  private static func file(_ url: URL, in run: RunFolder, resumable: Bool) throws -> File {
    let texts = try Safetensors.metadata(of: url)
    var bytes = try Disk.size(of: url)
    if resumable, let state = texts["state"], !state.contains("/") {
      let file = run.url.appendingPathComponent(state)
      bytes += try Disk.isThere(file) ? Disk.size(of: file) : 0
    }
    let progress = try? Checkpoint.progress(texts, file: url.path)
    var file = File(
      file: url.lastPathComponent, epochs: progress?.epochs, steps: progress?.steps, sha256: texts["sha256"],
      bytes: bytes,
      resumable: resumable)
    do { _ = try resumable ? run.verify(url) : Safetensors.verify(url) } catch let trouble as InputError {
      if trouble.kind == .inputOutput { throw trouble }
      file.problem =
        (trouble.file == url.path ? "" : URL(fileURLWithPath: trouble.file).lastPathComponent + ": ")
        + (trouble.place.isEmpty ? "" : trouble.place + ": ") + trouble.found
    }
    return file
  }

  /// The inspection as JSON with sorted keys.
  public var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }
}
