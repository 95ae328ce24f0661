import Foundation
import Shards
import Skeleton

/// Classes as users give them.
enum ClassList {
  /// Reads labels from an argument: a list, `60,61,A067`, or the name of a file that holds one.
  ///
  /// A bare number is a label, from 0, as shards hold it; `A067` is an action as names count it, from 1.
  ///
  /// - Returns: labels in rising order.
  /// - Throws: ``InputError`` for a word that is no class of the data set, and for one that comes twice.
  static func labels(_ argument: String, of dataset: SkeletonDataset) throws -> [Int] {
    let isFile = FileManager.default.fileExists(atPath: argument)
    let text = isFile ? try ListFile.text(argument, "a list of classes") : argument
    let place = isFile ? argument : "--classes"
    var labels: Set<Int> = []
    for word in text.split(whereSeparator: ListFile.parts) {
      let isAction = word.hasPrefix("A")
      let digits = isAction ? word.dropFirst() : word
      let number = digits.utf8.allSatisfy { (48...57).contains($0) } ? Int(digits) : nil
      guard let number, (0..<dataset.classCount).contains(isAction ? number - 1 : number) else {
        throw InputError(
          place, found: "\"\(word.prefix(40))\"",
          expected: "labels 0 to \(dataset.classCount - 1), or actions A001 to A\(dataset.classCount)",
          hint: isFile ? "" : "a file with such a list can be named as well")
      }
      guard labels.insert(isAction ? number - 1 : number).inserted else {
        throw InputError(place, found: "\(word) for the second time", expected: "each class once")
      }
    }
    return labels.sorted()
  }
}
