import Formats
import Foundation
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
  /// - Throws: ``InputError`` if there is not one recording, or it cannot be read, or shows nobody.
  public init(_ path: String, named name: String? = nil, recipe: String) throws {
    guard let recipe = try? JSONDecoder().decode(ConversionRecipe.self, from: Data(recipe.utf8)) else {
      throw InputError(
        path, found: "another recipe of conversion", expected: "one of \(Generator.name)",
        hint: "convert the recordings, and train on them, again")
    }
    let file = try PreparedRecording.file(path, named: name, extension: recipe.dataset.format.fileExtension)
    let recording = try PreparedRecording.recording(file, recipe.dataset.format)
    let profile = recipe.actions == .untrimmed ? recipe.profile.keepingTime ?? recipe.profile : recipe.profile
    let clip = profile.normalize(recording).clip
    guard clip.presentBodies > 0 else {
      throw InputError(file.label, found: "no body in any of \(recording.frameCount) frames")
    }
    self.name = file.stem
    frames = clip.joints
  }

  /// The one file that is meant.
  private static func file(_ path: String, named name: String?, extension: String) throws -> RawFile {
    let files = try InputListing(inputs: [path], extensions: [`extension`]).files.filter {
      name == nil || $0.stem == name
    }
    guard let file = files.first else {
      throw InputError(
        path, found: name.map { "no recording \($0)" } ?? "no .\(`extension`) file", kind: .noInput)
    }
    guard files.count == 1 else {
      let names = files.prefix(3).map(\.label).joined(separator: ", ")
      throw InputError(
        path, found: "\(files.count) files: \(names), …", expected: "one recording",
        hint: "name it with --sample, or give the file itself")
    }
    return file
  }

  private static func recording(_ file: RawFile, _ format: SkeletonDataset.Format) throws -> Recording {
    var bytes: [UInt8] = []
    do {
      try RawFileReader().read(file, into: &bytes)
      return switch format {
      case .ntu: try NTUSkeletonText.parse(bytes.span)
      case .pkummd: try PKUSkeletonText.parse(bytes.span)
      }
    } catch let error as SkeletonTextError {
      throw InputError(file.label, at: "byte \(error.offset)", found: error.sentence)
    }
  }
}
