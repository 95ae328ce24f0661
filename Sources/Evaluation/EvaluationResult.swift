import Foundation
import Recipes
import Reporting
import Shards
import Skeleton

/// What an evaluation found, and everything needed to find it again: the content of `result.json`.
public struct EvaluationResult: Codable, Sendable, Equatable {
  /// Accuracies in percent.
  public struct Accuracy: Codable, Sendable, Equatable {
    /// The true class has the highest score.
    public var top1: Double
    /// The true class is among the five highest scores.
    public var top5: Double
    /// The mean of the classes' accuracies.
    public var mean_class: Double
  }

  /// The task: `linear`, `retrieval`.
  public var task: String
  /// The accuracies.
  public var accuracy: Accuracy
  /// Percent right of each class, by its number from 1 (`A001`); classes without test samples are left out.
  public var per_class: [String: Double]
  /// `confusion[a][b]`: test samples of class a that were taken for class b, from 0.
  public var confusion: [[Int]]
  /// The split and its sides.
  public var split: String
  /// Training and test samples.
  public var samples: [String: Int]
  /// SHA-256 of the manifests of the training and test data.
  public var data: [String: String]
  /// The checkpoint's file name, or `untrained`.
  public var checkpoint: String
  /// SHA-256 of the checkpoint's arrays; empty when untrained.
  public var checkpoint_sha256: String
  /// The evaluation's settings, as YAML.
  public var recipe: String
  /// The settings of the pre-training, as YAML.
  public var pretrain_recipe: String

  /// The result of a task.
  public init(
    task: String, metrics: ClassificationMetrics, split: String, samples: [String: Int],
    data: [String: String],
    encoder: FrozenEncoder, recipe: String
  ) {
    self.task = task
    accuracy = Accuracy(top1: metrics.top1, top5: metrics.top5, mean_class: metrics.meanClass)
    per_class = Dictionary(
      uniqueKeysWithValues: metrics.perClass.enumerated().compactMap { label, percent in
        percent.map { (EvaluationResult.className(label), $0) }
      })
    confusion = metrics.confusion
    self.split = split
    self.samples = samples
    self.data = data
    checkpoint = encoder.name
    checkpoint_sha256 = encoder.digest
    self.recipe = recipe
    pretrain_recipe = encoder.recipe.yaml
  }

  /// A class as the data sets name it: `A001` for class 0.
  static func className(_ label: Int) -> String { "A" + String(format: "%03d", label + 1) }

  /// The result as JSON with sorted keys.
  public var json: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
      return try encoder.encode(self) + Data("\n".utf8)
    }
  }

  /// Reads the `result.json` of a folder.
  ///
  /// - Throws: an `InputError` if there is none, or it is not one.
  public init(contentsOf folder: URL) throws {
    let file = folder.appendingPathComponent("result.json")
    guard let data = try? Data(contentsOf: file) else {
      throw InputError(file.path, found: "no result", hint: "make one with `skeltrain evaluate`")
    }
    do { self = try JSONDecoder().decode(EvaluationResult.self, from: data) } catch {
      throw InputError(file.path, found: "no result of `skeltrain evaluate`: \(error)")
    }
  }

  /// Writes `result.json` into a folder, which is made if it is not there.
  public func write(to folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try AtomicFile.write(json, to: folder.appendingPathComponent("result.json"))
  }

  /// The result for a terminal: accuracies, each class with what it is most often taken for, and the confusion
  /// matrix where it fits.
  public var summary: String {
    func percent(_ value: Double) -> String { String(format: "%.1f", value) }
    let counted = confusion.enumerated().filter { _, row in row.contains { $0 > 0 } }
    let rows = counted.map { label, row in
      let wrong = row.enumerated().filter { $0.offset != label && $0.element > 0 }.max {
        $0.element < $1.element
      }
      return [
        Self.className(label), String(row.reduce(0, +)), percent(per_class[Self.className(label)] ?? 0),
        wrong.map { "\(Self.className($0.offset)) (\($0.element))" } ?? "",
      ]
    }
    var text = TextTable(header: ["class", "samples", "right %", "most often taken for"], rows: rows)
      .description
    if counted.count <= 16 {
      let used = counted.map(\.offset)
      let matrix = used.map { row in [Self.className(row)] + used.map { String(confusion[row][$0]) } }
      text += "\n\nconfusion (row: true class, column: taken for)\n"
      text += TextTable(header: [""] + used.map(Self.className), rows: matrix).description
    }
    return text
      + "\n\n\(task) on \(split): top-1 \(percent(accuracy.top1)) %, top-5 \(percent(accuracy.top5)) %, "
      + "mean class \(percent(accuracy.mean_class)) % of \(samples["test"] ?? 0) test samples"
  }
}
