import Formats
import Foundation
import Recipes
import Skeleton

/// Which columns of tables are what, as a YAML file has it.
public struct ColumnsFile: RecipeSettings {
  /// A joint and its columns.
  public struct Joint: RecipeSettings {
    /// The joint's name in its layout.
    public var joint = ""
    /// Its columns.
    public var columns: [String] = []

    /// A joint without a name.
    public init() {}
    /// What an entry is.
    public static let kind = "columns_of_joint"
    /// What an entry says.
    public static let summary = "A joint and its columns."
    /// What can be said of it.
    public static let settings: [Setting<Joint>] = [
      .text("joint", \.joint, "the joint's name in its layout"),
      .texts(
        "columns", \.columns, "the headings of its coordinates, then of its confidence where there is one"),
    ]
  }

  /// The heading of the frame's number.
  public var frame = ""
  /// The heading of the body's name.
  public var body = ""
  /// The columns of joints.
  public var joints: [Joint] = []

  /// A file that names nothing.
  public init() {}
  /// The file's kind.
  public static let kind = "columns"
  /// What the file is for.
  public static let summary =
    "Which columns of CSV tables are what, for tables whose headings do not name joints."
  /// All that it says.
  public static let settings: [Setting<ColumnsFile>] = [
    .text("frame", \.frame, "the heading of the frame's number; empty where each row is a frame"),
    .text("body", \.body, "the heading of the body's name; empty where there is one"),
    .items("joints", \.joints, "the columns of joints; a heading may be a column's number, as \"#3\""),
  ]

  /// The columns of the joints of a layout.
  ///
  /// - Throws: an `InputError` for a joint that is not of the layout, or columns that are not as many as its coordinates.
  public func columns(of layout: SkeletonLayout, in file: String) throws -> PoseColumns {
    guard !joints.isEmpty else {
      throw InputError(
        file, at: "joints", found: "nothing", expected: "columns of the joints of \(layout.name)")
    }
    for (index, one) in joints.enumerated() {
      guard layout.joints.contains(one.joint), !joints[..<index].contains(where: { $0.joint == one.joint })
      else {
        throw InputError(
          file, at: "joints/\(index)/joint", found: "\"\(one.joint.prefix(60))\"",
          expected: "a joint of \(layout.name), each once", hint: layout.joints.joined(separator: ", "))
      }
      guard (layout.coordinates...layout.coordinates + 1).contains(one.columns.count) else {
        throw InputError(
          file, at: "joints/\(index)/columns", found: "\(one.columns.count) columns of \(one.joint)",
          expected: "\(layout.coordinates) coordinates, and perhaps a confidence")
      }
    }
    return PoseColumns(
      frame: frame, body: body, joints: joints.map { PoseColumns.Joint($0.joint, $0.columns) })
  }
}
