extension Profile {
  /// The 50 frames that CrosSCLR, AimCLR, HiCLR and ActCLR train on: `{part}_position.npy`.
  ///
  /// Each body has its own origin and its own direction in every frame, so what two persons do to each other is lost.
  /// The motion file of those programs is the difference of raw frames and not made here; theirs ends, where a
  /// recording is shorter than 300 frames, with a jump to 0. A joint at 0 0 0 of a body that is there is moved with
  /// the others. Source: `tools/ntu_gendata.py` and `feeder/NTUDatasets.py` of LinguoLi/CrosSCLR.
  public static let crosscl50 = Profile(
    name: "crosscl50",
    bodies: .firstPlaces,
    steps: [
      .cut(frames: 300),
      .keepCountOfFramesWith(joint: 0),
      .seeWholeBodies,
      .centreEachBody(joint: 20),
      .resize(frames: 50),
      .turnShoulders(from: 4, to: 8),
    ])
}
