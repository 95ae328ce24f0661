import Formats
import Foundation
import Shards
import Skeleton

/// One raw recording, made in memory into what a sample of a data set is.
public struct PreparedRecording: Sendable, Equatable {
  /// The recording's name: its file's, without extension.
  public let name: String
  /// Metres, (T, M=2, V=25, C=3); an absent body is 0.
  public let frames: [Float]

  /// Reads a recording and normalizes it as a data set was.
  ///
  /// - Parameters:
  ///   - path: a file, a folder or an archive. Any name will do for a file that is given itself.
  ///   - name: which recording, where there are several.
  ///   - recipe: how the data set was converted, as its manifest and its shards hold it.
  ///   - file: what messages call the file that the recipe is from.
  /// - Throws: `InputError` if the recipe cannot be followed, there is not one recording, or it cannot be read, or
  ///   shows nobody.
  public init(
    _ path: String, named name: String? = nil, recipe: String, in file: String = "the recipe of conversion"
  ) throws {
    let recordings = try PreparedRecordings(path, recipe: recipe, in: file)
    guard name != nil || recordings.names.count == 1 else {
      throw InputError(
        path,
        found: "\(recordings.names.count) recordings: \(recordings.names.prefix(3).joined(separator: ", "))…",
        expected: "one recording", hint: "name it with --sample, or give the file itself")
    }
    self = try recordings.recording(name ?? recordings.names[0])
  }

  /// Reads the files of a recording and normalizes it; `path` is what messages call the place that they are from.
  init(_ source: ConversionPlan.Source, by recipe: ConversionRecipe, _ path: String) throws {
    let texts = try SourceTexts(reading: source, of: recipe.format, with: RawFileReader())
    guard let text = texts.recording else {
      throw InputError(
        path, found: texts.rows.first.map { "\($0)" } ?? "labels of \(source.name) alone",
        expected: "a recording")
    }
    let recording = try PreparedRecording.recording(text, recipe)
    let profile = recipe.actions == .untrimmed ? recipe.profile.keepingTime ?? recipe.profile : recipe.profile
    let clip = profile.normalize(recording).clip
    guard clip.presentBodies > 0 else {
      throw InputError(text.file.label, found: "no body in any of \(recording.frameCount) frames")
    }
    name = source.name
    frames = clip.joints
  }

  private static func recording(
    _ text: SourceTexts.Text, _ recipe: ConversionRecipe
  ) throws -> Recording {
    if let own = recipe.own {
      do { return try OwnRecording(text, own).recording } catch { throw InputError(text.file, error) }
    }
    do {
      return recipe.format == .ntu
        ? try NTUSkeletonText.parse(text.bytes.span) : try PKUSkeletonText.parse(text.bytes.span)
    } catch {
      throw InputError(text.file.label, found: error.sentence)
    }
  }
}
