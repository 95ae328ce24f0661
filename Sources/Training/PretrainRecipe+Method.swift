import Batches
import Models

extension PretrainRecipe {
  /// What an encoder can learn from.
  public enum Method: String, CaseIterable, Sendable {
    /// PCM3++ or what the settings leave of it.
    case pcm3pp
    /// Writing sequences down again from their features.
    case autoencoder
    /// An encoder for each stream, which learn from each other.
    case cmd
  }

  /// The method with fresh parameters.
  public func fresh(seed: UInt64) -> any PretrainingMethod {
    switch method {
    case .pcm3pp: PCM3PlusPlus(model, seed: seed)
    case .cmd: CMD(model, streams: streams, seed: seed)
    case .autoencoder:
      SequenceAutoencoder(encoder: model.encoder, decoder: model.decoder, isFixed: fixedDecoder, seed: seed)
    }
  }

  /// What the encoders read: for all methods but CMD one stream. The first one is that of `encoder_q`'s features.
  public var encoderStreams: [SkeletonStream] { method == .cmd ? streams : [views.stream] }

  /// How the method's batches are made.
  var batchViews: ContrastiveViews {
    var views = views
    if method == .cmd { views.pairs = streams }
    return views
  }
}
