import Foundation
import Testing

@testable import Evaluation

/// What is said of a trained encoder beside the untrained one.
@Suite struct VerdictTests {
  private func result(_ task: String, _ checkpoint: String, _ top1: Double, split: String = "a") throws
    -> EvaluationResult
  {
    let text = """
      {"task": "\(task)", "recipe": "", "split": "\(split)", "samples": {"test": 4}, "data": {"test": "d"},
       "checkpoints": [{"file": "\(checkpoint)", "sha256": "", "pretrain_recipe": ""}],
       "measures": [{"name": "top1", "value": \(top1)}]}
      """
    return try JSONDecoder().decode(EvaluationResult.self, from: Data(text.utf8))
  }

  @Test func pairsThatDifferInTrainingAloneHaveOne() throws {
    let table = try ResultTable([
      ("linear-run", result("linear", "run.safetensors", 78.9)),
      ("linear-none", result("linear", "untrained", 45.5)),
      ("retrieval-run", result("retrieval", "run.safetensors", 50)),
      ("retrieval-none", result("retrieval", "untrained", 59.9)),
    ])
    #expect(table.verdicts.count == 2)
    #expect(table.verdicts[0].hasPrefix("verdict: linear-run: "))
    #expect(table.verdicts[0].hasSuffix("78.9 %, untrained 45.5 %: training has added 33.4 points"))
    #expect(table.verdicts[1].hasSuffix("training has taken 9.9 points away"))
    #expect("\(table)".hasSuffix(table.verdicts[1]))
  }

  @Test func othersHaveNone() throws {
    #expect(
      try ResultTable([
        ("a", result("linear", "run.safetensors", 78.9)),
        ("b", result("linear", "untrained", 45.5, split: "b")),
        ("c", result("retrieval", "untrained", 45.5)),
      ]).verdicts.isEmpty)
    #expect(try ResultTable([("a", result("linear", "untrained", 1))]).verdicts.isEmpty)
  }
}
