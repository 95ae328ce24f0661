import TensorCore

/// Features that several tasks ask an encoder for: each is computed once.
///
/// A class, since the encoders of the tasks share one. Only features of the middle of samples are kept: random crops are
/// other ones in each task.
final class FeatureCache {
  private var kept: [String: FeatureSet] = [:]
  private var bytes = 0
  /// How often features were computed.
  private(set) var computations = 0

  /// Most bytes that are kept; what does not fit any more is computed again.
  static let mostBytes = 2 << 30

  /// The features of a key, see ``FrozenEncoder/key(on:)``, and of a share of each sample.
  func features(_ key: String, share: Float, _ compute: () throws -> FeatureSet) rethrows -> FeatureSet {
    let name = "\(share) \(key)"
    if let features = kept[name] { return features }
    let features = try compute()
    computations += 1
    let size = features.values.count * MemoryLayout<Float>.size
    if bytes + size <= FeatureCache.mostBytes {
      kept[name] = features
      bytes += size
    }
    return features
  }
}
