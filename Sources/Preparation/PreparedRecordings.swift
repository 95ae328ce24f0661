import Formats
import Foundation
import Skeleton

/// The raw recordings of a folder or an archive, each to be made into what a sample of a data set is when it is asked for.
public struct PreparedRecordings: Sendable {
  /// The names of all recordings, in their order.
  public let names: [String]

  private let path: String
  private let recipe: ConversionRecipe
  private let files: [String: [RawFile]]

  /// Lists the recordings without reading any.
  ///
  /// - Parameters:
  ///   - path: a file, a folder or an archive.
  ///   - recipe: how the data set was converted, as its manifest and its shards hold it.
  ///   - file: what messages call the file that the recipe is from.
  /// - Throws: `InputError` if the recipe cannot be followed or there is nothing to read.
  public init(_ path: String, recipe: String, in file: String = "the recipe of conversion") throws {
    let recipe = try ConversionRecipe(reading: recipe, in: file, at: "conversion")
    let listing = try InputListing(inputs: [path], extensions: recipe.format.fileExtensions)
    guard !listing.files.isEmpty else {
      throw InputError.nothingToRead(in: listing, of: [path], format: recipe.format)
    }
    files = Dictionary(grouping: listing.files) { recipe.own == nil ? $0.stem : OwnSources.name(of: $0) }
    names = files.keys.sorted()
    (self.path, self.recipe) = (path, recipe)
  }

  /// Reads and normalizes a recording.
  ///
  /// - Throws: `InputError` if it cannot be read or shows nobody.
  public func recording(_ name: String) throws -> PreparedRecording {
    guard let own = files[name] else {
      throw InputError(
        path, found: "no recording \(name)", expected: "one of \(names.count), such as \(names[0])",
        hint: name.hint(among: names.count < 10_000 ? names : []), kind: .noInput)
    }
    return try PreparedRecording(ConversionPlan.Source(name: name, files: own), by: recipe, path)
  }
}
