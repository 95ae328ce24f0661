import Skeleton

/// The label rows of a recording as actions within its frames, and which of them are none.
///
/// The order of the rows in the file does not matter.
public struct ActionRows: Sendable, Equatable {
  /// A row that is an action.
  public struct Action: Sendable, Equatable {
    /// The number of the row, from 0, among all rows ordered by start, end and label, so that an action has the same
    /// number whatever becomes of the others and by whatever convention.
    public let index: Int
    /// The class from 0.
    public let label: Int
    /// The first frame, from 0.
    public let start: Int
    /// The frame after the last.
    public let end: Int
    /// The row as it was written.
    public let row: PKULabelText.Row
    /// Whether the row ends beyond the recording, where the action was cut.
    public let isCut: Bool
  }

  /// A row that is no action.
  public struct Refusal: Sendable, Equatable {
    /// Why a row is no action.
    public enum Reason: String, CaseIterable, Sendable {
      /// Its class is not one of the data set's.
      case badLabel = "bad-label"
      /// It ends before it starts.
      case reversed
      /// It has no frame.
      case empty
      /// It starts before the first frame or after the last.
      case outOfRange = "out-of-range"
      /// Another row has the same class, start and end.
      case duplicate
    }

    /// The row as it was written.
    public let row: PKULabelText.Row
    /// Why it is no action.
    public let reason: Reason
  }

  /// Ordered by start, end and label.
  public let actions: [Action]
  /// Ordered by line.
  public let refused: [Refusal]

  /// Reads the rows of a recording of so many frames.
  ///
  /// - Parameters:
  ///   - rows: the rows, in any order.
  ///   - frameCount: T. A row that starts within the recording and ends beyond it is cut there; one that starts beyond
  ///     it is refused.
  ///   - convention: which frames are meant.
  ///   - classCount: labels are 1 to this number.
  public init(
    _ rows: [PKULabelText.Row], frameCount: Int, convention: IntervalConvention = .halfOpen,
    classCount: Int = 51
  ) {
    // Of rows that are the same action the one of the highest confidence stays, wherever it stands.
    let ordered = rows.sorted {
      ($0.start, $0.end, $0.label, -$0.confidence, $0.line) < (
        $1.start, $1.end, $1.label, -$1.confidence, $1.line
      )
    }
    var actions: [Action] = []
    var refused: [Refusal] = []
    for (index, row) in ordered.enumerated() {
      let start = convention == .oneBased ? row.start - 1 : row.start
      let end = convention == .closed ? row.end + 1 : row.end
      let reason: Refusal.Reason? =
        switch row {
        case _ where !(1...classCount).contains(row.label): .badLabel
        case _ where row.end < row.start: .reversed
        case _ where start >= end: .empty
        case _ where start < 0 || start >= frameCount: .outOfRange
        case _ where index > 0 && ordered[index - 1].isSameAction(as: row): .duplicate
        default: nil
        }
      if let reason {
        refused.append(Refusal(row: row, reason: reason))
      } else {
        actions.append(
          Action(
            index: index, label: row.label - 1, start: start, end: min(end, frameCount), row: row,
            isCut: end > frameCount))
      }
    }
    self.actions = actions
    self.refused = refused.sorted { $0.row.line < $1.row.line }
  }
}

extension PKULabelText.Row {
  /// Whether class, start and end are equal.
  fileprivate func isSameAction(as other: PKULabelText.Row) -> Bool {
    (label, start, end) == (other.label, other.start, other.end)
  }
}
