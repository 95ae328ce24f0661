import Foundation
import Shards
import Skeleton

/// What a benchmark found: the content of `benchmark.json`. It depends on the checkpoints, the data and the settings
/// alone; how long everything took is in ``BenchmarkTimes``.
public struct BenchmarkReport: Codable, Sendable, Equatable {
  /// A row of the table.
  public struct Checkpoint: Codable, Sendable, Equatable {
    /// What it is called.
    public var name: String
    /// The runs or files, as the recipe gives them; empty when untrained.
    public var runs: [String]
    /// SHA-256 of the arrays of each; empty when untrained.
    public var sha256: [String]
    /// The settings of the pre-training of each, as YAML.
    public var recipes: [String]
    /// What it was pre-trained on, where its file says so.
    public var pretrained: String?
    /// Why it cannot be used.
    public var failure: String?
  }

  /// A data set.
  public struct Data: Codable, Sendable, Equatable {
    /// What it is called.
    public var name: String
    /// The data set that it is converted as: `ntu60`; empty where it cannot be read.
    public var dataset: String
    /// How it was normalized.
    public var profile: String
    /// The split.
    public var split: String
    /// Training and test samples of the split.
    public var samples: [String: Int]
    /// SHA-256 of the manifests and of the split's file.
    public var sha256: [String: String]
    /// The data set whose published figures stand beside; nil for none.
    public var published: String?
    /// Whether the published figures are of other samples than these.
    public var isOther: Bool
    /// Why it cannot be used.
    public var failure: String?
  }

  /// A task on a data set with a checkpoint.
  public struct Cell: Codable, Sendable, Equatable {
    /// The checkpoint's name.
    public var checkpoint: String
    /// The task's name.
    public var task: String
    /// The task's kind.
    public var kind: String
    /// The data's name.
    public var data: String
    /// The digest of checkpoint, data and settings, which names the cell's folder.
    public var key: String
    /// What was found.
    public var result: EvaluationResult?
    /// Why nothing was found.
    public var failure: String?
  }

  /// The features of a checkpoint on a data set.
  public struct Map: Codable, Sendable, Equatable {
    /// The checkpoint's name.
    public var checkpoint: String
    /// The data's name.
    public var data: String
    /// The map; nil where it could not be made.
    public var map: FeatureMap?
    /// Why there is none.
    public var failure: String?

    /// What messages call it.
    var title: String { "map of features on \(data) with \(checkpoint)" }
  }

  /// What the page is called.
  public var title: String
  /// The rows.
  public var checkpoints: [Checkpoint]
  /// The data sets.
  public var data: [Data]
  /// Columns of the table, in order.
  public var columns: [BenchmarkColumn]
  /// Every cell, by checkpoint, then in the order of the recipes.
  public var cells: [Cell]
  /// Maps of features.
  public var maps: [Map]
  /// The published figures that belong to a column.
  public var published: [PublishedFigure]

  /// The report as JSON with sorted keys.
  public var json: Foundation.Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
      return try encoder.encode(self) + Foundation.Data("\n".utf8)
    }
  }

  /// The measure of a checkpoint in a column; nil where there is none.
  func measure(_ checkpoint: String, _ column: BenchmarkColumn) -> EvaluationResult.Measure? {
    cell(checkpoint, column)?.result?.measure(column.measure, condition: column.condition)
  }

  /// The cell that a checkpoint's number in a column is from.
  func cell(_ checkpoint: String, _ column: BenchmarkColumn) -> Cell? {
    cells.first { $0.checkpoint == checkpoint && $0.task == column.task && $0.data == column.data }
  }

  /// The cells that failed.
  public var failures: [Cell] { cells.filter { $0.failure != nil } }

  /// All that failed, cells and maps, each with its reason.
  public var troubles: [(title: String, reason: String)] {
    failures.map { ("\($0.task) on \($0.data) with \($0.checkpoint)", $0.failure ?? "") }
      + maps.compactMap { map in map.failure.map { (map.title, $0) } }
  }

  /// A row of published figures: one method, made in one way.
  struct PublishedRow {
    /// The method.
    var method: String
    /// Year, backbone and stream: `2023, GRU, joint`.
    var made: String
    /// What it was pre-trained on.
    var pretrained: String
    /// Its figure in each column, or none.
    var figures: [PublishedFigure?]
  }

  /// The published rows. Figures of other streams or backbones are not of the same encoder, and have rows of their own.
  var publishedRows: [PublishedRow] {
    var order: [String] = []
    for figure in published where !order.contains(figure.row) { order.append(figure.row) }
    return order.map { row in
      let own = published.filter { $0.row == row }
      return PublishedRow(
        method: own[0].method, made: own[0].made, pretrained: own[0].pretrained,
        figures: columns.map { column in own.first { matches($0, column) } })
    }
  }

  /// Whether a published figure is of what a column measures.
  func matches(_ figure: PublishedFigure, _ column: BenchmarkColumn) -> Bool {
    guard let data = data.first(where: { $0.name == column.data }), let published = data.published else {
      return false
    }
    return figure.data == published && figure.split == data.split && figure.task == column.kind
      && figure.measure == column.published
  }

  /// Whether a column's published figures are of other data than the column.
  func isOther(_ column: BenchmarkColumn) -> Bool {
    data.first { $0.name == column.data }?.isOther ?? false
  }
}

extension PublishedFigure {
  /// What tells the rows of the table apart.
  fileprivate var row: String { "\(method)\t\(made)\t\(pretrained)" }
}

/// How long the parts of a benchmark took, in seconds: `times.json`, beside the results because it is never twice the
/// same.
public struct BenchmarkTimes: Codable, Sendable, Equatable {
  /// By the cell's key.
  public var cells: [String: Double] = [:]
  /// Pre-training, by the checkpoint's name, where the run's log says it.
  public var pretraining: [String: Double] = [:]

  /// Nothing took any time.
  public init() {}
}
