import Skeleton

/// When and by what samples a run looks how good its features are.
public struct ProbeSettings: Sendable, Equatable {
  /// Epochs between two looks; 0 for none.
  public var every = 0
  /// The side whose samples are asked about.
  public var part = EvaluationProtocol.Part.train
  /// The share of the training samples that are asked about and not in the gallery.
  public var share: Float = 0.2
  /// Samples that are encoded at most.
  public var samples = 5000

  /// No probe.
  public init() {}
}
