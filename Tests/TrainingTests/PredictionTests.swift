import Batches
import Foundation
import Encoders
import Methods
import NN
import Shards
import Skeleton
import TensorCore
import Testing
import Training

@testable import Evaluation

/// From a kept head to what a recording shows, by a layer whose answer is known.
@Suite struct PredictionTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try SmallDataset.write(to: folder.url, samples: 6, shards: 1)
  }

  private var encoder: FrozenEncoder {
    get throws {
      var recipe = PretrainRecipe()
      recipe.gru.hidden = 4
      recipe.gru.layers = 1
      return try FrozenEncoder(untrained: recipe)
    }
  }

  /// A layer that looks at nothing: its biases are the logits.
  private func head(_ logits: [Float]) throws -> TrainedHead {
    let layer = Linear(ParameterStore(seed: 1).root / "fc", from: try encoder.featureCount, to: logits.count)
    layer.weight.value = Tensor.zeros(layer.weight.value.shape)
    layer.bias.value = Tensor(logits, shape: [logits.count])
    return try TrainedHead(
      LinearRecipe(), on: DatasetFolder(folder.url).manifest,
      layers: [TrainedHead.Layer(layer, on: try encoder)])
  }

  @Test func probabilitiesAreTheLayersSoftmax() throws {
    let head = try head([0, log(3), log(4)])
    let data = try DatasetFolder(folder.url)
    let name = try #require(data.samples()[0].last).name
    let clip = try StoredRecording.clip(of: name, in: data, for: head)
    let source = try SampleSource(data, split: "xview", part: .train)
    for entry in source.entries where entry.name == name { #expect(try source.clip(entry) == clip) }
    let prediction = try Predictor(head, encoders: [try encoder])(clip)
    guard case .recognition(let recognition) = prediction else {
      Issue.record("no recognition: \(prediction)")
      return
    }
    for (value, expected) in zip(recognition.probabilities, [1.0 / 8, 3.0 / 8, 4.0 / 8]) {
      #expect(abs(value - expected) < 1e-6)
    }
    #expect(recognition.top(2) == [2, 1])

    let report = PredictionReport(prediction, of: name, by: head, count: 2)
    #expect(PredictionReport.csvHeader(of: head) == "recording,rank,class,name,probability")
    #expect(report.csvLines.map { $0.prefix(name.count + 7) } == ["\(name),1,A003", "\(name),2,A002"])
    #expect(report.csvLines[1].hasSuffix(",0.3750"))
    let strange = PredictionReport(prediction, of: "a,\"b\"", by: head, count: 1)
    #expect(strange.csvLines[0].hasPrefix("\"a,\"\"b\"\"\",1,A003,"))
    #expect(try !report.jsonLine.contains("\n"))
    let content = try JSONSerialization.jsonObject(with: report.json) as? [String: Any]
    let classes = content?["classes"] as? [[String: Any]]
    #expect(content?["recording"] as? String == name && content?["dataset"] as? String == "ntu60")
    #expect(classes?.map { $0["class"] as? String } == ["A003", "A002"])
    #expect(classes?.map { $0["name"] as? String } == ["brushing teeth", "eat meal/snack"])
    #expect(report.text.contains("A003") && report.text.contains("50.0") && !report.text.contains("A001"))
    // Two layers on the same encoder add their logits.
    let both = try Predictor(twice(head), encoders: [try encoder, try encoder])(clip)
    guard case .recognition(let sum) = both else {
      Issue.record("no recognition: \(both)")
      return
    }
    #expect(abs(sum.probabilities[2] - 16.0 / 26) < 1e-6)
  }

  private func twice(_ head: TrainedHead) throws -> TrainedHead {
    try TrainedHead(
      LinearRecipe(), on: DatasetFolder(folder.url).manifest, layers: head.layers + head.layers)
  }

  @Test func aTimelineIsToldInFramesAndSeconds() throws {
    let timeline = Predictor.Prediction.timeline(
      Predictor.Timeline(
        actions: [TimedAction(label: 7, start: 30, end: 75, score: 0.625)], frameCount: 300))
    let report = PredictionReport(timeline, of: "0291-L", by: try head([0, 0]))
    let line = report.text.split(separator: "\n").last.map(String.init) ?? ""
    for word in ["30-74", "1.0-2.5", "A008", "sitting down", "62.5"] {
      #expect(line.contains(word), "\(line)")
    }
    let content = try JSONSerialization.jsonObject(with: report.json) as? [String: Any]
    let actions = content?["actions"] as? [[String: Any]]
    #expect(content?["frames"] as? Int == 300 && content?["frame_rate"] as? Double == 30)
    #expect(actions?.first?["start"] as? Int == 30 && actions?.first?["end"] as? Int == 75)
    #expect(actions?.first?["probability"] as? Double == 0.625)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let head = try head([0, 0])
    let data = try DatasetFolder(folder.url)
    #expect(throws: InputError.self) {
      try StoredRecording.clip(of: "S001C001P001R001A060", in: data, for: head)
    }
    let videos = folder.url.appendingPathComponent("videos")
    try SmallVideos.write(to: videos)
    #expect(throws: InputError.self) {
      try StoredRecording.clip(of: "0002-L", in: DatasetFolder(videos), for: head)
    }
    #expect(throws: InputError.self) { try Predictor(head, encoders: [try encoder, try encoder]) }
    // What no evaluation writes: nothing to choose from, more than there are classes, and statistics of another encoder.
    for (logits, task) in [([], "linear"), ([Float](repeating: 0, count: 61), "linear"), ([1], "detection")] {
      try self.head(logits).write(to: folder.url)
      let file = TrainedHead.url(in: folder.url)
      var kept = try Safetensors(contentsOf: file)
      kept.metadata["task"] = task
      try kept.write(to: file)
      #expect { try TrainedHead(contentsOf: file) } throws: {
        "\($0)".contains("\(file.path): fc.bias: \(logits.count) outputs")
      }
    }
    let layer = TrainedHead.Layer(
      Linear(ParameterStore(seed: 1).root / "fc", from: try encoder.featureCount, to: 2), on: try encoder,
      statistics: [.init("input_norm.running_mean", shape: [3], .float32([0, 0, 0]))])
    let other = try TrainedHead(LinearRecipe(), on: data.manifest, layers: [layer])
    #expect { try Predictor(other, encoders: [try encoder]) } throws: {
      "\($0)".contains("input_norm.running_mean: shape [3]")
    }
    // A head of two layers, of which the file has lost one.
    try twice(head).write(to: folder.url)
    let file = TrainedHead.url(in: folder.url)
    let kept = try Safetensors(contentsOf: file)
    try Safetensors(kept.entries.filter { $0.name != "1.fc.bias" }, metadata: kept.metadata).write(to: file)
    #expect(throws: InputError.self) { try TrainedHead(contentsOf: folder.url) }
  }
}
