import Batches
import Foundation
import Recipes
import Shards
import Skeleton
import Training

/// What an evaluation found, and everything needed to find it again: the content of `result.json`.
///
/// Nothing in it depends on the clock or the host: the same seed on the same data gives the same bytes.
public struct EvaluationResult: Codable, Sendable, Equatable {
  /// One number that was measured.
  public struct Measure: Codable, Sendable, Equatable {
    /// What it is: `top1`, `top5`, `mean_class`, `map@0.5`. All are percents.
    public var name: String
    /// What it was measured under, where a result has several conditions: the variant `spatial`, the share `10 %`.
    public var condition: String?
    /// The number, in percent; a mean where there is a spread.
    public var value: Double
    /// How far repetitions are apart.
    public var spread: Spread?

    /// A number.
    public init(_ name: String, _ value: Double, condition: String? = nil, spread: Spread? = nil) {
      self.name = name
      self.condition = condition
      self.value = value
      self.spread = spread
    }
  }

  /// How far repetitions of a measurement are apart.
  public struct Spread: Codable, Sendable, Equatable {
    /// What the number is.
    public enum Kind: String, Codable, Sendable {
      /// The standard deviation of the sample, over seeds.
      case deviation
      /// Half of the 95 % confidence interval of the mean, over episodes.
      case interval95
    }

    /// What the number is.
    public var kind: Kind
    /// The number, in percent points.
    public var value: Double
    /// How many repetitions.
    public var count: Int

    /// A spread.
    public init(_ kind: Kind, _ value: Double, count: Int) {
      self.kind = kind
      self.value = value
      self.count = count
    }
  }

  /// How classes were told apart.
  public struct Classification: Codable, Sendable, Equatable {
    /// Percent right of each class, by its number from 1 (`A001`); classes without test samples are left out.
    public var per_class: [String: Double]
    /// `confusion[a][b]`: test samples of class a that were taken for class b, from 0.
    public var confusion: [[Int]]

    /// What metrics say.
    public init(_ metrics: ClassificationMetrics) {
      per_class = Dictionary(
        uniqueKeysWithValues: metrics.perClass.enumerated().compactMap { label, percent in
          percent.map { (EvaluationResult.className(label), $0) }
        })
      confusion = metrics.confusion
    }
  }

  /// A measure against something that was varied.
  public struct Curve: Codable, Sendable, Equatable {
    /// A point.
    public struct Point: Codable, Sendable, Equatable {
      /// What was varied.
      public var x: Double
      /// The measure.
      public var y: Double

      /// A point.
      public init(x: Double, y: Double) {
        self.x = x
        self.y = y
      }
    }

    /// What it shows: `spatial occlusion`.
    public var name: String
    /// What was varied, with its unit.
    public var x_label: String
    /// The measure, with its unit.
    public var y_label: String
    /// The points, by rising x.
    public var points: [Point]

    /// A curve.
    public init(_ name: String, x: String, y: String, points: [Point]) {
      self.name = name
      x_label = x
      y_label = y
      self.points = points
    }
  }

  /// The known and the found actions of one recording.
  public struct Timeline: Codable, Sendable, Equatable {
    /// The recording's name.
    public var video: String
    /// What is known; classes from 0, frames from 0, the end exclusive.
    public var truth: [TimedAction]
    /// What was found, with scores.
    public var detections: [TimedAction]

    /// The actions of a recording.
    public init(_ video: DetectedVideo) {
      self.video = video.name
      truth = video.truths
      detections = video.found
    }
  }

  /// An encoder that was measured.
  public struct Checkpoint: Codable, Sendable, Equatable {
    /// The checkpoint's file name, or `untrained`.
    public var file: String
    /// SHA-256 of the checkpoint's arrays; empty when untrained.
    public var sha256: String
    /// The settings of the pre-training, as YAML.
    public var pretrain_recipe: String
    /// What it was trained on, where its file says so.
    public var origin: CheckpointOrigin?
  }

  /// How well the actions of one class were detected.
  public struct DetectedClass: Codable, Sendable, Equatable {
    /// The class: `A001`.
    public var name: String
    /// Actions that are known.
    public var actions: Int
    /// Actions that were found.
    public var detections: Int
    /// The VOC-style average precision in percent, by the least overlap of a right detection: `0.1`.
    public var average_precision: [String: Double]
  }

  /// The task: `linear`, `retrieval`.
  public var task: String
  /// What was measured; the first is the headline.
  public var measures: [Measure]
  /// How classes were told apart, of the test samples themselves.
  public var classification: Classification?
  /// How well each class was detected that has actions in the test recordings.
  public var detected_classes: [DetectedClass]?
  /// Measures against what was varied.
  public var curves: [Curve]?
  /// What was found in untrimmed recordings.
  public var timelines: [Timeline]?
  /// True where something was chosen by its accuracy on the test samples, such as the best epoch.
  public var selected_on_test: Bool?
  /// What the classes are called, in the order of their labels; nil where nobody has said, and in results of earlier
  /// versions.
  public var class_names: [String]?
  /// The split's name.
  public var split: String
  /// How many samples each side has: `train`, `test`, and the variants by their names.
  public var samples: [String: Int]
  /// SHA-256 of the manifests of the sides' data.
  public var data: [String: String]
  /// What the sides are, by the same names; nil in results of earlier versions.
  public var sides: [String: Side]?
  /// True where data of another profile were accepted; `notes` says which.
  public var accepted_other_profile: Bool?
  /// What has to be known of the data; nil for nothing.
  public var notes: [String]?
  /// The encoders.
  public var checkpoints: [Checkpoint]
  /// The evaluation's settings, as YAML.
  public var recipe: String

  /// SHA-256 of all that decided the result, the program's versions of it included; nil where it is not known.
  public var key: String?
  /// SHA-256 of the arrays of the head beside the result; nil where there is none.
  public var head_sha256: String?

  /// What was learned, where further recordings can be told apart by it. It is written as a file of its own.
  public var head: TrainedHead?

  private enum CodingKeys: String, CodingKey {
    case task, measures, classification, detected_classes, curves, timelines, selected_on_test, class_names
    case split, samples, data, sides, accepted_other_profile, notes, checkpoints, recipe, key, head_sha256
  }

  /// The result of a task.
  ///
  /// - Parameter recipe: the task's settings.
  public init(_ recipe: some EvaluationTask, of subject: EvaluationSubject, measures: [Measure]) {
    precondition(!measures.isEmpty, "a result without a measure")
    task = type(of: recipe).kind
    self.measures = measures
    split = subject.split
    let names = subject.test.manifest.classNames
    class_names = names.isEmpty ? nil : names
    samples = ["train": subject.train.entries.count, "test": subject.test.entries.count]
    data = ["train": subject.train.digest, "test": subject.test.digest]
    sides = ["train": Side(subject.train), "test": Side(subject.test)]
    accepted_other_profile = subject.notes.accepted.isEmpty ? nil : true
    notes = subject.notes.all.isEmpty ? nil : subject.notes.all
    for variant in subject.variants {
      samples[variant.name] = variant.test.entries.count
      data[variant.name] = variant.test.digest
      sides?[variant.name] = Side(variant.test)
    }
    checkpoints = subject.encoders.map {
      Checkpoint(file: $0.name, sha256: $0.digest, pretrain_recipe: $0.recipe.yaml, origin: $0.origin)
    }
    self.recipe = recipe.yaml
  }

  /// The measure that stands for the result.
  public var headline: Measure { measures[0] }

  /// The measure of a name, or nil.
  public func measure(_ name: String, condition: String? = nil) -> Measure? {
    measures.first { $0.name == name && $0.condition == condition }
  }

  /// The names of the checkpoints: `checkpoint.safetensors`.
  public var checkpointNames: String { checkpoints.map(\.file).joined(separator: " + ") }

  /// A class as the data sets name it: `A001` for class 0.
  static func className(_ label: Int) -> String { "A" + String(format: "%03d", label + 1) }

  /// A class in words: `A008 sitting down` of a published data set, `fall` of somebody's own; `A008` where nobody has said
  /// what it is called.
  func title(of label: Int) -> String {
    let name = class_names.flatMap { $0.indices.contains(label) ? $0[label] : nil } ?? ""
    if name.isEmpty { return Self.className(label) }
    return isPublished ? "\(Self.className(label)) \(name)" : name
  }

  /// A class in a word, as short as it can be told: `A008`, or `fall`.
  func shortName(of label: Int) -> String { isPublished ? Self.className(label) : title(of: label) }

  /// Whether the classes are those of a published data set, which has numbers for them.
  private var isPublished: Bool {
    sides?["test"].map { SkeletonDataset(rawValue: $0.dataset) != nil } ?? true
  }

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
    let data: Data
    do { data = try Disk.read(file) } catch let error as InputError where error.kind == .noInput {
      throw InputError(
        file.path, found: "no result", hint: "make one with `skeltrain evaluate`", kind: .noInput)
    }
    if JSONSeal.state(of: data) == .broken {
      throw InputError(
        file.path, at: "seal", found: "a result that was changed since it was written", hint: "measure again")
    }
    self = try JSONFile.read(
      EvaluationResult.self, data, file,
      hint: "this is no result of this version of `skeltrain evaluate`; measure again")
    try check(in: file.path)
    // Whatever wrote a key has sealed it.
    if key != nil && JSONSeal.state(of: data) == .absent {
      throw InputError(file.path, at: "seal", found: "missing", hint: "measure again")
    }
  }

  /// Writes `result.json`, and `head.safetensors` where something was learned, into a folder, which is made if it is
  /// not there, in place of what it has of them.
  public func write(to folder: URL) throws {
    try EvaluationOutput(folder, isReplacing: true).write(self)
  }
}

extension [EvaluationResult.Measure] {
  /// The accuracies of a classification.
  init(_ metrics: ClassificationMetrics, condition: String? = nil) {
    self = [
      EvaluationResult.Measure("top1", metrics.top1, condition: condition),
      EvaluationResult.Measure("top5", metrics.top5, condition: condition),
      EvaluationResult.Measure("mean_class", metrics.meanClass, condition: condition),
    ]
  }
}
