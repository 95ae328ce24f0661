import Shards
import Skeleton

/// What a checkpoint says of the data that it was trained on.
public struct CheckpointOrigin: Codable, Sendable, Equatable {
  /// The kind of data.
  public var kind: DataKind
  /// The split's name and its side: `xview train`.
  public var split: String
  /// The split's protocol: `xview`.
  public var split_protocol: String
  /// SHA-256 of which samples are on which side: `Split.membership`.
  public var split_sha256: String

  /// The side of a split of data.
  public init(kind: DataKind, split: String, protocol scheme: String, membership: String) {
    (self.kind, self.split, split_protocol, split_sha256) = (kind, split, scheme, membership)
  }

  /// What the texts of a checkpoint say; nil for one of an earlier version, and for weights from elsewhere.
  public init?(_ texts: [String: String]) {
    guard let dataset = texts["dataset"], let profile = texts["profile"], let frame = texts["frame"],
      let split = texts["split"], let scheme = texts["split_protocol"], let membership = texts["split_sha256"]
    else { return nil }
    self.init(
      kind: DataKind(dataset: dataset, profile: profile, steps: texts["profile_sha256"] ?? "", frame: frame),
      split: split, protocol: scheme, membership: membership)
  }

  /// The texts that say it, beside `split`, which every checkpoint has.
  var texts: [String: String] {
    [
      "dataset": kind.dataset, "profile": kind.profile, "profile_sha256": kind.steps, "frame": kind.frame,
      "split_protocol": split_protocol, "split_sha256": split_sha256,
    ]
  }

  /// The split's name, without its side.
  public var splitName: String { split.split(separator: " ").first.map(String.init) ?? split }

  /// The side that was learned from.
  public var part: EvaluationProtocol.Part? {
    split.split(separator: " ").last.flatMap { EvaluationProtocol.Part(rawValue: String($0)) }
  }
}
