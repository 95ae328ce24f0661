import Recipes
import Shards
import Skeleton

/// Everything that decides what a preparation makes: a data set, its splits and its occluded variants.
public struct PrepareRecipe: RecipeSettings {
  /// The data set that the files belong to.
  public var dataset = SkeletonDataset.ntu60
  /// Folders, archives and single files.
  public var inputs: [String] = []
  /// More inputs, which hold labels.
  public var labels: [String] = []
  /// The folder that becomes the data set.
  public var output = ""
  /// The profile's name.
  public var profile = Profile.agcn300.name
  /// What untrimmed recordings become.
  public var trimming = Trimming.trimmed
  /// How labels count frames.
  public var intervals = IntervalConvention.halfOpen
  /// Which samples are left out: `official`, `none` or a file.
  public var exclude = "official"
  /// The most samples in a shard.
  public var shardSize = 1024
  /// Deflate's level.
  public var compression = ConversionOptions.usualCompression
  /// The splits that are made.
  public var splits: [EvaluationProtocol] = []
  /// The variant in which body parts are hidden.
  public var spatial = Variant()
  /// The variant in which blocks of frames are hidden.
  public var temporal = Variant()
  /// Whether all that was made is read and checked at the end.
  public var verify = true

  /// An occluded variant of the data set.
  public struct Variant: Sendable, Equatable {
    /// Its folder; empty for none.
    public var output = ""
    /// The least and the greatest share that is hidden.
    public var ratio: ClosedRange<Float> = 0.3...0.7
    /// The key of its masks.
    public var seed = 1
    /// The split whose part is hidden from.
    public var split = EvaluationProtocol.xsub
    /// The part of the split.
    public var part = EvaluationProtocol.Part.test
  }

  /// A recipe without inputs.
  public init() {}

  /// The recipe's kind.
  public static let kind = "prepare"

  /// What the recipe is for.
  public static let summary = "From raw text to a data set with splits and occluded variants."

  /// All settings with their ranges.
  public static let settings: [Setting<PrepareRecipe>] =
    [
      .choice("dataset", \.dataset, "the data set that the files belong to"),
      .texts("inputs", \.inputs, "folders, archives and single files of raw text"),
      .texts("labels", \.labels, "PKU-MMD: inputs that hold the labels, if inputs do not"),
      .text("output", \.output, "the folder that becomes the data set"),
      .text("convert.profile", \.profile, "how recordings are normalized"),
      .choice("convert.actions", \.trimming, "PKU-MMD: a sample for each action, or for each recording"),
      .choice("convert.intervals", \.intervals, "PKU-MMD: how labels count frames"),
      .text("convert.exclude", \.exclude, "samples to leave out: official, none, or a file with their names"),
      .integer("convert.shard_size", \.shardSize, 1...1_000_000, "the most samples in a shard"),
      .integer("convert.compression", \.compression, 0...9, "deflate's level for the shards"),
      .choices("splits", \.splits, "the splits that are made"),
      .text(
        "occlude.spatial.output", \.spatial.output,
        "the folder of the variant in which body parts are hidden; empty for none"),
      .range(
        "occlude.spatial.ratio", \.spatial.ratio, 0.01...0.99, "the least and the greatest hidden share"),
      .integer("occlude.spatial.seed", \.spatial.seed, 0...Int(Int32.max), "the key of the masks"),
      .choice("occlude.spatial.split", \.spatial.split, "the split that the part is of"),
      .choice("occlude.spatial.part", \.spatial.part, "the part of the split that is hidden from"),
      .text(
        "occlude.temporal.output", \.temporal.output,
        "the folder of the variant in which blocks of frames are hidden; empty for none"),
      .range(
        "occlude.temporal.ratio", \.temporal.ratio, 0.01...0.99, "the least and the greatest hidden share"),
      .integer("occlude.temporal.seed", \.temporal.seed, 0...Int(Int32.max), "the key of the masks"),
      .choice("occlude.temporal.split", \.temporal.split, "the split that the part is of"),
      .choice("occlude.temporal.part", \.temporal.part, "the part of the split that is hidden from"),
      .flag("verify", \.verify, "whether all that was made is read again and checked"),
    ]

  /// Checks what no single setting can.
  public func checkConsistency(in file: String) throws {
    func refuse(_ key: String, _ found: String, _ expected: String) throws {
      throw InputError(file, at: key, found: found, expected: expected)
    }
    if inputs.isEmpty { try refuse("inputs", "[]", "at least one folder or file of raw text") }
    if output.isEmpty { try refuse("output", "nothing", "a folder") }
    for scheme in splits where !dataset.protocols.contains(scheme) {
      try refuse(
        "splits", scheme.rawValue,
        dataset.protocols.map(\.rawValue).joined(separator: " or ") + " for \(dataset.rawValue)")
    }
    for (name, variant) in variants {
      if !splits.contains(variant.split) {
        try refuse("occlude.\(name).split", variant.split.rawValue, "one of splits")
      }
    }
    let outputs = [output] + variants.map(\.variant.output)
    if Set(outputs).count < outputs.count {
      try refuse("output", outputs.joined(separator: ", "), "a folder for each data set")
    }
    try conversion(jobs: 1).validate()
  }

  /// The variants that are asked for, with the names of their kinds.
  var variants: [(kind: Occlusion.Kind, variant: Variant)] {
    [(Occlusion.Kind.spatial, spatial), (.temporal, temporal)].filter { !$0.1.output.isEmpty }
  }

  /// The conversion that the recipe asks for.
  func conversion(jobs: Int) throws -> ConversionOptions {
    ConversionOptions(
      inputs: inputs, labels: labels, dataset: dataset, output: output, profile: try Profile.named(profile),
      trimming: trimming, intervals: intervals, exclusion: try Exclusion(argument: exclude),
      shardSize: shardSize, compression: compression, jobs: jobs)
  }
}
