/// Which programs' arrays are written.
public enum ExportLayout: String, CaseIterable, Sendable {
  /// What 2s-AGCN, skeleton-contrast, CMD and PCM3 read: `train_data_joint.npy` (N, 3, 300, 25, 2),
  /// `train_label.pkl` (names, labels) and `train_num_frame.npy`; the test part is called `val`.
  case nctvm300
  /// What CTR-GCN, InfoGCN and MAMP read: one npz of `x_train` (N, 300, 150), `y_train` one-hot, `x_test`, `y_test`.
  case ctrgcn
  /// All frames one after another: `frames` (F, 2, 25, 3), `visible`, and for each sample `start`, `length`, `label`,
  /// `name`.
  case frames

  /// The forms in which a layout is written, the usual one first.
  public var formats: [ExportFormat] {
    switch self {
    case .nctvm300: [.npy]
    case .ctrgcn: [.npz]
    case .frames: [.npz, .npy]
    }
  }

  /// The frames that every sample has in the arrays, nil where each has its own: 300 in those programs, and fewer
  /// where the profile has resized all clips.
  func frameCount(ofProfile name: String) -> Int? {
    if self == .frames { return nil }
    for case .resize(let frames) in (try? Profile.named(name))?.steps ?? [] { return frames }
    return 300
  }
}

/// The kinds of files that are written.
public enum ExportFormat: String, CaseIterable, Sendable {
  /// A file for each array.
  case npy
  /// A file for all arrays.
  case npz
}
