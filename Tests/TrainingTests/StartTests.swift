import Foundation
import Encoders
import Methods
import Skeleton
import Testing

@testable import Training

/// Runs that start from weights of another one (`--init`).
@Suite struct StartTests {
  private let small: SmallRun
  private let weights: URL

  init() throws {
    small = try SmallRun()
    try small.train("first")
    weights = small.run("first").checkpoint
  }

  @Test func aRunStartsFromWeightsAndGoesOnWithoutThem() throws {
    let first = try Safetensors(contentsOf: weights)
    let training = try small.training("second", start: weights)
    func byName(_ entries: [Safetensors.Entry]) -> [Safetensors.Entry] {
      entries.sorted { $0.name < $1.name }
    }
    let isTheSame = byName(training.model.store.entries) == byName(first.entries)
    #expect(isTheSame)
    try small.train("second", start: weights)
    #expect(try small.losses("second") != small.losses("first"))
    let texts = try Safetensors(contentsOf: small.run("second").checkpoint).metadata
    #expect(texts["start_sha256"] == first.metadata["sha256"] && first.metadata["start_sha256"] == nil)
    // Given again or not, the weights to start from change nothing in a run that has begun.
    try small.train("parts", start: weights, steps: 3)
    try small.train("parts", resume: true, start: weights, steps: 3)
    try small.train("parts", resume: true)
    #expect(try small.bytes("parts") == small.bytes("second"))
    #expect(try small.losses("parts") == small.losses("second"))
    // Others are refused.
    try small.train("third", steps: 3)
    #expect { try small.train("third", resume: true, start: weights) } throws: {
      "\($0)".contains("other weights")
    }
  }

  @Test func whatDoesNotFitIsListed() throws {
    var tensors = try Safetensors(contentsOf: weights)
    let entries = tensors.entries
    func refusal(_ entries: [Safetensors.Entry]) throws -> String {
      let file = small.folder.appendingPathComponent("other.safetensors")
      try Safetensors(entries, metadata: [:]).write(to: file)
      do { _ = try small.training("x", start: file) } catch { return (error as? InputError)?.found ?? "" }
      return "nothing"
    }
    #expect(try refusal(entries) == "nothing")
    let shorter = entries.filter { $0.name != "encoder_q.fc.2.bias" }
    #expect(try refusal(shorter).contains("1 missing: encoder_q.fc.2.bias"))
    let more = entries + [.init("module.x", shape: [1], .float32([0]))]
    #expect(try refusal(more).contains("1 not expected: module.x"))
    let misshapen = shorter + [.init("encoder_q.fc.2.bias", shape: [4], .float32([0, 0, 0, 0]))]
    #expect(try refusal(misshapen).contains("1 of another shape: encoder_q.fc.2.bias of [4], not [5]"))
    let renamed = entries.map { Safetensors.Entry("module." + $0.name, shape: $0.shape, $0.values) }
    let text = try refusal(renamed)
    #expect(text.contains("\(entries.count) missing: ") && text.contains("and \(entries.count - 4) more"))
    tensors.metadata = [:]
    #expect(throws: InputError.self) { try small.training("y", start: URL(fileURLWithPath: "/nowhere")) }
  }
}
