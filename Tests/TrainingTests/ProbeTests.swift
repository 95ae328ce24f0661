import Batches
import Foundation
import Encoders
import Methods
import Recipes
import Shards
import Skeleton
import TensorCore
import Testing

@testable import Evaluation
@testable import Training

/// The probe during pre-training, and the best checkpoint.
@Suite struct ProbeTests {
  private var small: SmallRun

  init() throws {
    small = try SmallRun()
    small.recipe.probe.every = 2
    small.recipe.probe.share = 0.25
    small.recipe.keepEvery = 2
  }

  private func source(_ part: EvaluationProtocol.Part) throws -> SampleSource {
    try SampleSource(DatasetFolder(small.folder.appendingPathComponent("data")), split: "xview", part: part)
  }

  /// The probe's accuracies by epoch, from the log.
  private func accuracies(_ run: RunFolder) throws -> [Int: Double] {
    let log = try LogTable(contentsOf: run.csv)
    let pairs = zip(try #require(log.values("epoch")), try #require(log.values("knn")))
    return Dictionary(
      uniqueKeysWithValues: pairs.compactMap { epoch, knn in knn.map { (Int(epoch ?? 0), $0) } })
  }

  @Test func theAccuracyIsThatOfRetrievalWithTheHeldOutPeople() throws {
    try small.train("run")
    let found = try accuracies(small.run("run"))
    #expect(Set(found.keys) == [2, 4])
    // Each sample of the small data set is of its own person: a quarter of the 16 is held out.
    let source = try source(.train)
    for epoch in [2, 4] {
      let file = small.run("run").url.appendingPathComponent("checkpoint-00000\(epoch).safetensors")
      let features = try FrozenEncoder(checkpoint: file).features(of: source)
      let rows = (0..<features.names.count).map { row in
        Array(features.values.values[(row * 12)..<((row + 1) * 12)]).map(Double.init)
      }
      func cosine(_ a: Int, _ b: Int) -> Double {
        let dot = zip(rows[a], rows[b]).map { $0 * $1 }.reduce(0, +)
        func norm(_ row: [Double]) -> Double { row.map { $0 * $0 }.reduce(0, +).squareRoot() }
        return dot / (norm(rows[a]) * norm(rows[b]))
      }
      let held = try heldOut(source)
      #expect(held.count == 4)
      let gallery = rows.indices.filter { !held.contains($0) }
      let right = held.count { query in
        let nearest = gallery.max { cosine(query, $0) < cosine(query, $1) } ?? 0
        return features.labels[nearest] == features.labels[query]
      }
      #expect(found[epoch] == 25 * Double(right), "epoch \(epoch)")
    }
  }

  /// The rows of the samples that the probe asks about.
  private func heldOut(_ source: SampleSource) throws -> [Int] {
    let names = try Probe(small.recipe, source, test: nil).asked
    return source.entries.indices.filter { names.contains(source.entries[$0].name) }
  }

  @Test func theSamplesDependOnTheSeedAloneAndAreOfOtherPeople() throws {
    let source = try source(.train)
    let probe = try Probe(small.recipe, source, test: nil)
    #expect(try Probe(small.recipe, source, test: nil).asked == probe.asked)
    #expect(Set(probe.asked).isDisjoint(with: probe.shown) && probe.asked.count + probe.shown.count == 16)
    var other = small.recipe
    other.seed = 7
    #expect(try Probe(other, source, test: nil).asked != probe.asked)
    other.probe.samples = 8
    let few = try Probe(other, source, test: nil)
    #expect(few.asked.count == 2 && few.shown.count == 6)
    let tested = try self.source(.test)
    other.probe.part = .test
    other.probe.samples = 1000
    let test = try Probe(other, source, test: tested)
    #expect(Set(test.asked) == Set(tested.entries.map(\.name)) && test.shown.count == 16)
  }

  @Test func aProbedRunLearnsTheSameAndGoesOnToTheBit() throws {
    var plain = small
    plain.recipe.probe.every = 0
    try plain.train("plain")
    try small.train("probed")
    func arrays(_ name: String) throws -> [Safetensors.Entry] {
      try Safetensors(contentsOf: small.run(name).checkpoint).entries
    }
    let isTheSame = try arrays("plain") == arrays("probed")
    #expect(isTheSame)
    #expect(try LogTable(contentsOf: small.run("plain").csv).values("knn") == nil)
    for steps in [3, 4] {
      while try small.train("parts \(steps)", resume: true, steps: steps) == .stopped {}
      #expect(try small.bytes("parts \(steps)") == small.bytes("probed"))
      #expect(try small.losses("parts \(steps)") == small.losses("probed"))
    }
  }

  @Test(arguments: [0, 1]) func theBestEpochIsKept(every: Int) throws {
    var small = small
    small.recipe.probe.every = every
    small.recipe.keepsBest = true
    small.recipe.keepEvery = 1
    try small.train("run")
    let run = small.run("run")
    let log = try LogTable(contentsOf: run.csv)
    let scores = try (1...4).map { epoch in
      every == 0 ? -(log.means(epoch: epoch)["loss"] ?? 0) : try #require(log.means(epoch: epoch)["knn"])
    }
    // Without a probe the second stage, the fourth epoch, starts anew, as its loss has fewer terms.
    let candidates = every == 0 ? [scores[3]] : scores
    let expected = (every == 0 ? 4 : 1) + (candidates.firstIndex(of: candidates.max() ?? 0) ?? 0)
    let best = try Safetensors(contentsOf: run.best)
    #expect(best.metadata["epochs"] == "\(expected)" && best.metadata["best_epochs"] == "\(expected)")
    let kept = run.url.appendingPathComponent("checkpoint-00000\(expected).safetensors")
    #expect(try Data(contentsOf: run.best) == Data(contentsOf: kept))
    #expect(
      try RunInspection(run).checkpoints.contains { $0.file == "best.safetensors" && $0.problem == nil })
    while try small.train("parts", resume: true, steps: 3) == .stopped {}
    #expect(try Data(contentsOf: small.run("parts").best) == Data(contentsOf: run.best))
    #expect(try small.bytes("parts") == small.bytes("run"))
  }

  @Test func aBestOneThatAKillHasLostIsKeptAgain() throws {
    var small = small
    small.recipe.probe.every = 0
    small.recipe.keepsBest = true
    try small.recipe.distil(epochs: 0)
    small.recipe.epochs = 2
    try small.train("run", steps: 4)
    let best = small.run("run").best
    let bytes = try Data(contentsOf: best)
    try FileManager.default.removeItem(at: best)
    try small.train("run", resume: true, steps: 1)
    #expect(try Data(contentsOf: best) == bytes)
  }

  @Test func theTestSideChoosesNothing() {
    var recipe = small.recipe
    recipe.probe.part = .test
    #expect(throws: Never.self) { try recipe.checkConsistency(in: "x") }
    recipe.keepsBest = true
    #expect { try recipe.checkConsistency(in: "x") } throws: { "\($0)".contains("checkpoint.best") }
  }
}
