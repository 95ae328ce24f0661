/// Which recordings PKU-MMD has. The rules here give the official lists, name for name.
extension VideoName {
  /// Whether the published data set has this recording.
  ///
  /// Part I: numbers 2 to 364 without 247 to 250, three views each, 0060-L absent: 1,076. Part II: 26 sequences of 13
  /// subjects in three views, five of the middle view absent: 1,009. Source: the lists of the cross-subject protocols.
  public var isOfficial: Bool {
    switch part {
    case .one:
      (2...364).contains(sequence) && !(247...250).contains(sequence) && !(sequence == 60 && camera == 1)
    case .two:
      (1...26).contains(sequence) && (1...13).contains(subject ?? 0)
        && !(camera == 2
          && VideoName.withoutMiddleView.contains { $0.sequence == sequence && $0.subject == subject })
    }
  }

  /// Recordings of part II that were published without their middle view.
  private static let withoutMiddleView = [(5, 4), (7, 12), (8, 12), (14, 12), (20, 1)].map {
    (sequence: $0, subject: Optional($1))
  }
}

extension SkeletonDataset {
  /// The recordings of the published data set, in order: 1,076 of PKU-MMD part I, 1,009 of part II, none of NTU RGB+D.
  public var officialVideos: [VideoName] {
    let all: [VideoName] =
      switch self {
      case .ntu60, .ntu120: []
      case .pkummd1:
        (1...364).flatMap { sequence in
          (1...3).map { VideoName(part: .one, sequence: sequence, subject: nil, camera: $0) }
        }
      case .pkummd2:
        (1...26).flatMap { sequence in
          (1...13).flatMap { subject in
            (1...3).map { VideoName(part: .two, sequence: sequence, subject: subject, camera: $0) }
          }
        }
      }
    return all.filter(\.isOfficial)
  }
}
