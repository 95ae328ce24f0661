import Foundation
import Shards
import Skeleton

/// What to do where a data set, or half of one, is already.
enum FinishedConversion {
  /// The manifest, if the folder holds just what the note's plan would make; nil if there is work to do.
  ///
  /// A finished data set of which a shard is missing or damaged becomes unfinished again.
  ///
  /// - Throws: ``InputError`` if what is there was made by another recipe or from other files.
  static func manifest(in folder: OutputFolder, note: PlanNote) throws -> Manifest? {
    guard FileManager.default.fileExists(atPath: folder.manifest.path) else {
      try resume(in: folder, note: note)
      return nil
    }
    let manifest: Manifest
    do {
      manifest = try Manifest.read(folder.url)
      guard try manifest.recipe.text() == note.recipe else {
        throw refusal(
          folder, "a data set of another recipe: \(try manifest.recipe.text())", expected: note.recipe)
      }
      guard ConversionReport.plan(ofReportAt: folder.report) == note.plan else {
        throw refusal(
          folder, "a data set of other files, or of another version", expected: "one of these inputs")
      }
    } catch {
      // The notes were begun for this look only; a finished data set has none.
      try OutputFolder.remove(folder.work)
      throw error
    }
    if try manifest.shards.allSatisfy({ try $0.matches(folder: folder.url) }) {
      try OutputFolder.remove(folder.work)
      return manifest
    }
    try OutputFolder.remove(folder.manifest)
    try resume(in: folder, note: note)
    return nil
  }

  /// Notes the plan that is being followed, whose recipe must be the one that was begun with.
  ///
  /// Files may have changed since; each run's key says whether its shard has to be made again. Parts of a conversion
  /// that run side by side must agree on the files too.
  private static func resume(in folder: OutputFolder, note: PlanNote) throws {
    try folder.noting {
      if let begun = PlanNote.stored(in: folder) {
        guard begun.recipe == note.recipe else {
          throw refusal(
            folder, "an unfinished data set of another recipe: \(begun.recipe)", expected: note.recipe)
        }
        if begun == note { return }
        if folder.isShared {
          throw refusal(
            folder, "parts that were made from other files", expected: "files that stay as they are")
        }
      }
      try note.store(in: folder)
    }
  }

  private static func refusal(_ folder: OutputFolder, _ found: String, expected: String) -> InputError {
    InputError(
      folder.url.path, found: found, expected: expected,
      hint: "choose another --output, or delete this folder first", kind: .cannotCreate)
  }
}
