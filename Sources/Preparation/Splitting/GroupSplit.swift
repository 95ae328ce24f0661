import Skeleton

/// How a data set is divided by what is known of its samples, or by a list.
public struct GroupSplitOptions: Sendable, Equatable {
  /// What samples have in common that stay on one side.
  public enum Key: String, CaseIterable, Sendable {
    /// Who does it.
    case subject
    /// Which camera saw it.
    case camera
    /// The collection setup.
    case setup
    /// The recording, all of its actions.
    case recording
    /// Nothing: each sample is alone.
    case sample
  }

  /// Which groups test.
  public enum Choice: Sendable, Equatable {
    /// These.
    case groups([String])
    /// Each of so many shares of the groups once: a split for each.
    case folds(Int)
    /// Each group once.
    case leaveOneOut
    /// What a file says of each sample: `name,part`.
    case list(String)
  }

  /// What stays on one side.
  public var key: Key
  /// Which groups test.
  public var choice: Choice
  /// The split's name, or what the names of several begin with; nil for the key's.
  public var name: String?
  /// The key of what is drawn.
  public var seed: UInt64 = 1

  /// A division.
  public init(by key: Key, _ choice: Choice) { (self.key, self.choice) = (key, choice) }

  /// The most splits of one call.
  static let mostSplits = 1000

  /// Checks what can be checked without looking at any file.
  ///
  /// - Throws: `InputError` naming the option.
  public func validate() throws {
    if let name, !SplitOptions.isFileName(name) {
      throw InputError(
        "--name", found: "\"\(name)\"", expected: "letters, digits, '-', '_' and '.', at most 100 of them")
    }
    switch choice {
    case .groups(let groups) where groups.isEmpty:
      throw InputError(
        "--test", found: "nothing", expected: "the \(key.rawValue)s that test, parted by commas")
    case .folds(let count) where !(2...GroupSplitOptions.mostSplits).contains(count):
      throw InputError("--folds", found: "\(count)", expected: "2 to \(GroupSplitOptions.mostSplits)")
    default: break
    }
  }

  /// What the split's file says it was divided by.
  var protocolName: String { if case .list = choice { "list" } else { key.rawValue } }
}
