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
  ///   - memory: bytes of decoded frames that each side may keep.
  /// - Throws: an `InputError` if a data set or a split is not there.
  public init(
    encoders: [FrozenEncoder], folder: URL, split: String, trainPart: EvaluationProtocol.Part = .train,
    testFolder: URL? = nil, testSplit: String? = nil, testPart: EvaluationProtocol.Part = .test,
    variants: [(name: String, folder: URL)] = [], memory: Int = 4 << 30
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
    for (name, side) in self.measured { try checkClasses(of: side, named: name ?? "test") }
  }

  /// Throws if a side is of a data set whose classes mean something else than those of the training samples.
  private func checkClasses(of side: SampleSource, named name: String) throws {
    // NTU RGB+D 120 continues the numbers of 60; the two parts of PKU-MMD share theirs.
    func family(_ source: SampleSource) -> Substring { source.manifest.dataset.prefix(3) }
    guard family(side) == family(train) else {
      throw InputError(
        "the \(name) samples", found: "the data set \(side.manifest.dataset)",
        expected: "classes as those of the training samples, \(train.manifest.dataset)",
        hint: "classes of different data sets have nothing to do with each other")
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
