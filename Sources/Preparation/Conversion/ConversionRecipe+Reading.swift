import Foundation
import Shards
import Skeleton

extension ConversionRecipe {
  /// Reads the recipe of a data set; what a variant of it adds is passed over.
  init(of folder: DatasetFolder) throws {
    let text = try folder.manifest.recipe.text()
    do {
      self = try JSONDecoder().decode(ConversionRecipe.self, from: Data(text.utf8))
    } catch {
      throw InputError(
        folder.url.path, at: "manifest.json: recipe", found: "another recipe",
        expected: "one of \(Generator.name)",
        hint: "convert the recordings again")
    }
  }
}
