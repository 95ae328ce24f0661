extension Profile {
  /// PYSKL's annotations and what its pipelines make of them at once when they load them, `PreNormalize3D`.
  ///
  /// PYSKL stores float16, whose step at 3 m is 2 mm, more than many joints move between frames, and normalizes after
  /// reading; here all is float32. Frames without the fuller of two bodies are left out; clips have any length, and
  /// an absent second body is zeros. Source: `tools/data/ntu_preproc.py` and
  /// `pyskl/datasets/pipelines/pose_related.py` of kennymckormick/pyskl.
  public static func pyskl(gaps: BodySelection.Gaps = .kept) -> Profile {
    Profile(
      name: "pyskl" + gaps.suffix,
      bodies: .ids(gaps: gaps, rules: BodySelection.sgnRules(overlap: 0)),
      steps: [
        .trimEmptyEnds,
        .putEarlierBodyFirst,
        .keepFramesOfFullerBody,
        .centreOnFirstFrame(joint: 1),
        .rotate(from: 0, to: 1, onto: .z),
        .rotate(from: 4, to: 8, onto: .x),
      ])
  }
}
