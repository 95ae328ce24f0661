import Batches
import Foundation
import Shards
import Skeleton

/// What is measured on what.
public struct EvaluationSubject {
  /// The encoders, one a stream; several are an ensemble.
  public let encoders: [FrozenEncoder]
  /// The split's name, `xview`.
  public let split: String
  /// The split of the test samples.
  public let lists: Split
  /// The samples that are learned from, or searched.
  public let train: SampleSource
  /// The samples that are measured.
  public let test: SampleSource
  /// Variants of the data set whose test samples are measured too, such as occluded ones.
  public let variants: [Variant]
  /// What has to be known of the data, and results say.
  public private(set) var notes = DataNotes()

  /// A variant of the data set.
  public struct Variant: Sendable {
    /// What results call it.
    public let name: String
    /// Its training samples.
    public let train: SampleSource
    /// Its test samples.
    public let test: SampleSource
  }

  /// Encoders and the data that they are measured on.
  ///
  /// - Parameters:
  ///   - encoders: at least one.
  ///   - folder: the data set.
  ///   - split: the split's name in it.
  ///   - trainPart: which side is learned from.
  ///   - testFolder: another data set whose samples are measured, or nil.
  ///   - testSplit: another split of which they are, or nil.
  ///   - testPart: which side is measured.
  ///   - variants: folders of further test samples, each with its name.
  ///   - isAccepted: whether data of another profile than the encoders' are measured all the same.
  ///   - memory: bytes of decoded frames that each side may keep.
  /// - Throws: an `InputError` if a data set or a split is not there, data do not belong to each other or to an encoder,
  ///   or a measured sample is learned from.
  public init(
    encoders: [FrozenEncoder], folder: URL, split: String, trainPart: EvaluationProtocol.Part = .train,
    testFolder: URL? = nil, testSplit: String? = nil, testPart: EvaluationProtocol.Part = .test,
    variants: [(name: String, folder: URL)] = [], isAccepted: Bool = false, memory: Int = 4 << 30
  ) throws {
    precondition(!encoders.isEmpty, "no encoder to measure")
    let names = variants.map(\.name)
    guard Set(names).count == names.count, !names.contains("train"), !names.contains("test") else {
      throw InputError(
        "the variants", found: names.joined(separator: ", "),
        expected: "different names, none of them train or test")
    }
    func source(_ folder: URL, _ split: String, _ part: EvaluationProtocol.Part) throws -> SampleSource {
      try SampleSource(DatasetFolder(folder), split: split, part: part, memory: memory)
    }
    self.encoders = encoders
    self.split = split
    let (measured, list) = (testFolder ?? folder, testSplit ?? split)
    lists = try DatasetFolder(measured).split(list)
    train = try source(folder, split, trainPart)
    test = try source(measured, list, testPart)
    self.variants = try variants.map {
      Variant(
        name: $0.name, train: try source($0.folder, split, trainPart),
        test: try source($0.folder, list, testPart))
    }
    notes = try checked(isAccepted: isAccepted)
  }

  /// Compares the sides with each other and with what the encoders were trained on.
  private func checked(isAccepted: Bool) throws -> DataNotes {
    var notes = DataNotes()
    let sides = measured.map { (name: "the \($0.name ?? "test") samples", source: $0.source) }
    for (name, side) in sides {
      notes.add(try SideAgreement(learned: train, measured: side, side: name).check(isAccepted: isAccepted))
    }
    for learned in variants.map(\.train) {
      for (name, side) in sides {
        try SideAgreement(learned: learned, measured: side, side: name).checkApart()
      }
    }
    for encoder in encoders {
      for (name, source) in [("the training samples", train)] + sides {
        notes.add(try encoder.check(reads: source, side: name, isAccepted: isAccepted))
      }
      for (name, source) in sides {
        let folders = [train.folder, source.folder]
        if let note = encoder.note(meeting: source, side: name, folders: folders) { notes.notes.append(note) }
      }
    }
    return notes
  }

  /// Throws if what is to be learned from is what is measured, which only a search can do that leaves each sample out.
  func checkLearnsFromOthers() throws {
    for (name, source) in measured where SideAgreement(learned: train, measured: source, side: "").isOneSide {
      throw InputError(
        "the \(name ?? "test") samples", found: "all of them are learned from",
        expected: "another side than the \(train.part.rawValue) samples of \(train.split)",
        hint:
          "--train-part and --test-part are the same; only retrieval leaves each sample out of its own search"
      )
    }
  }

  /// An encoder alone, for tasks that know no ensemble.
  ///
  /// - Parameter task: what messages call the task.
  /// - Throws: an `InputError` if there are several.
  func onlyEncoder(of task: String) throws -> FrozenEncoder {
    guard encoders.count == 1 else {
      throw InputError(
        "--checkpoint", found: "\(encoders.count) checkpoints", expected: "one for \(task)")
    }
    return encoders[0]
  }

  /// All measured sides: the test samples, without a name, and the variants.
  var measured: [(name: String?, source: SampleSource)] {
    [(nil, test)] + variants.map { ($0.name, $0.test) }
  }
}
