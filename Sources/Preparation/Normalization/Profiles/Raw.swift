extension Profile {
  /// ST-GCN's arrays: the first two bodies of each frame's list, in camera space, up to the recording's end.
  ///
  /// ST-GCN pads with zeros to 300 frames and fails on longer recordings. Source: `tools/ntu_gendata.py` of
  /// yysijie/st-gcn.
  public static let stgcn = Profile(name: "stgcn", bodies: .firstPlaces, steps: [.cut(frames: 300)])

  /// The first two bodies to appear, each followed by its id, and nothing else changed.
  ///
  /// For looking at what was recorded, and for programs with a normalization of their own.
  public static let raw = Profile(name: "raw", bodies: .ids(gaps: .kept, rules: []), steps: [])
}
