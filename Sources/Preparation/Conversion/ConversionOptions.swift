import Skeleton

/// What a conversion is asked to do.
public struct ConversionOptions: Sendable {
  /// Folders, zip archives and single files, in any order.
  public var inputs: [String]
  /// More inputs, which hold the labels of untrimmed recordings; they may as well be among the others.
  public var labels: [String]
  /// What the files are of.
  public var data: RecordedData
  /// The folder that becomes the data set.
  public var output: String
  /// How recordings are normalized.
  public var profile: Profile
  /// What untrimmed recordings become.
  public var trimming: Trimming
  /// How the data set's labels count frames.
  public var intervals: IntervalConvention
  /// What is kept of a joint besides where it is, without repeats.
  public var columns: [JointColumn]
  /// Which samples are left out, though they may be readable.
  public var exclusion: Exclusion
  /// The most samples that a shard has.
  public var shardSize: Int
  /// deflate's level, 0 to 9.
  public var compression: Int
  /// How many shards are made at the same time. The bytes that are made do not depend on it.
  public var jobs: Int

  /// The level that is used unless another is asked for.
  ///
  /// Level 1 leaves the lower bytes of coordinates as they are but for zeros. Measured on genuine recordings, where it
  /// more than halves the shards' 7.68 MB to 3.67: level 2 makes them smaller by another 6 % and a conversion take a quarter
  /// longer; level 6 gains 8 %, and it takes 30 % longer.
  public static let usualCompression = 1

  /// Options, those with a usual value set to it.
  public init(
    inputs: [String], labels: [String] = [], data: RecordedData, output: String,
    profile: Profile = .agcn300, trimming: Trimming = .trimmed, intervals: IntervalConvention = .halfOpen,
    columns: [JointColumn] = [],
    exclusion: Exclusion = .official, shardSize: Int = 1024,
    compression: Int = ConversionOptions.usualCompression, jobs: Int = 1
  ) {
    self.inputs = inputs
    self.labels = labels
    self.data = data
    self.output = output
    self.profile = profile
    self.trimming = trimming
    self.intervals = intervals
    self.columns = JointColumn.allCases.filter(columns.contains)
    // One's own recordings are on no official list.
    self.exclusion = data.published == nil && exclusion == .official ? .none : exclusion
    self.shardSize = shardSize
    self.compression = compression
    self.jobs = jobs
  }

  /// Options for a published data set.
  public init(
    inputs: [String], labels: [String] = [], dataset: SkeletonDataset, output: String,
    profile: Profile = .agcn300, trimming: Trimming = .trimmed, intervals: IntervalConvention = .halfOpen,
    columns: [JointColumn] = [],
    exclusion: Exclusion = .official, shardSize: Int = 1024,
    compression: Int = ConversionOptions.usualCompression, jobs: Int = 1
  ) {
    self.init(
      inputs: inputs, labels: labels, data: .published(dataset), output: output, profile: profile,
      trimming: trimming, intervals: intervals, columns: columns, exclusion: exclusion, shardSize: shardSize,
      compression: compression, jobs: jobs)
  }

  /// Checks what can be checked without looking at any file.
  ///
  /// - Throws: `InputError` naming the option.
  public func validate() throws {
    func require(_ condition: Bool, _ option: String, _ found: Int, _ expected: String) throws {
      if !condition { throw InputError(option, found: "\(found)", expected: expected) }
    }
    if data.published == nil, case .list = exclusion {
      throw InputError(
        "--exclude", found: "a list", expected: "nothing, for recordings of your own",
        hint: "leave them out of the table of labels, or exclude them by skelprep split --list")
    }
    if inputs.isEmpty {
      throw InputError("INPUT", found: "no input", expected: "folders, .zip or .skeleton files")
    }
    if data.format != .pkummd {
      if trimming == .untrimmed {
        throw InputError(
          "--untrimmed", found: data.name, expected: "pkummd1 or pkummd2",
          hint: data.format == .ntu ? "recordings of NTU RGB+D hold one action each" : "")
      }
      if !labels.isEmpty {
        throw InputError("--labels", found: data.name, expected: "pkummd1 or pkummd2")
      }
    }
    if let column = columns.first {
      if data.format != .ntu {
        throw InputError(
          "--columns", found: column.rawValue, expected: "ntu60 or ntu120",
          hint: data.format == .pkummd ? "the text of PKU-MMD holds coordinates alone" : "")
      }
      if !profile.keepsFrames {
        throw InputError(
          "--columns", found: "--profile \(profile.name)",
          expected: "a profile whose frames are the recording's")
      }
    }
    if trimming == .untrimmed && profile.keepingTime == nil {
      throw InputError(
        "--untrimmed", found: "--profile \(profile.name)",
        expected: "a profile that leaves bodies in their frames",
        hint: "its name without -compressed does")
    }
    try require((1...1_000_000).contains(shardSize), "--shard-size", shardSize, "1 to 1000000 samples")
    try require((0...9).contains(compression), "--compression", compression, "0 to 9")
    try require((1...4096).contains(jobs), "--jobs", jobs, "1 to 4096")
  }
}
