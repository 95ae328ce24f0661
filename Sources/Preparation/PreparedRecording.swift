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
    let (file, bytes) = try PreparedRecording.text(of: recipe.dataset.format, in: path, named: name)
    let recording = try PreparedRecording.parse(bytes, recipe.dataset.format, file.label)
    let profile = recipe.actions == .untrimmed ? recipe.profile.keepingTime ?? recipe.profile : recipe.profile
    let clip = profile.normalize(recording).clip
    guard clip.presentBodies > 0 else {
      throw InputError(file.label, found: "no body in any of \(recording.frameCount) frames")
    }
    self.name = file.stem
    frames = clip.joints
  }

  private static func parse(
    _ bytes: [UInt8], _ format: SkeletonDataset.Format, _ label: String
  ) throws -> Recording {
    do {
      switch format {
      case .ntu: return try NTUSkeletonText.parse(bytes.span)
      case .pkummd: return try PKUSkeletonText.parse(bytes.span)
      }
    } catch {
      throw InputError(label, at: "byte \(error.offset)", found: error.sentence)
    }
  }

  /// The one text that is meant, which is none of labels: PKU-MMD gives those the name of their recording.
  private static func text(
    of format: SkeletonDataset.Format, in path: String, named name: String?
  ) throws -> (file: RawFile, bytes: [UInt8]) {
    let listing = try InputListing(inputs: [path], extensions: [format.fileExtension])
    var files = listing.files.filter { name == nil || $0.stem == name }
    let reader = RawFileReader()
    func bytes(of file: RawFile) throws -> [UInt8] {
      var bytes: [UInt8] = []
      do { try reader.read(file, into: &bytes) } catch let error as SkeletonTextError {
        throw InputError(file.label, at: "byte \(error.offset)", found: error.sentence)
      }
      return bytes
    }
    if format == .pkummd, files.count == 2 {
      files = try files.filter { file in
        let text = try bytes(of: file)
        return !PKULabelText.looksLikeLabels(text.span)
      }
    }
    guard let file = files.first else {
      throw InputError(
        path, found: name.map { "no recording \($0)" } ?? "no .\(format.fileExtension) file", kind: .noInput)
    }
    guard files.count == 1 else {
      throw InputError(
        path, found: "\(files.count) files: \(files.prefix(3).map(\.label).joined(separator: ", "))…",
        expected: "one recording", hint: "name it with --sample, or give the file itself")
    }
    return (file, try bytes(of: file))
  }
}
