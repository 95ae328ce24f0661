/// What a recording of many actions becomes.
public enum Trimming: String, CaseIterable, Sendable, Codable {
  /// A sample for each action.
  case trimmed
  /// One sample with the table of its actions.
  case untrimmed
}
