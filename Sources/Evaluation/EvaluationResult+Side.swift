import Batches
import Shards
import Skeleton

extension EvaluationResult {
  /// Samples that were learned from, or measured.
  public struct Side: Codable, Sendable, Equatable {
    /// The data set: `ntu60`.
    public var dataset: String
    /// How it was normalized: `agcn300`.
    public var profile: String
    /// The split's name.
    public var split: String
    /// The split's protocol.
    public var split_protocol: String
    /// SHA-256 of which samples are on which side of the split.
    public var split_sha256: String
    /// The side.
    public var part: EvaluationProtocol.Part

    /// The side that a source is.
    init(_ source: SampleSource) {
      (dataset, profile) = (source.kind.dataset, source.kind.profile)
      (split, part, split_protocol) = (source.split, source.part, source.lists.protocolName)
      split_sha256 = source.lists.membership
    }
  }

  /// What the data of both sides are: `ntu60 agcn300 1f2e3d4c`, the last a manifest; the test side where it is another.
  public var dataText: String {
    func text(_ name: String) -> String {
      let kind = sides?[name].map { "\($0.dataset) \($0.profile) " } ?? ""
      return kind + (data[name] ?? "?").prefix(8)
    }
    return data["train"] == data["test"] ? text("train") : "\(text("train")), test \(text("test"))"
  }

  /// What the splits of both sides are: `xview 1f2e3d4c`; the test side where it is another.
  public var splitText: String {
    func text(_ name: String) -> String {
      sides?[name].map { "\($0.split) \($0.split_sha256.prefix(8))" } ?? split
    }
    return text("train") == text("test") ? text("train") : "\(text("train")), test \(text("test"))"
  }
}
