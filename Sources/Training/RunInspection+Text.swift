import Foundation
import Reporting
import Shards

extension RunInspection: CustomStringConvertible {
  /// The inspection for a terminal.
  public var description: String {
    var lines = [
      "learns from  "
        + (split.map { "\($0)\(kind), manifest \((data ?? "?").prefix(16))" }
          ?? "not known: no checkpoint yet"),
      "settings     " + (changes.isEmpty ? "the defaults" : changes.joined(separator: ", ")),
      "parameters   \(parameters)",
      "done         " + progress,
    ]
    if let rate {
      lines.append(
        "rate         "
          + String(
            format: "%.1f samples/s, %.3f s a step, %.1f %% of it waiting for data", rate.samples_per_second,
            rate.seconds_per_step, rate.wait_share * 100))
    }
    lines += growth.suffix(4).map { "warning      \($0)" }
    if let core = blas_core { lines.append("processor    \(core)") }
    let table = TextTable(
      header: ["mean of", "epoch 1", "epoch \(Int(last["epoch"] ?? 1))", "last step"],
      rows: (losses + ["knn"]).filter { first_epoch[$0] != nil || last_epoch[$0] != nil }.map { name in
        [name] + [first_epoch, last_epoch, last].map { $0[name].map { String(format: "%.4f", $0) } ?? "" }
      })
    let files = TextTable(
      header: ["checkpoint", "epochs", "step", "MB", "state"],
      rows: checkpoints.map { file in
        [
          file.file, file.epochs.map(String.init) ?? "?", file.steps.map(String.init) ?? "?",
          String(format: "%.1f", Double(file.bytes) / 1e6),
          file.problem.map { "damaged: \($0)" } ?? (file.resumable ? "whole" : "whole, model only"),
        ]
      })
    var parts = [lines.joined(separator: "\n"), table.description]
    parts.append(checkpoints.isEmpty ? "no checkpoint yet" : files.description)
    if !journal.isEmpty {
      parts.append("journal\n" + journal.suffix(12).map { "  " + $0 }.joined(separator: "\n"))
    }
    return parts.joined(separator: "\n\n")
  }

  /// ` of ntu60 by agcn300`.
  private var kind: String { origin.map { " of \($0.kind.dataset) by \($0.kind.profile)" } ?? "" }

  private var progress: String {
    let epoch = "epoch \(Int(last["epoch"] ?? 0)) of \(total_epochs)"
    guard let steps = steps_per_epoch, steps > 0, total_epochs > 0 else {
      return "\(logged_steps) steps, \(epoch)"
    }
    let total = total_epochs * steps
    let left = rate?.seconds_left.map { $0 > 0 ? ", about \(ProgressLine.duration($0)) left" : "" } ?? ""
    let share = String(format: "%.1f", 100 * Double(logged_steps) / Double(total))
    return "\(logged_steps) of \(total) steps (\(share) %), \(epoch)\(left)"
  }
}
