import Synchronization

/// Names for files in memory. The library takes two open ones of the same name for the same file, so that one would
/// be read for the other.
enum ImageName {
  private static let count = Atomic<UInt64>(0)

  /// A name that no other file has had.
  static func next() -> String { "image \(count.wrappingAdd(1, ordering: .relaxed).newValue)" }
}
