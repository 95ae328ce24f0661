/// How the frames of a label row are meant; there is no document that says so.
public enum IntervalConvention: String, CaseIterable, Sendable, Codable {
  /// Frames start to end − 1, counted from 0. In part I of PKU-MMD actions start at 0, and where two touch the end of
  /// one is the start of the next; CMD, PCM3 and MAMP read it so.
  case halfOpen = "half-open"
  /// Frames start to end, counted from 1: start − 1 to end − 1 counted from 0. AimCLR and MMNet read it so.
  case oneBased = "one-based"
  /// Frames start to end, counted from 0.
  case closed
}
