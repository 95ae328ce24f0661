import Formats
import Shards
import Skeleton

/// The recordings that samples were made of, found by name and read when one is asked for.
struct RawRecordings {
  /// A recording, and whether it is the one that the sample was made of.
  struct Found {
    let recording: Recording
    let isSource: Bool
  }

  private let recipe: ConversionRecipe
  private let files: [String: [RawFile]]
  private let reader = RawFileReader()

  /// Lists the inputs, folders, archives and files, and reads nothing.
  ///
  /// - Parameter recipe: how the data set was made of them.
  init(_ inputs: [String], recipe: ConversionRecipe) throws {
    self.recipe = recipe
    let listing = try InputListing(inputs: inputs, extensions: recipe.format.fileExtensions)
    files = Dictionary(grouping: listing.files) {
      recipe.own == nil ? $0.stem : OwnSources.name(of: $0)
    }
  }

  /// The sample's recording, or the part of a longer one that it is; nil if the inputs do not have it.
  func recording(of sample: SampleRecord) throws -> Found? {
    let trimmed = TrimmedName(sample.name)
    let stem =
      recipe.own == nil
      ? trimmed.map { "\($0.video)" } ?? sample.name : String(sample.name.prefix { $0 != "#" })
    guard let files = files[stem] else { return nil }
    let texts = try SourceTexts(
      reading: ConversionPlan.Source(name: stem, files: files), of: recipe.format, with: reader)
    guard let text = texts.recording else { return nil }
    if let own = recipe.own {
      // Which frames an action has stands in a table that is not at hand.
      guard !sample.name.contains("#") else { return nil }
      do {
        return Found(
          recording: try OwnRecording(text, own).recording, isSource: text.digest == sample.digest)
      } catch { throw InputError(text.file, error) }
    }
    do {
      var recording =
        recipe.format == .ntu
        ? try NTUSkeletonText.parse(text.bytes.span) : try PKUSkeletonText.parse(text.bytes.span)
      if let trimmed {
        guard let frames = try frames(of: trimmed, in: recording, labels: texts.labels) else { return nil }
        recording = recording.frames(frames)
      }
      return Found(recording: recording, isSource: text.digest == sample.digest)
    } catch let error as SkeletonTextError {
      throw InputError(text.file.label, found: error.sentence)
    }
  }

  /// Where an action is in its recording, as the conversion read the labels.
  private func frames(
    of name: TrimmedName, in recording: Recording, labels: SourceTexts.Text?
  ) throws -> Range<Int>? {
    guard let labels else { return nil }
    let rows = ActionRows(
      try PKULabelText.parse(labels.bytes.span), frameCount: recording.frameCount,
      convention: recipe.intervals ?? .halfOpen, classCount: recipe.published?.classCount ?? 0)
    return rows.actions.first { $0.index == name.index }.map { $0.start..<$0.end }
  }
}
