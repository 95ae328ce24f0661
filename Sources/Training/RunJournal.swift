import Foundation
import Shards
import Skeleton

/// What happened to a run, for people: when it was started, resumed, stopped, and how long it was thought to take.
///
/// Nothing is computed from it, so a journal that cannot be written stops nothing.
struct RunJournal {
  private let file: URL

  /// The journal of a run, whose folder exists.
  init(_ run: RunFolder) { file = run.journal }

  /// Adds a line: the time, the step, and what happened.
  func note(_ event: String, _ progress: Checkpoint.Progress) {
    let line = event.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.joined(
      separator: " ")
    let text = "\(Date().ISO8601Format()) step \(progress.steps): \(line)\n"
    try? AppendedFile(file).append(Data(text.utf8))
  }

  /// The lines of a run's journal, as far as they are text; none where there is no journal.
  static func lines(_ run: RunFolder) throws -> [String] {
    guard try Disk.isThere(run.journal) else { return [] }
    return String(decoding: try Disk.read(run.journal), as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
