import ArgumentParser
import Preparation
import Recipes
import Reporting
import Skeleton

/// `skelprep layout`.
struct LayoutCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "layout",
    abstract: "Lists the layouts of joints that are known, or prints one as a file to start from.",
    discussion: """
      A layout says which joints a recording has, how they hang together, and which of Kinect v2's 25 joints they tell. \
      `convert --layout` takes a name or a file. What a layout cannot tell is not visible in the data set.

      EXAMPLE
        skelprep layout
        skelprep layout coco17 > mine.yaml
      """)

  @Argument(help: "A layout's name, or a file, which is checked.")
  var layout: String?

  @Flag(help: "Print the JSON Schema of layout files, for editors and validators.")
  var schema = false

  @Flag(help: "Print the JSON Schema of files of columns, which convert --columns-file takes.")
  var columnsSchema = false

  func run() throws {
    if schema { return print(LayoutFile.schema, terminator: "") }
    if columnsSchema { return print(ColumnsFile.schema, terminator: "") }
    if let layout { return print(LayoutFile(try LayoutFile.named(layout)).yaml, terminator: "") }
    let rows = SkeletonLayout.provided.map { one in
      [
        one.name, "\(one.jointCount)", "\(one.coordinates)", one.up.rawValue,
        one.missingKinectJoints.isEmpty ? "" : one.missingKinectJoints.joined(separator: " "),
      ]
    }
    printVisible(
      TextTable(header: ["layout", "joints", "axes", "up", "not visible as Kinect v2"], rows: rows)
        .description)
  }
}
