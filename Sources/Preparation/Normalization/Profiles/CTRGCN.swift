extension Profile {
  /// What stands in the second body's place when a person was alone.
  public enum SecondBody: Sendable {
    /// Nobody: zeros. CTR-GCN's NTU60 data.
    case zero
    /// The first body once more. CTR-GCN's NTU120 data.
    case copy
  }

  /// SGN's preprocessing, which CTR-GCN, InfoGCN, HD-GCN and MAMP train on, frames kept ragged.
  ///
  /// Bodies are followed by id, sorted out by length and spread, ordered by motion and merged where they do not
  /// overlap. Global motion stays, nothing is turned: their feeders turn at random. A joint at 0 0 0 of a body that
  /// is there is moved with the others, since those programs know no joint that was not seen. Source: `data/ntu/` and
  /// `data/ntu120/` of Uason-Chen/CTR-GCN, `get_raw_denoised_data.py` and `seq_transformation.py`.
  public static func ctrgcn(secondBody: SecondBody = .zero, gaps: BodySelection.Gaps = .kept) -> Profile {
    Profile(
      name: "ctrgcn" + (secondBody == .copy ? "-copy" : "") + gaps.suffix,
      bodies: .ids(gaps: gaps, rules: BodySelection.sgnRules(overlap: 1)),
      steps: [.dropEmptyFrames, .cut(frames: 300)] + (secondBody == .copy ? [.copyLoneBody] : []) + [
        .seeWholeBodies, .centreOnFirstFrame(joint: 1),
      ])
  }
}

extension BodySelection {
  /// How SGN tells persons from chairs: at most 11 frames, or wider than 0.8 of the height in 69.754 % of frames.
  ///
  /// SGN's intervals include both ends, and it lets persons share one frame; PYSKL's share none.
  static func sgnRules(overlap: Int) -> [TrackRule] {
    [.dropBrief(frames: 11), .dropWide(ratio: 0.8, share: 0.69754), .orderByMotion, .merge(overlap: overlap)]
  }
}

extension BodySelection.Gaps {
  /// What a profile's name says of it.
  var suffix: String { self == .compressed ? "-compressed" : "" }
}
