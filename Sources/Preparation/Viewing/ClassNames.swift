import Foundation
import Shards
import Skeleton

/// What classes are called where people read them.
public enum ClassNames: Sendable, Equatable {
  /// By the documents of a published data set, or the labels of one's own.
  case official
  /// Nothing: they are numbers.
  case none
  /// By a list, from class 0 on.
  case list([String])

  /// Reads what users type: `official`, `none`, or a file with a name a line, from class 0 on.
  public init(argument: String) throws {
    switch argument {
    case "official": self = .official
    case "none": self = .none
    default:
      let text = try ListFile.text(
        argument, "a list of classes",
        hint: "--class-names takes official, none, or a file with a name a line, from class 0 on")
      self = .list(text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) })
    }
  }

  /// The names of a data set's classes, from class 0; fewer, or none, where they are not known.
  ///
  /// - Parameter recipe: how it was converted, as JSON.
  func names(of dataset: String, converted recipe: String) -> [String] {
    switch self {
    case .official: Manifest.classNames(of: dataset, converted: (try? JSONValue(parsing: recipe)) ?? .null)
    case .none: []
    case .list(let names): names
    }
  }
}
