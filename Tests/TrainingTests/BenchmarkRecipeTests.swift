import Foundation
import Recipes
import Skeleton
import Testing

@testable import Evaluation

/// Recipes with lists of entries, and what is wrong with them told at its place.
@Suite struct BenchmarkRecipeTests {
  private static let good = """
    kind: benchmark
    title: "A: b"
    split: xsub
    checkpoints:
      - name: PCM3++
        runs: [a, b]
    data:
      - {name: one, from: d/one}
      - {name: two, from: d/two, split: xview, occluded: [d/two-spatial], published: none}
    tasks:
      - task: linear
        name: linear 3
        settings:
          epochs: 3
          optimizer: {rate: 0.5, milestones: [1, 2]}
        data: [two]
      - task: retrieval
    """

  @Test func entriesAreReadAndWritten() throws {
    let recipe = try BenchmarkRecipe(yaml: Self.good, file: "x.yaml")
    #expect(recipe.checkpoints.map(\.runs) == [["a", "b"]] && recipe.data.map(\.split) == ["", "xview"])
    #expect(recipe.tasks.map(\.title) == ["linear 3", "retrieval"])
    let linear = try #require(try recipe.tasks[0].evaluation(in: "x.yaml") as? LinearRecipe)
    #expect(linear.head.epochs == 3 && linear.head.batch == 64)
    #expect(linear.head.fitting.rate == 0.5 && linear.head.fitting.milestones == [1, 2])
    #expect(try BenchmarkRecipe(yaml: recipe.yaml, file: "written.yaml") == recipe, "\(recipe.yaml)")
  }

  @Test(arguments: [
    ("runs: [a, b]", "run: [a, b]", "line 6, column 5", "did you mean runs?"),
    ("          epochs: 3", "          epoch: 3", "line 14, column 7", "did you mean epochs?"),
    ("rate: 0.5", "rate: fast", "line 15, column 25", "a number in"),
    ("  - task: retrieval", "  - task: retrieve", "line 17, column 5", "one of linear, "),
    ("name: two,", "name: one,", "data", "the name one twice"),
    ("data: [two]", "data: [three]", "tasks: linear 3: data", "one of one, two"),
    ("published: none", "published: mine", "line 9", "nwucla"),
    ("split: xsub", "", "data: one: split", "expected a split"),
    ("checkpoints:\n", "checkpoints: 5\nignored:\n", "line 4", "a list of entries"),
  ])
  func whatIsWrongIsToldAtItsPlace(this: String, that: String, place: String, words: String) throws {
    // The text is indented by four in this file, and not in the recipe.
    let text = Self.good.replacing(
      this.hasPrefix("    ") ? String(this.dropFirst(4)) : this,
      with: that.hasPrefix("    ") ? String(that.dropFirst(4)) : that)
    #expect(text != Self.good)
    let error = #expect(throws: InputError.self) { try BenchmarkRecipe(yaml: text, file: "x.yaml") }
    let message = error?.description ?? ""
    #expect(message.hasPrefix("x.yaml") && message.contains(place) && message.contains(words), "\(message)")
  }

  @Test func recipesAreJoinedUnlessTheyDisagree() throws {
    let one = try BenchmarkRecipe(yaml: Self.good, file: "one.yaml")
    var two = one
    two.root = "r"
    #expect(throws: InputError.self) { try BenchmarkPlan([("one.yaml", one), ("two.yaml", two)]) }
    two.checkpoints[0].name = "other"
    two.data = [two.data[0]]
    two.data[0].name = "three"
    two.tasks = [two.tasks[1]]
    let plan = try BenchmarkPlan([("one.yaml", one), ("two.yaml", two)])
    #expect(plan.checkpoints.map(\.runs) == [["a", "b"], ["r/a", "r/b"]])
    #expect(
      plan.data.map(\.from) == ["d/one", "d/two", "r/d/one"]
        && plan.data.map(\.split) == ["xsub", "xview", "xsub"])
    #expect(plan.tasks.map(\.entry.data) == [["two"], ["one", "two"], ["three"]])
    #expect(plan.tasks[2].entry.checkpoints == ["other"])
  }

  @Test func everyPublishedFigureHasASourceAndATask() {
    #expect(PublishedFigure.all.count > 100)
    for figure in PublishedFigure.all {
      #expect((0...100).contains(figure.percent) && figure.source.count > 10 && !figure.method.isEmpty)
      #expect(EvaluationTasks.named(figure.task) != nil, "\(figure.task)")
    }
    let keys = PublishedFigure.all.map {
      "\($0.method) \($0.made) \($0.pretrained) \($0.task) \($0.data) \($0.split) \($0.measure)"
    }
    #expect(Set(keys).count == keys.count)
    // The paper's Table 2, first row.
    let row = PublishedFigure.all.filter { $0.source.hasSuffix("Table 2") && $0.pretrained == "NTU 60" }
    #expect(row.map(\.percent) == [84.8, 73.5, 75.4, 58.8, 88.0, 85.8, 75.5, 69.8, 66.7, 84.8])
  }
}
