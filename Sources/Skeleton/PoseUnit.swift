/// What coordinates count.
public enum PoseUnit: String, Sendable, Codable, CaseIterable {
  /// Whichever of the others the lengths of bones speak for.
  case auto
  /// Metres.
  case metres
  /// Centimetres.
  case centimetres
  /// Millimetres.
  case millimetres
  /// Pixels, or whatever else: bodies are scaled until their bones are as long as a person's.
  case body

  /// Metres of one; nil where that is for bones to tell.
  public var metres: Double? {
    switch self {
    case .metres: 1
    case .centimetres: 0.01
    case .millimetres: 0.001
    case .auto, .body: nil
    }
  }
}
