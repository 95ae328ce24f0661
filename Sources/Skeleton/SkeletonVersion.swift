/// The version of this package, as commands print it and files record it.
public enum SkeletonVersion {
  /// Semantic version.
  public static let current = "0.1.0"
}
