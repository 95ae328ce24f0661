import Models

extension PretrainRecipe {
  /// What an encoder can learn from.
  public enum Method: String, CaseIterable, Sendable {
    /// PCM3++ or what the settings leave of it.
    case pcm3pp
    /// Writing sequences down again from their features.
    case autoencoder
  }

  /// The method with fresh parameters.
  public func fresh(seed: UInt64) -> any PretrainingMethod {
    switch method {
    case .pcm3pp: PCM3PlusPlus(model, seed: seed)
    case .autoencoder:
      SequenceAutoencoder(encoder: model.encoder, decoder: model.decoder, isFixed: fixedDecoder, seed: seed)
    }
  }
}
