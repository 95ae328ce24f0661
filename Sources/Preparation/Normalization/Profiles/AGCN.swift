extension Profile {
  /// The preprocessing of 2s-AGCN that skeleton-contrast, CMD, PCM3 and HiCo train on, frames kept ragged.
  ///
  /// Those programs fill an array of 300 frames and store how many frames the file had; the clip is that array up to
  /// that count. Source: `data_gen/ntu_gendata.py` and `data_gen/preprocess.py` of lshiwjx/2s-AGCN.
  public static let agcn300 = Profile(
    name: "agcn300",
    bodies: .slots(4),
    steps: [
      .cut(frames: 300),
      .closeGaps,
      .centre(joint: 1),
      .rotate(from: 0, to: 1, onto: .z),
      .rotate(from: 4, to: 8, onto: .x),
    ])

  /// `agcn300` with its faults mended; no published accuracy is of it.
  ///
  /// The two bodies stay in step: only frames in which neither is seen are left out, for both, and nothing is looped,
  /// so that every frame is one that was recorded and the length is their number. The first body may therefore be
  /// absent in some frames; where it is, the origin stays where it was, and the rotations are those of the first
  /// frame that has it.
  public static let agcn300Sync = Profile(
    name: "agcn300-sync",
    bodies: .slots(4),
    steps: [
      .dropEmptyFrames,
      .cut(frames: 300),
      .centreHolding(joint: 1),
      .rotate(from: 0, to: 1, onto: .z),
      .rotate(from: 4, to: 8, onto: .x),
    ])
}
