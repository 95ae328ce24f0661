import Formats
import Foundation
import Recipes
import Skeleton

/// What a user says of recordings that no published data set has.
public struct OwnDataOptions: Sendable, Equatable {
  /// What their joints are: a name, or a YAML file.
  public var layout: String
  /// A YAML file that says which column of a table is what; nil where headings do.
  public var columnsFile: String?
  /// Coordinates of a joint; nil for as many as the layout has.
  public var coordinates: Int?
  /// What coordinates count.
  public var unit = PoseUnit.auto
  /// Where heads are; nil for where the layout has them.
  public var up: UpAxis?
  /// Frames a second.
  public var frameRate = 30.0
  /// A joint whose confidence is not above this was not seen.
  public var leastConfidence = 0.0

  /// Recordings of a layout.
  public init(layout: String) { self.layout = layout }

  /// The recordings.
  ///
  /// - Parameters:
  ///   - name: the data set's name.
  ///   - labels: the table of labels, if there is one.
  /// - Throws: an `InputError` for the first of these that makes no sense, or cannot be read.
  public func recordings(named name: String, labels: [String]) throws -> OwnRecordings {
    guard labels.count <= 1 else {
      throw InputError("--labels", found: "\(labels.count) tables", expected: "one, with --layout")
    }
    if let coordinates, !(2...3).contains(coordinates) {
      throw InputError("--coordinates", found: "\(coordinates)", expected: "2 or 3")
    }
    let named = try LayoutFile.named(layout)
    let joints = coordinates.map { named.with(coordinates: $0) } ?? named
    let columns = try columnsFile.map { file in
      let url = URL(fileURLWithPath: file)
      return try ColumnsFile(contentsOf: url).columns(of: joints, in: url.lastPathComponent)
    }
    let form = PoseForm(joints, columns: columns, leastConfidence: leastConfidence)
    let data = OwnData(form, in: PoseSpace(unit: unit, up: up ?? joints.up), frameRate: frameRate)
    return try OwnRecordings(name: name, data, labels: labels.first)
  }
}
