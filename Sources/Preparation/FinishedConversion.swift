import Foundation
import Shards
import Skeleton

/// What to do where a data set, or half of one, is already.
enum FinishedConversion {
  /// The manifest, if the folder holds just what the plan would make; nil if there is work to do.
  ///
  /// A finished data set of which a shard is missing or damaged becomes unfinished again.
  ///
  /// - Throws: ``InputError`` if what is there was made by another recipe or from other files.
  static func manifest(in folder: OutputFolder, plan: ConversionPlan, recipe: String) throws -> Manifest? {
    guard FileManager.default.fileExists(atPath: folder.manifest.path) else {
      try resume(in: folder, recipe: recipe)
      return nil
    }
    let manifest: Manifest
    do {
      manifest = try Manifest.read(folder.url)
      guard try manifest.recipe.text() == recipe else {
        throw refusal(folder, "a data set of another recipe: \(try manifest.recipe.text())", expected: recipe)
      }
      guard ConversionReport.plan(ofReportAt: folder.report) == plan.digest else {
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
    try resume(in: folder, recipe: recipe)
    return nil
  }

  /// Notes the recipe that is being followed, which must be the one that was begun with.
  private static func resume(in folder: OutputFolder, recipe: String) throws {
    let noted = folder.work.appendingPathComponent("recipe.json")
    if let begun = try? String(contentsOf: noted, encoding: .utf8), begun != recipe {
      throw refusal(folder, "an unfinished data set of another recipe: \(begun)", expected: recipe)
    }
    try AtomicFile.write(Data(recipe.utf8), to: noted)
  }

  private static func refusal(_ folder: OutputFolder, _ found: String, expected: String) -> InputError {
    InputError(
      folder.url.path, found: found, expected: expected,
      hint: "choose another --output, or delete this folder first", kind: .cannotCreate)
  }
}
