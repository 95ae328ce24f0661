import Foundation

/// What happened to a run, for people: when it was started, resumed, stopped, and how long it was thought to take.
///
/// Nothing is computed from it, so a journal that cannot be written stops nothing.
struct RunJournal {
  private let file: URL

  /// The journal of a run, whose folder exists.
  init(_ run: RunFolder) { file = run.journal }

  /// Adds a line: the time, the step, and what happened.
  func note(_ event: String, _ progress: Checkpoint.Progress) {
    if !FileManager.default.fileExists(atPath: file.path) { try? Data().write(to: file) }
    guard let handle = try? FileHandle(forWritingTo: file) else { return }
    defer { try? handle.close() }
    let line = event.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.joined(
      separator: " ")
    let text = "\(Date().ISO8601Format()) step \(progress.steps): \(line)\n"
    _ = try? handle.seekToEnd()
    try? handle.write(contentsOf: Data(text.utf8))
  }

  /// The lines of a run's journal.
  static func lines(_ run: RunFolder) -> [String] {
    let text = (try? String(contentsOf: run.journal, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }
}
