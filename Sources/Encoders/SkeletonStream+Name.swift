import Batches

extension SkeletonStream {
  /// What the names of a stream's encoders and queue end in, as CMD's released code has them: nothing for joints.
  public var suffix: String { self == .joint ? "" : "_\(rawValue)" }
}
