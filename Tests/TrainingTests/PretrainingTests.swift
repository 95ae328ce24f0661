import Batches
import Foundation
import Encoders
import Methods
import NN
import Recipes
import Reporting
import Shards
import Skeleton
import Testing

@testable import Training

/// Runs on a small data set of random motion, written by this package's own shard writer.
@Suite struct PretrainingTests {
  private let temporary: TemporaryFolder
  private var folder: URL { temporary.url }
  private var data: URL { folder.appendingPathComponent("data") }

  init() throws {
    temporary = try TemporaryFolder()
    recipe = try Self.small()
    try SmallDataset.write(to: folder.appendingPathComponent("data"), samples: 24, shards: 3)
  }

  private let recipe: PretrainRecipe

  private static func small() throws -> PretrainRecipe {
    var recipe = PretrainRecipe()
    recipe.batch = 4
    recipe.epochs = 3
    try recipe.distil(epochs: 1)
    recipe.input.frames = 16
    recipe.gru.hidden = 6
    recipe.gru.layers = 2
    recipe.pcm3pp.projection = 5
    recipe.pcm3pp.decoder = 7
    recipe.pcm3pp.queue = 16
    recipe.rates.milestones = [2]
    return recipe
  }

  private func source(memory: Int = 1 << 30) throws -> SampleSource {
    try SampleSource(DatasetFolder(data), split: "xview", part: .train, memory: memory)
  }

  private func train(_ recipe: PretrainRecipe, _ name: String, resume: Bool = false, memory: Int = 1 << 30)
    throws
  {
    let run = RunFolder(folder.appendingPathComponent(name))
    var training = try Pretraining(
      recipe, source: source(memory: memory), split: "xview train", run: run, resume: resume, mode: .none)
    try training()
  }

  /// The columns of a run's log that depend on the recipe alone.
  private func losses(_ name: String) throws -> [[Substring]] {
    try String(
      contentsOf: folder.appendingPathComponent(name).appendingPathComponent("log.csv"), encoding: .utf8
    )
    .split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).dropLast(3).map(\.self)
    }
  }

  private func weights(_ name: String) throws -> Safetensors {
    try Safetensors(
      contentsOf: folder.appendingPathComponent(name).appendingPathComponent("checkpoint.safetensors"))
  }

  @Test func twoRunsAreTheSameWithAnyNumberOfWorkers() throws {
    var other = recipe
    other.workers = 3
    try train(recipe, "a")
    try train(other, "b")
    #expect(try losses("a") == losses("b"))
    #expect(try weights("a").entries == weights("b").entries)
    #expect(try losses("a").count == 1 + 4 * (source().entries.count / 4))
  }

  @Test func theSecondStageHasNoContrast() throws {
    try train(recipe, "stages")
    let rows = try losses("stages").dropFirst()
    for row in rows {
      let isSecond = row[1] == "4"
      #expect(row[3..<8].allSatisfy { $0.isEmpty == isSecond })
      #expect(row[8..<13].allSatisfy { !$0.isEmpty })
    }
  }

  @Test func aFolderWithARunIsRefused() throws {
    try train(recipe, "once")
    #expect(throws: InputError.self) { try train(recipe, "once") }
    var other = recipe
    other.rates.rate = 0.5
    #expect { try train(other, "once", resume: true) } throws: { error in
      "\(error)".contains("rate: 0.02")
    }
  }

  @Test func aLossThatIsNotFiniteStopsTheRun() throws {
    var wild = recipe
    wild.rates.rate = 10
    wild.optimizer.weightDecay = 1
    wild.optimizer.momentum = 0.99
    wild.epochs = 200
    wild.rates.milestones = []
    #expect { try train(wild, "wild") } throws: { error in
      guard let error = error as? InputError else { return false }
      return error.hint.contains("optimizer.rate")
    }
  }

  @Test func theOrderIsARearrangementAndBoundedInMemory() throws {
    let source = try source()
    let order = source.order(seed: 1, epoch: 0)
    #expect(Set(order.map(\.name)) == Set(source.entries.map(\.name)) && order.count == source.entries.count)
    #expect(order != source.order(seed: 1, epoch: 1) && order == source.order(seed: 1, epoch: 0))
    // With little memory a shard is finished before the next one starts.
    let small = try self.source(memory: 1)
    let shards = small.order(seed: 1, epoch: 0).map(\.shard)
    #expect(zip(shards, shards.dropFirst()).count { $0 != $1 } == Set(shards).count - 1)
    for entry in small.entries { #expect(try small.clip(entry) == source.clip(entry)) }
  }
}
