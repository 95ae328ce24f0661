import Foundation
import Reporting
import Skeleton

/// What a recording shows, in words: for a terminal, and as JSON for programs.
public struct PredictionReport: Sendable {
  private let recording: String
  private let prediction: Predictor.Prediction
  private let head: TrainedHead
  private let count: Int

  /// A report on a recording.
  ///
  /// - Parameter count: how many of the likeliest classes are listed.
  public init(_ prediction: Predictor.Prediction, of recording: String, by head: TrainedHead, count: Int = 5)
  {
    self.recording = recording
    self.prediction = prediction
    self.head = head
    self.count = count
    names = head.classNames
    frameRate = head.frameRate
  }

  private let names: [String]
  private let frameRate: Double

  /// What the data set calls a class; empty where it is not known.
  private func name(_ label: Int) -> String {
    names.indices.contains(label) ? names[label] : ""
  }

  /// A table of the likeliest classes, or of the actions in the order of time.
  public var text: String {
    func percent(_ value: Double) -> String { String(format: "%.1f", 100 * value) }
    switch prediction {
    case .recognition(let recognition):
      let rows = recognition.top(count).map { label in
        [EvaluationResult.className(label), name(label), percent(recognition.probabilities[label])]
      }
      return "\(recording)\n\n" + TextTable(header: ["class", "name", "%"], rows: rows).description
    case .timeline(let timeline):
      func seconds(_ frame: Int) -> String { String(format: "%.1f", Double(frame) / frameRate) }
      let rows = timeline.actions.map { action in
        [
          "\(action.start)-\(action.end - 1)", "\(seconds(action.start))-\(seconds(action.end))",
          EvaluationResult.className(action.label), name(action.label), percent(action.score),
        ]
      }
      let title = "\(recording): \(timeline.frameCount) frames, \(timeline.actions.count) actions"
      return rows.isEmpty
        ? title
        : "\(title)\n\n"
          + TextTable(header: ["frames", "seconds", "class", "name", "%"], rows: rows).description
    }
  }

  /// The same as JSON, its names sorted.
  public var json: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
      return try encoder.encode(content) + Data("\n".utf8)
    }
  }

  /// The same as JSON on one line.
  public var jsonLine: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(content), as: UTF8.self)
    }
  }

  /// The titles of the columns of ``csvLines`` for a head.
  public static func csvHeader(of head: TrainedHead) -> String {
    head.task == DetectionRecipe.kind
      ? "recording,start,end,class,name,probability" : "recording,rank,class,name,probability"
  }

  /// A line of CSV for each of the likeliest classes, or for each action with its first frame and the one behind its last.
  public var csvLines: [String] {
    func line(_ cells: [String]) -> String {
      cells.map { cell in
        cell.contains { $0 == "," || $0 == "\"" || $0.isNewline }
          ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
      }.joined(separator: ",")
    }
    func text(_ value: Double) -> String { String(format: "%.4f", value) }
    return switch prediction {
    case .recognition(let recognition):
      recognition.top(count).enumerated().map { rank, label in
        line([
          recording, "\(rank + 1)", EvaluationResult.className(label), name(label),
          text(recognition.probabilities[label]),
        ])
      }
    case .timeline(let timeline):
      timeline.actions.map { action in
        line([
          recording, "\(action.start)", "\(action.end)", EvaluationResult.className(action.label),
          name(action.label), text(action.score),
        ])
      }
    }
  }

  private struct Content: Encodable {
    let recording: String
    let task: String
    let dataset: String
    var classes: [Class]?
    var frames: Int?
    var frame_rate: Double?
    var actions: [Action]?
  }

  private struct Class: Encodable {
    let `class`: String
    let name: String
    let probability: Double
  }

  /// Frames from `start` to the one before `end`.
  private struct Action: Encodable {
    let `class`: String
    let name: String
    let start: Int
    let end: Int
    let probability: Double
  }

  private var content: Content {
    var content = Content(recording: recording, task: head.task, dataset: head.dataset)
    switch prediction {
    case .recognition(let recognition):
      content.classes = recognition.top(count).map {
        Class(
          class: EvaluationResult.className($0), name: name($0), probability: recognition.probabilities[$0])
      }
    case .timeline(let timeline):
      (content.frames, content.frame_rate) = (timeline.frameCount, frameRate)
      content.actions = timeline.actions.map {
        Action(
          class: EvaluationResult.className($0.label), name: name($0.label), start: $0.start, end: $0.end,
          probability: $0.score)
      }
    }
    return content
  }
}
