import Batches
import Shards
import Skeleton

/// The untrimmed recordings of one side of a split, with their actions.
struct UntrimmedSource: Sendable {
  /// The recordings.
  let recordings: SampleSource
  /// Their actions, (N).
  let actions: [[TimedAction]]

  /// Reads the table of actions.
  ///
  /// - Parameter side: what messages call the side: `train`.
  /// - Throws: an `InputError` if samples are of one action each, or a recording has none.
  init(_ recordings: SampleSource, side: String) throws {
    self.recordings = recordings
    actions = try recordings.intervals().map { intervals in
      intervals.map { TimedAction(label: $0.label, start: $0.start, end: $0.end) }
    }
    guard actions.contains(where: { !$0.isEmpty }) else {
      throw InputError(
        "the \(side) samples", found: "no table of actions (/intervals)",
        expected: "untrimmed recordings with labels",
        hint: "convert with `skelprep convert RECORDINGS LABELS --dataset pkummd1 --untrimmed --output DIR`")
    }
    let unlabelled = zip(recordings.entries, actions).filter { $0.1.isEmpty }.map(\.0.name)
    guard unlabelled.isEmpty else {
      throw InputError(
        "the \(side) samples",
        found:
          "\(unlabelled.count) recordings without actions: \(unlabelled.prefix(3).joined(separator: ", "))",
        expected: "labels of every recording",
        hint: "give their label files to `skelprep convert`, or leave them out of the split (`--list`)")
    }
  }

  /// The labels of all actions.
  var labels: [Int] { actions.flatMap { $0.map(\.label) } }
}
