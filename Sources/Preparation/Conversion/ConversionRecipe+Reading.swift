import Foundation
import Shards
import Skeleton

extension ConversionRecipe {
  /// Reads the recipe of a data set; what a variant of it adds is passed over.
  init(of folder: DatasetFolder) throws {
    try self.init(
      reading: try folder.manifest.recipe.text(), in: folder.url.path, at: "manifest.json: recipe")
  }

  /// Reads a stored recipe.
  ///
  /// - Parameters:
  ///   - text: JSON.
  ///   - file: what messages call the file that it is stored in.
  ///   - place: where it stands there.
  /// - Throws: an `InputError` if it is no recipe of this version, or its profile cannot be followed.
  init(reading text: String, in file: String, at place: String) throws {
    do {
      self = try JSONFile.decode(ConversionRecipe.self, from: Data(text.utf8))
    } catch {
      throw InputError(
        file, at: place, found: "another recipe", expected: "one of \(Generator.name)",
        hint: "convert the recordings again")
    }
    guard published != nil || own != nil else {
      throw InputError(
        file, at: "\(place): dataset", found: dataset,
        expected: "a data set that is known, or how its recordings are read",
        hint: "no program of this package wrote that; the file was changed")
    }
    if let fault = own?.fault {
      throw InputError(
        file, at: "\(place): own: \(fault.place)", found: fault.found, expected: fault.expected,
        hint: "no program of this package wrote that; the file was changed")
    }
    if let fault = profile.fault {
      throw InputError(
        file, at: "\(place): profile: \(fault.place)", found: fault.found, expected: fault.expected,
        hint: "no program of this package wrote that; the file was changed")
    }
  }
}
