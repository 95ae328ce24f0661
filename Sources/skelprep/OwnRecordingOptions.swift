import ArgumentParser
import Preparation
import Skeleton

/// What `convert` has to be told of recordings that no published data set has.
struct OwnRecordingOptions: ParsableArguments {
  @Option(
    help:
      "What their joints are: \(SkeletonLayout.provided.map(\.name).joined(separator: ", ")), or a YAML file."
  )
  var layout: String?

  @Option(help: "A YAML file that says which column of a table is what, where headings do not.")
  var columnsFile: String?

  @Option(help: "Coordinates of a joint, 2 or 3. Default: the layout's.")
  var coordinates: Int?

  @Option(
    help: "What coordinates count: auto, by the lengths of bones; metres, centimetres, millimetres; or body.")
  var units = PoseUnit.auto

  @Option(name: .customLong("up-axis"), help: "Where heads are: y, -y, z or -z. Default: the layout's.")
  var upAxis: UpAxis?

  @Option(help: "Frames a second.")
  var frameRate = 30.0

  @Option(help: "A joint whose confidence is not above this was not seen.")
  var leastConfidence = 0.0

  /// What the recordings are of.
  func data(named name: String, labels: [String]) throws -> RecordedData {
    guard let layout else {
      if let dataset = SkeletonDataset(rawValue: name) { return .published(dataset) }
      let names = SkeletonDataset.allCases.map(\.rawValue)
      let meant = name.nearest(among: names).map { "did you mean \($0)? " } ?? ""
      throw InputError(
        "--dataset", found: name, expected: names.joined(separator: ", "),
        hint: meant + "recordings of your own take any name, and --layout, which says what their joints are")
    }
    var options = OwnDataOptions(layout: layout)
    (options.columnsFile, options.coordinates, options.unit) = (columnsFile, coordinates, units)
    (options.up, options.frameRate, options.leastConfidence) = (upAxis, frameRate, leastConfidence)
    return .own(try options.recordings(named: name, labels: labels))
  }
}

extension PoseUnit: ExpressibleByArgument {}
extension UpAxis: ExpressibleByArgument {}
