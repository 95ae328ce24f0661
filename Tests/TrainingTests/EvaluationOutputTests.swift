import Batches
import Foundation
import Encoders
import Methods
import NN
import Recipes
import Reporting
import Shards
import Skeleton
import TensorCore
import Testing
import Training

@testable import Evaluation

/// Results into what is there already.
@Suite struct EvaluationOutputTests {
  private let small: SmallRun
  private var folder: URL { small.folder.appendingPathComponent("result") }

  init() throws { small = try SmallRun() }

  private func subject(
    seed: Int = 1, part: EvaluationProtocol.Part = .train, change: (inout PretrainRecipe) -> Void = { _ in }
  ) throws -> EvaluationSubject {
    var recipe = small.recipe
    recipe.seed = seed
    change(&recipe)
    return try EvaluationSubject(
      encoders: [try FrozenEncoder(untrained: recipe)], folder: small.folder.appendingPathComponent("data"),
      split: "xview", trainPart: part)
  }

  private var task: LinearRecipe {
    var task = LinearRecipe()
    (task.head.epochs, task.head.draws, task.head.fitting.milestones) = (2, 1, [1])
    return task
  }

  /// Does the work unless it is done, as the command does; whether it was done.
  private func evaluate(
    _ task: LinearRecipe, _ subject: EvaluationSubject, isReplacing: Bool = false
  ) throws -> (result: EvaluationResult, isKept: Bool) {
    let output = try EvaluationOutput(folder, isReplacing: isReplacing)
    let key = task.key(on: subject)
    if let kept = try output.kept(key) { return (kept, true) }
    var result = try task.evaluate(subject, mode: .none)
    result.key = key
    return (try output.write(result), false)
  }

  private func refusal(_ work: () throws -> Void) -> InputError? {
    #expect(throws: InputError.self) { try work() }
  }

  @Test func theSameIsKeptAndOtherWorkRefused() throws {
    let first = try evaluate(task, subject())
    #expect(!first.isKept)
    let again = try evaluate(task, subject())
    #expect(again.isKept && again.result == first.result)
    #expect(try Disk.names(in: folder) == ["head.safetensors", "result.json"])

    var other = task
    other.head.epochs = 3
    let bytes = try Disk.read(folder.appendingPathComponent("result.json"))
    for work in [
      { _ = try evaluate(other, subject()) }, { _ = try evaluate(task, subject(seed: 2)) },
      { _ = try evaluate(task, subject(part: .test)) },
    ] {
      let error = refusal(work)
      #expect(error?.kind == .cannotCreate && error?.hint.contains("--force") == true)
    }
    #expect(try Disk.read(folder.appendingPathComponent("result.json")) == bytes)
    #expect(try !evaluate(other, subject(), isReplacing: true).isKept)
    #expect(try evaluate(other, subject()).isKept)
  }

  @Test func whatIsNotWholeIsRefused() throws {
    let file = folder.appendingPathComponent("result.json")
    let result = try evaluate(task, subject()).result
    let text = String(decoding: try Disk.read(file), as: UTF8.self)
    let number = try #require(text.range(of: #""value" : "#))
    var changed = text
    changed.replaceSubrange(number.upperBound..<changed.index(after: number.upperBound), with: "9")
    if changed == text {
      changed.replaceSubrange(number.upperBound..<changed.index(after: number.upperBound), with: "8")
    }
    try Data(changed.utf8).write(to: file)
    #expect(refusal { _ = try EvaluationResult(contentsOf: folder) }?.found.contains("changed") == true)
    #expect(refusal { _ = try evaluate(task, subject()) }?.kind == .cannotCreate)
    // Without its seal it is no better.
    try result.json.write(to: file)
    #expect(refusal { _ = try EvaluationResult(contentsOf: folder) }?.place == "seal")

    try Data(text.utf8).write(to: file)
    #expect(try evaluate(task, subject()).isKept)
    try FileManager.default.removeItem(at: TrainedHead.url(in: folder))
    #expect(refusal { _ = try evaluate(task, subject()) }?.file.hasSuffix("head.safetensors") == true)
  }

  /// A result that learned nothing takes the older one's head away.
  @Test func noHeadOfAnotherResultStays() throws {
    _ = try evaluate(task, subject())
    try RetrievalRecipe().evaluate(subject(), mode: .none).write(to: folder)
    #expect(try Disk.names(in: folder) == ["result.json"])
  }

  @Test func twoDoNotWorkInOneFolder() throws {
    let held = try EvaluationOutput(folder)
    #expect(refusal { _ = try EvaluationOutput(folder) }?.kind == .busy)
    #expect(try held.kept("") == nil)
  }

  /// The same arrays, used in another way, are another encoder: to keys, and to a head.
  @Test func anEncoderIsMoreThanItsArrays() throws {
    let subjects = try [
      subject(), subject { $0.input.stream = .motion }, subject { $0.input.frames = 32 },
      subject { $0.gru.mode = .bidirectional }, subject { $0.batch = 2 },
    ]
    #expect(Set(subjects.map { $0.encoders[0].start }).count == 1)
    #expect(Set(subjects.map(task.key)).count == subjects.count)

    let head = try #require(try task.evaluate(subjects[0], mode: .none).head)
    #expect(throws: Never.self) { try Predictor(head, encoders: subjects[0].encoders) }
    // What decides no feature is no other encoder.
    #expect(throws: Never.self) { try Predictor(head, encoders: subjects[4].encoders) }
    for other in subjects[1...3] {
      #expect(throws: InputError.self) { try Predictor(head, encoders: other.encoders) }
    }
    #expect(throws: InputError.self) { try Predictor(head, encoders: subject(seed: 2).encoders) }
    // A file keeps what it is on, and one that does not say is refused.
    try head.write(to: small.folder)
    let file = TrainedHead.url(in: small.folder)
    #expect(try TrainedHead(contentsOf: file) == head)
    var tensors = try Safetensors(contentsOf: file)
    tensors.metadata["encoders"] = nil
    try tensors.write(to: file)
    let old = try TrainedHead(contentsOf: file)
    #expect(
      refusal { _ = try Predictor(old, encoders: subjects[0].encoders) }?.hint.contains("evaluate again")
        == true)
  }

  @Test func featuresAreKeptWhereTheyAreTheSame() throws {
    let subject = try subject()
    let file = small.folder.appendingPathComponent("features.h5")
    let (encoder, key) = (subject.encoders[0], subject.encoders[0].key(on: subject.test))
    #expect(try FeatureSet.kept(in: file, key: key) == nil)
    let features = try encoder.features(of: subject.test)
    try features.write(to: file, key: key)
    let kept = try #require(try FeatureSet.kept(in: file, key: key))
    #expect(kept.names == features.names && kept.values.values == features.values.values)
    let other = encoder.key(on: subject.train)
    #expect(refusal { _ = try FeatureSet.kept(in: file, key: other) }?.kind == .cannotCreate)
    // A changed number is not the same.
    var bytes = try Disk.read(file)
    let first = features.values.values[0]
    let place = try #require(
      bytes.range(of: Data((0..<4).map { UInt8(truncatingIfNeeded: first.bitPattern >> (8 * $0)) })))
    bytes[place.lowerBound] ^= 1
    try bytes.write(to: file)
    #expect(refusal { _ = try FeatureSet.kept(in: file, key: key) }?.kind == .cannotCreate)
    try Data("notes".utf8).write(to: file)
    #expect(refusal { _ = try FeatureSet.kept(in: file, key: key) }?.kind == .cannotCreate)
  }

  @Test func aPageOfTheSameRunIsBroughtUpToDate() throws {
    var small = small
    try small.train("run")
    let file = small.folder.appendingPathComponent("page.html")
    try RunPage(small.run("run").url, results: []).write(to: file)
    let first = try Disk.read(file)
    try RunPage(small.run("run").url, results: []).write(to: file)
    #expect(try Disk.read(file) == first)
    small.recipe.seed = 2
    try small.train("other")
    let other = try RunPage(small.run("other").url, results: [])
    #expect(refusal { try other.write(to: file) }?.kind == .cannotCreate)
    #expect(try Disk.read(file) == first)
    try other.write(to: file, isReplacing: true)
    try Data("mine".utf8).write(to: file)
    #expect(refusal { try other.write(to: file) }?.kind == .cannotCreate)
  }
}
