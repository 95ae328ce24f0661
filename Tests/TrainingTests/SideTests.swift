import Batches
import Foundation
import Encoders
import Methods
import Recipes
import Reporting
import Shards
import Skeleton
import Testing
import Training

@testable import Evaluation

/// What is measured was not learned from, and was made as the encoder's data were.
@Suite struct SideTests {
  private let folder: TemporaryFolder
  private var data: URL { folder.url.appendingPathComponent("data") }
  private var names: [String]

  init() throws {
    folder = try TemporaryFolder()
    let data = folder.url.appendingPathComponent("data")
    try SmallGestures.write(to: data)
    names = try DatasetFolder(data).samples().joined().map(\.name)
  }

  /// The data set again under another manifest, as `skelprep occlude` makes it.
  private func other(_ name: String, profile: String = "test", recipe: String = "{\"occlusion\": {}}") throws
    -> URL
  {
    let url = folder.url.appendingPathComponent(name)
    if !FileManager.default.fileExists(atPath: url.path) {
      try SmallGestures.write(to: url, profile: profile, recipe: recipe)
    }
    return url
  }

  private typealias Numbered = (Int, SampleName)

  /// Replaces or adds a split.
  private func split(
    _ name: String, in url: URL, protocol scheme: String = "xview", train: (Numbered) -> Bool,
    test: (Numbered) -> Bool
  ) throws {
    let samples = names.enumerated().compactMap { number, name in SampleName(name).map { (number, $0) } }
    func those(_ isIn: (Numbered) -> Bool) -> [String] { samples.filter(isIn).map { "\($0.1)" } }
    let (train, test) = (those(train), those(test))
    try Split(
      protocolName: scheme, dataset: "ntu60", manifest: try Manifest.digest(of: url), train: train,
      test: test, excluded: names.filter { !train.contains($0) && !test.contains($0) }
    ).write(name, in: url)
  }

  private func untrained() throws -> FrozenEncoder {
    var recipe = PretrainRecipe()
    recipe.input.frames = 16
    (recipe.gru.hidden, recipe.gru.layers) = (4, 1)
    return try FrozenEncoder(untrained: recipe)
  }

  private func subject(
    _ encoder: FrozenEncoder? = nil, from: URL? = nil, split: String = "xview",
    trainPart: EvaluationProtocol.Part = .train,
    test: URL? = nil, testSplit: String? = nil, testPart: EvaluationProtocol.Part = .test,
    variants: [(name: String, folder: URL)] = [], isAccepted: Bool = false
  ) throws -> EvaluationSubject {
    try EvaluationSubject(
      encoders: [encoder ?? untrained()], folder: from ?? data, split: split, trainPart: trainPart,
      testFolder: test, testSplit: testSplit, testPart: testPart, variants: variants, isAccepted: isAccepted)
  }

  /// A checkpoint of a short run on a data set.
  private func trained(on url: URL, split: String = "xview", to run: String) throws -> URL {
    var recipe = PretrainRecipe()
    (recipe.batch, recipe.epochs) = (4, 1)
    recipe.input.frames = 16
    (recipe.gru.hidden, recipe.gru.layers) = (4, 1)
    (recipe.pcm3pp.projection, recipe.pcm3pp.decoder, recipe.pcm3pp.queue) = (5, 7, 16)
    recipe.rates.milestones = []
    let output = folder.url.appendingPathComponent(run)
    var training = try Pretraining(
      recipe, source: SampleSource(DatasetFolder(url), split: split, part: .train), split: "\(split) train",
      run: RunFolder(output), resume: false, mode: .none)
    try training()
    return output
  }

  /// The fault: a variant that was split by another protocol under the same name, three quarters of whose test samples
  /// the training side had.
  @Test func aSampleThatIsLearnedFromIsNotMeasured() throws {
    let hidden = try other("hidden")
    #expect(throws: Never.self) { try subject(test: hidden) }
    try split("xview", in: hidden, protocol: "xsub", train: { $0.0 % 2 == 0 }, test: { $0.0 % 2 == 1 })
    for variants in [[], [(name: "hidden", folder: hidden)]] {
      #expect { try subject(test: variants.isEmpty ? hidden : nil, variants: variants) } throws: {
        "\($0)".contains("12 of 18 are learned from: S001C002P")
      }
    }
    // Another split of the same data set.
    try split("halves", in: data, protocol: "other", train: { $0.0 % 2 == 0 }, test: { $0.0 % 2 == 1 })
    #expect { try subject(testSplit: "halves") } throws: { "\($0)".contains("are learned from") }
    // Sides of one split that are the same.
    #expect(throws: Never.self) { try RetrievalRecipe().evaluate(subject(trainPart: .test), mode: .none) }
    let same = try subject(trainPart: .test)
    for task in [LinearRecipe(), OccludedRecipe(), RobustnessRecipe(), FineTuneRecipe(), TransferRecipe()]
      as [any EvaluationTask]
    where !(task is OccludedRecipe) {
      #expect("\(task)") { try task.evaluate(same, mode: .none) } throws: {
        "\($0)".contains("all of them are learned from")
      }
    }
    #expect {
      try SemiSupervisedRecipe(nil, changing: ["percents=[100]"]).evaluate(same, mode: .none)
    } throws: {
      "\($0)".contains("all of them are learned from")
    }
    // With a variant the very same samples would be found, only hidden.
    let whole = try other("whole")
    #expect { try subject(trainPart: .test, variants: [("whole", whole)]) } throws: {
      "\($0)".contains("the whole samples: 12 of 12 are learned from")
    }
  }

  /// Samples that are nobody's training samples, and yet of a camera or a person that is.
  @Test func whatAProtocolKeepsApartStaysApart() throws {
    try split("few", in: data, train: { $0.1.camera == 2 }, test: { $0.1.camera == 1 })
    try split("rest", in: data, train: { $0.1.camera == 1 }, test: { $0.1.camera != 1 })
    // Cameras 2 and 3 are measured, and camera 2 is learned from.
    #expect { try subject(split: "few", testSplit: "rest") } throws: { "\($0)".contains("are learned from") }
    try split("late", in: data, train: { _ in false }, test: { $0.1.camera == 2 && $0.0 > 18 })
    try split("early", in: data, train: { $0.1.camera == 2 && $0.0 < 18 }, test: { $0.1.camera == 1 })
    #expect { try subject(split: "early", testSplit: "late") } throws: {
      "\($0)".contains("camera 2, which the training samples are of too")
    }
    #expect(throws: Never.self) { try subject(split: "early", testSplit: "xview") }
    // By another protocol these are apart: everybody acts once here.
    try split("own", in: data, protocol: "xsub", train: { $0.0 < 18 }, test: { $0.0 >= 18 })
    try split("last", in: data, protocol: "xsub", train: { _ in false }, test: { $0.0 > 30 })
    #expect(throws: Never.self) { try subject(split: "own", testSplit: "last") }
    // A variant whose split of the same name measures what the data set's own leaves out.
    let hidden = try other("hidden")
    try split(
      "early", in: hidden, protocol: "xview", train: { $0.1.camera == 2 && $0.0 < 18 },
      test: { $0.1.camera == 3 })
    #expect { try subject(split: "early", test: hidden) } throws: {
      "\($0)".contains("12 of 12 are elsewhere in the split early") && "\($0)".contains("not in excluded")
    }
  }

  @Test func groupsAreThoseOfTheNames() {
    let groups = EvaluationProtocol.allCases.map { scheme in
      ["S005C002P007R001A001", "0291-L", "0291-M#3", "A01N07-R", "mine"].map { scheme.group(ofSample: $0) }
    }
    #expect(
      groups == [
        ["subject 7", "recording 291 of part 1", "recording 291 of part 1", "subject 7 of part 2", nil],
        ["camera 2", "camera 1 of part 1", "camera 2 of part 1", "camera 3 of part 2", nil],
        ["setup 5", nil, nil, nil, nil],
      ])
  }

  /// The fault: an encoder of one profile is measured on data of another, and not a word.
  @Test func dataOfAnotherProfileAreRefusedAndAcceptedOnRequest() throws {
    let raw = try other("raw", profile: "raw", recipe: "{\"profile\": {\"name\": \"raw\"}}")
    let encoder = try FrozenEncoder(checkpoint: try trained(on: data, to: "run"))
    #expect(encoder.origin?.kind == (try DataKind(DatasetFolder(data).manifest)))
    #expect(try subject(encoder).notes.all.isEmpty)
    for attempt in [
      { try subject(encoder, from: raw, isAccepted: $0) },
      { try subject(encoder, test: raw, isAccepted: $0) },
      { try subject(encoder, variants: [("raw", raw)], isAccepted: $0) },
      { try subject(untrained(), test: raw, isAccepted: $0) },
    ] as [(Bool) throws -> EvaluationSubject] {
      #expect { try attempt(false) } throws: {
        "\($0)".contains("of the profile raw; expected of test") && "\($0)".contains("--accept-other-profile")
      }
      let result = try RetrievalRecipe().evaluate(attempt(true), mode: .none)
      #expect(result.accepted_other_profile == true)
      #expect(
        result.notes?.contains { $0.hasPrefix("accepted: ") && $0.contains("of the profile raw") } == true)
    }
    // The same name for other steps.
    let steps = try other("steps", recipe: "{\"profile\": {\"name\": \"test\", \"steps\": []}}")
    #expect { try subject(encoder, test: steps) } throws: { "\($0)".contains("of one with no steps") }
    // Features alone.
    let source = try SampleSource(DatasetFolder(raw), split: "xview", part: .test)
    #expect(throws: InputError.self) {
      try encoder.check(reads: source, side: "the samples", isAccepted: false)
    }
    #expect(try encoder.check(reads: source, side: "the samples", isAccepted: true).accepted.count == 1)
  }

  /// A checkpoint of an earlier version, or weights from elsewhere, cannot be compared, which is said.
  @Test func aCheckpointThatDoesNotSayItsDataIsMeasuredWithANote() throws {
    let run = RunFolder(try trained(on: data, to: "run"))
    var tensors = try Safetensors(contentsOf: run.checkpoint)
    for text in ["dataset", "profile", "profile_sha256", "frame", "split_protocol", "split_sha256"] {
      tensors.metadata[text] = nil
    }
    try tensors.write(to: run.checkpoint)
    let encoder = try FrozenEncoder(checkpoint: run.url)
    #expect(encoder.origin == nil)
    // The digest of its data tells that these are they.
    #expect(try subject(encoder).notes.all.isEmpty)
    let raw = try other("raw", profile: "raw")
    let notes = try subject(encoder, from: raw).notes.all
    #expect(notes.count == 2 && notes.allSatisfy { $0.contains("does not say how the data") }, "\(notes)")
  }

  /// An encoder that met the test samples in pre-training is measured all the same, and the result says so.
  @Test func whatPretrainingMetIsSaid() throws {
    try split("others", in: data, protocol: "mine", train: { $0.0 % 2 == 0 }, test: { $0.0 % 2 == 1 })
    let encoder = try FrozenEncoder(checkpoint: try trained(on: data, split: "others", to: "run"))
    let result = try RetrievalRecipe().evaluate(subject(encoder), mode: .none)
    #expect(result.notes?.count == 1)
    #expect(
      result.notes?[0].contains("on 6 of the 12 samples of the test samples: others train of ntu60") == true)
    #expect(result.accepted_other_profile == nil)
    #expect(result.checkpoints[0].origin == encoder.origin)
    // Where the split is not to be found, the rule of its protocol tells; where there is no rule, that is said.
    let far = try other("far")
    try FileManager.default.removeItem(at: Split.url("others", in: data))
    #expect(try subject(encoder, from: far).notes.all.first?.contains("cannot be told") == true)
    try split("turned", in: data, train: { $0.1.camera == 1 }, test: { $0.1.camera != 1 })
    let turned = try FrozenEncoder(checkpoint: try trained(on: data, split: "turned", to: "turned-run"))
    #expect(try subject(turned).notes.all.first?.contains("on 12 of the 12 samples") == true)
    try FileManager.default.removeItem(at: Split.url("turned", in: data))
    // By the rule, cameras 2 and 3 train; the run says xview, so only these may have been met.
    #expect(try subject(turned).notes.all.isEmpty)
    let views = try FrozenEncoder(checkpoint: try trained(on: far, to: "far-run"))
    try split("back", in: data, protocol: "back", train: { $0.1.camera == 1 }, test: { $0.1.camera != 1 })
    try FileManager.default.removeItem(at: Split.url("xview", in: data))
    let notes = try subject(views, split: "back").notes.all
    #expect(
      notes.count == 1 && notes[0].contains("may have been pre-trained") && notes[0].contains("24 of the 24"))
  }

  @Test func resultsNameTheirDataAndATableComparesThem() throws {
    let hidden = try other("hidden")
    let (own, covered) = try (
      RetrievalRecipe().evaluate(subject(), mode: .none),
      RetrievalRecipe().evaluate(subject(test: hidden), mode: .none)
    )
    let side = try #require(own.sides?["test"])
    #expect((side.dataset, side.profile, side.split, side.part) == ("ntu60", "test", "xview", .test))
    #expect(side.split_sha256 == (try DatasetFolder(hidden).split("xview").membership))
    let text = ResultTable([("own", own), ("covered", covered)]).description
    for word in [
      "ntu60 test \(own.data["train"]?.prefix(8) ?? "")",
      "test ntu60 test \(covered.data["test"]?.prefix(8) ?? "")",
      "xview \(side.split_sha256.prefix(8))", "are measured on different data", "own | covered",
    ] {
      #expect(text.contains(word), "\(word) is not in\n\(text)")
    }
    #expect(!ResultTable([("own", own), ("again", own)]).description.contains("note:"))
    var old = own
    old.sides = nil
    #expect(ResultTable([("old", old)]).description.contains("of an earlier version"))
  }
}
