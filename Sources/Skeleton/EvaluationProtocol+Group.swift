extension EvaluationProtocol {
  /// What the protocol keeps on one side, of a sample's name: `subject 7`, `camera 2`, `setup 5`; nil where the name does
  /// not tell.
  ///
  /// Of PKU-MMD's part I, whose names tell of no subject, it is what was recorded at a time, by all cameras.
  public func group(ofSample name: String) -> String? {
    if let name = SampleName(name) {
      return switch self {
      case .xsub: "subject \(name.subject)"
      case .xview: "camera \(name.camera)"
      case .xset: "setup \(name.setup)"
      }
    }
    guard let name = VideoName(ofSample: name) else { return nil }
    let part = "of part \(name.part.rawValue)"
    return switch self {
    case .xsub: name.subject.map { "subject \($0) \(part)" } ?? "recording \(name.sequence) \(part)"
    case .xview: "camera \(name.camera) \(part)"
    case .xset: nil
    }
  }
}
