import Foundation
import Recipes
import Skeleton
import Testing

@testable import Evaluation
@testable import Training

/// A run whose loss grows says so, and ends before it is beyond hope.
@Suite struct GrowthTests {
  private var small: SmallRun

  init() throws {
    small = try SmallRun(gestures: 36)
    // Masked prediction at a rate that gets far too high after some calm steps.
    small.recipe = try PretrainRecipe(
      RecipeTests.root.appendingPathComponent("pipelines/pretrain/masked.yaml"),
      changing: [
        "batch=4", "epochs=12", "input.frames=16", "encoder.hidden=6", "encoder.layers=1",
        "method.decoder.hidden=48", "method.queue=16", "optimizer.rate=1", "optimizer.warmup=12",
        "checkpoint.keep=1",
      ])
  }

  private func told(_ values: [Double]) -> [Int] {
    var watch = GrowthWatch()
    return values.enumerated().flatMap { index, value in
      watch.add(step: index + 1, [(term: "loss", value: value)]).map(\.step)
    }
  }

  @Test func aTermIsToldOfOnceAndWhenItIsTenTimesWorse() {
    let calm = [Double](repeating: 2, count: 10)
    #expect(told(calm + [19, 20, 5, 19.9]) == [])
    #expect(told(calm + [21, 25, 209, 1, 211, 300, 2111]) == [11, 15, 17])
    // The start is a mean: the first value of contrast is far too small, as keys start as their queries.
    #expect(told([0.02] + [Double](repeating: 5, count: 9) + [44, 46]) == [12])
    // Nothing is told of what starts at nothing.
    #expect(told([Double](repeating: 0, count: 10) + [1, 1e9]) == [])
    var watch = GrowthWatch()
    for step in 1...12 {
      let growths = watch.add(step: step, [("a", step < 11 ? 1 : 50), ("b", 1), ("c", step < 12 ? 2 : 21)])
      #expect(growths.map(\.term) == (step == 11 ? ["a"] : step == 12 ? ["c"] : []))
      #expect(watch.isCalm == (step < 11) && GrowthWatch(text: watch.text, isCalm: watch.isCalm) == watch)
    }
    #expect(!watch.isHopeless("a", 1e6) && watch.isHopeless("a", 1.1e6) && !watch.isHopeless("d", 1e30))
    for text in ["a 1 10", "a x 10 10", "a 1 11 10", "a inf 10 10", "a 1 -1 10", "a 1 10 nan", "a"] {
      #expect(GrowthWatch(text: text, isCalm: true) == GrowthWatch())
    }
  }

  @Test func aRunThatGrowsSaysSoEverywhereAndStops() throws {
    let error = try #require(throws: InputError.self) { try small.train("run") }
    #expect(error.found.hasPrefix("a loss of more than a million times its start"), "\(error)")
    let run = small.run("run")
    // The newest from before it grew has stayed, though one is to be kept, and is named.
    let calm = try #require(run.newestCalm())
    let newest = try run.verify(run.checkpoint)
    #expect(try calm.url != run.checkpoint && newest["growing"] == "yes" && run.resumable().count == 2)
    #expect(error.hint.contains("\(calm.url.lastPathComponent), of step \(calm.steps), from before it grew"))
    try run.verify(calm.url)
    let inspection = try RunInspection(run)
    #expect(inspection.growth.count > 4 && calm.steps < inspection.growth[0].step)
    let warnings = inspection.journal.filter { $0.contains("warning: ") }
    #expect(warnings.count >= inspection.growth.count)
    for growth in inspection.growth {
      #expect(warnings.contains { $0.contains(": warning: \(growth). ") }, "\(growth) in \(warnings)")
    }
    let last = try #require(inspection.growth.last)
    #expect(inspection.description.contains("warning      \(last)"))
    #expect(try inspection.json.contains("\"growth\""))
    let page = try RunPage(run.url, results: []).html
    #expect(page.contains("<strong>warning</strong>: \(last)"))
    // The same again when it goes on, from the newest and from the calm one.
    let losses = try small.losses("run")
    #expect(throws: InputError.self) { try small.train("run", resume: true) }
    #expect(try small.losses("run") == losses)
    #expect(throws: InputError.self) { try small.train("run", from: calm.url.lastPathComponent) }
    #expect(try small.losses("run") == losses)
    // Asked to, it goes on beyond that: to the end, or to where there are no numbers any more.
    var other = small
    other.recipe.onDivergence = .warn
    do { try other.train("run", resume: true) } catch let error as InputError {
      #expect(error.found.hasPrefix("a loss that is not finite") || error.found.hasPrefix("a number that"))
    }
    #expect(try small.losses("run").count > losses.count)
  }

  /// What is remembered of growth goes on with the run, to the bit.
  @Test func stopsChangeNothing() throws {
    var small = small
    (small.recipe.rates.rate, small.recipe.epochs, small.recipe.rates.warmup) = (0.4, 5, 5)
    small.recipe.onDivergence = .warn
    try small.train("whole")
    let told = try RunJournal.lines(small.run("whole")).filter { $0.contains("warning: ") }.map {
      $0.dropFirst(21)
    }
    #expect(!told.isEmpty, "a rate at which this grows, and is not over at once")
    for steps in [3, 7] {
      while try small.train("in \(steps)", resume: true, steps: steps) == .stopped {}
      #expect(try small.bytes("in \(steps)") == small.bytes("whole"))
      #expect(try small.losses("in \(steps)") == small.losses("whole"))
      let lines = try RunJournal.lines(small.run("in \(steps)"))
      #expect(lines.filter { $0.contains("warning: ") }.map { $0.dropFirst(21) } == told)
    }
  }
}
