import Skeleton

/// Which samples of a data set train, which test, and which do neither.
struct SplitMembers: Equatable {
  /// Names, in order.
  var train: [String] = []
  /// Names, in order.
  var test: [String] = []
  /// Names, in order: samples of the official list of missing skeletons that were kept all the same, and those of
  /// recordings that are on no list.
  var excluded: [String] = []
  /// Those of `excluded` whose recordings are on no list.
  var unlisted: [String] = []

  /// No samples.
  init() {}

  /// Divides samples by a protocol; each comes into exactly one list.
  ///
  /// - Parameters:
  ///   - names: the samples, in the order of the data set.
  ///   - dataset: the data set.
  ///   - scheme: the protocol.
  ///   - list: what is followed in place of PKU-MMD's own lists.
  ///   - excluding: samples that belong to no side.
  /// - Throws: ``InputError`` for a name that the data set cannot have.
  init(
    of names: [String], in dataset: SkeletonDataset, by scheme: EvaluationProtocol, list: VideoList? = nil,
    excluding: Set<String> = []
  ) throws {
    for text in names {
      let part: EvaluationProtocol.Part?
      if dataset.videoPart == nil {
        guard let name = SampleName(text) else { throw SplitMembers.foreign(text, dataset) }
        part = scheme.part(of: name)
      } else {
        guard let video = VideoName(ofSample: text), dataset.contains(video) else {
          throw SplitMembers.foreign(text, dataset)
        }
        part = list.map { $0.part(of: video) } ?? scheme.part(of: video)
      }
      switch part {
      case _ where excluding.contains(text): excluded.append(text)
      case .train: train.append(text)
      case .test: test.append(text)
      case nil:
        excluded.append(text)
        unlisted.append(text)
      }
    }
  }

  private static func foreign(_ name: String, _ dataset: SkeletonDataset) -> InputError {
    InputError(
      name, found: "a name that no sample of \(dataset.rawValue) has", expected: dataset.exampleName,
      hint: "convert the recordings with the --dataset that they are of")
  }
}
