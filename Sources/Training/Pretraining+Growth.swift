import Foundation
import Methods
import Reporting
import Skeleton

extension Pretraining {
  /// Says which terms of a step have grown, and refuses a loss from which there is no way back.
  mutating func watch(
    _ step: Step, epoch: Int, index: Int, _ journal: RunJournal, _ line: ProgressLine
  ) throws {
    guard step.loss.isFinite else {
      throw divergence(step, epoch: epoch, index: index, found: "a loss that is not finite")
    }
    let terms = step.terms
    let values =
      [("loss", Double(step.loss))]
      + self.terms.compactMap { name in
        terms[name].map { (name, Double($0)) }
      }
    for growth in progress.watch.add(step: progress.steps + 1, values.map { (term: $0, value: $1) }) {
      let text = "warning: \(growth). The rate may be too high"
      journal.note(text, progress)
      if mode != .none { line.note(text) }
    }
    guard recipe.onDivergence == .stop, progress.watch.isHopeless("loss", Double(step.loss)) else { return }
    throw divergence(
      step, epoch: epoch, index: index, found: "a loss of more than a million times its start",
      otherwise: "; checkpoint.on_divergence: warn goes on")
  }

  private func divergence(
    _ step: Step, epoch: Int, index: Int, found: String, otherwise: String = ""
  ) -> InputError {
    let values = step.terms
    let terms = self.terms.compactMap { name in values[name].map { "\(name) \($0)" } }
    var last =
      saved.map { "\(run.checkpoint.path) is that of step \($0.steps)" } ?? "there is no checkpoint yet"
    if let calm = run.newestCalm(), calm.url != run.checkpoint {
      last += ", and \(calm.url.lastPathComponent), of step \(calm.steps), from before it grew"
    }
    return InputError(
      "epoch \(epoch + 1), batch \(index + 1)", found: "\(found) (\(terms.joined(separator: ", ")))",
      hint: "the step was not taken and \(last). Try a lower optimizer.rate or a longer optimizer.warmup"
        + otherwise)
  }
}
