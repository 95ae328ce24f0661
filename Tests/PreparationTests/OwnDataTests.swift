import Formats
import Foundation
import Numpy
import Recipes
import Shards
import Skeleton
import Testing

@testable import Preparation

/// Somebody's own recordings, from files and a table of labels to a data set, its splits, and one recording alone.
@Suite struct OwnDataTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A person in an image who sways, as a table.
  static func table(_ seed: Double, frames: Int = 12) -> String {
    let joints = SkeletonLayout.coco17.joints
    let heights = [
      0.93, 0.95, 0.95, 0.94, 0.94, 0.82, 0.82, 0.65, 0.65, 0.5, 0.5, 0.53, 0.53, 0.27, 0.27, 0.02, 0.02,
    ]
    var text = "frame," + joints.flatMap { ["\($0)_x", "\($0)_y"] }.joined(separator: ",") + "\n"
    for frame in 0..<frames {
      text += "\(frame)"
      for (joint, height) in heights.enumerated() {
        let side = joints[joint].hasPrefix("left") ? 20.0 : joints[joint].hasPrefix("right") ? -20 : 0
        text += ",\(300 + side + height * 40 * sin(seed + 0.3 * Double(frame))),\(400 - 250 * height + seed)"
      }
      text += "\n"
    }
    return text
  }

  private func write(_ files: [String: String], to name: String = "raw") throws -> String {
    for (file, text) in files {
      let url = URL(fileURLWithPath: folder.path("\(name)/\(file)"))
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    return folder.path(name)
  }

  private func options(
    _ inputs: [String], labels: String? = nil, to output: String = "out", jobs: Int = 1
  ) throws -> ConversionOptions {
    let own = try OwnDataOptions(layout: "coco17").recordings(
      named: "falls", labels: labels.map { [$0] } ?? [])
    return ConversionOptions(
      inputs: inputs, data: .own(own), output: folder.path(output), profile: .agcn300Sync, shardSize: 3,
      jobs: jobs)
  }

  /// Six recordings in two folders, and labels of three classes.
  private func falls() throws -> (raw: String, labels: String) {
    var files: [String: String] = [:]
    for index in 0..<6 { files["\(index < 3 ? "a" : "b")/rec \(index).csv"] = Self.table(Double(index)) }
    files["labels.csv"] = """
      name,class,subject,camera,start,end
      rec 0.csv,walk,S10,left,,
      rec 1,fall,S2,left,,
      a/rec 2,walk,S2,right,0,5
      a/rec 2,fall,S2,right,5,12
      rec 3,fall,S3,left,,
      b/rec 4.csv,sit,S10,right,,
      rec 5,walk,S3,right,,
      """
    let raw = try write(files)
    return (raw, raw + "/labels.csv")
  }

  @Test func filesAndLabelsBecomeSamples() throws {
    let (raw, labels) = try falls()
    let outcome = try Pipeline(try options([raw], labels: labels)).run()
    let report = try #require(outcome.report)
    #expect(!outcome.hasBadFiles, "\(report.rows.filter(\.isBad))")
    #expect(report.rows.count == 6 && report.rows.allSatisfy { $0.unit == "body" })
    #expect(outcome.summary.contains("coordinates: body in 6"))
    let data = try DatasetFolder(URL(fileURLWithPath: folder.path("out")))
    let samples = Array(try data.samples().joined())
    #expect(
      samples.map(\.name) == [
        "a/rec%200", "a/rec%201", "a/rec%202#0", "a/rec%202#1", "b/rec%203", "b/rec%204", "b/rec%205",
      ])
    #expect(data.manifest.dataset == "falls" && data.manifest.classNames == ["fall", "sit", "walk"])
    #expect(samples.map(\.label) == [2, 0, 2, 0, 0, 1, 2])
    #expect(
      samples.map(\.subject) == [3, 1, 1, 1, 2, 3, 2] && samples.map(\.camera) == [1, 1, 2, 2, 1, 2, 2])
    #expect(samples.map(\.length) == [12, 12, 5, 7, 12, 12, 12])
    // What nothing tells is not visible, the rest is.
    let shard = try data.shard(0)
    let missing = Set(SkeletonLayout.coco17.missingKinectJoints)
    for (joint, name) in Kinect25.jointNames.enumerated() {
      #expect((shard.visible[joint] == 0) == missing.contains(name), "\(name)")
    }
    // A person is as tall as persons are, upright along z, as the profile turns them.
    let knee = try #require(Kinect25.jointNames.firstIndex(of: "left_knee"))
    let ankle = try #require(Kinect25.jointNames.firstIndex(of: "left_ankle"))
    let shin = (0..<3).map { shard.frames[knee * 3 + $0] - shard.frames[ankle * 3 + $0] }
    #expect(abs(shin.reduce(0) { $0 + $1 * $1 }.squareRoot() - 0.40) < 0.08)
    #expect(try Verification(folder.path("out")).faults.isEmpty)
  }

  @Test func theBytesDependOnNeitherJobsNorPlace() throws {
    let (raw, labels) = try falls()
    _ = try Pipeline(try options([raw], labels: labels, to: "one")).run()
    let moved = folder.path("elsewhere")
    try FileManager.default.moveItem(atPath: raw, toPath: moved)
    _ = try Pipeline(try options([moved], labels: moved + "/labels.csv", to: "two", jobs: 2)).run()
    let (one, two) = (try folder.contents(of: "one"), try folder.contents(of: "two"))
    for (name, bytes) in one where name.hasPrefix("shards/") { #expect(two[name] == bytes, "\(name)") }
    #expect(try Pipeline(try options([moved], labels: moved + "/labels.csv", to: "two")).run().wasDone)
  }

  @Test func nothingIsLostWithoutAWord() throws {
    let raw = try write([
      "good.csv": Self.table(1), "alone.csv": Self.table(2), "x/twice.csv": Self.table(3),
      "y/twice.csv": Self.table(4),
      "broken.csv": "nose_x,nose_y\n1,2\n3,x\n", "nobody.csv": "nose_x,nose_y\n0,0\n", "notes.md": "",
    ])
    let labels = try write(
      ["labels.csv": "name,class,end\ngood,a,\nbroken,a,\nnobody,b,\ntwice,b,\ngone,b,\ngood,b,99\n"],
      to: "labels")
    let outcome = try Pipeline(try options([raw], labels: labels + "/labels.csv")).run()
    let rows = try #require(outcome.report).rows
    func row(_ file: String, _ reason: String) -> ReportRow? {
      rows.first { $0.file == file && $0.reason == reason }
    }
    #expect(row("raw/alone.csv", "no-label") != nil && row("raw/x/twice.csv", "no-label") != nil)
    #expect(row("raw/broken.csv", "bad-token")?.line == 3 && row("raw/nobody.csv", "no-body") != nil)
    #expect(row("labels.csv", "no-recording")?.line == 6 && row("labels.csv", "ambiguous-name")?.line == 5)
    #expect(
      row("raw/good.csv", "outside")?.sample == "good#1" && row("raw/notes.md", "not-a-recording") != nil)
    #expect(rows.contains { $0.file == "raw/good.csv" && $0.outcome == .kept })
    #expect(outcome.hasBadFiles && outcome.manifest.sampleCount == 1)
    #expect(try Verification(folder.path("out")).faults.isEmpty)
  }

  @Test func withoutLabelsSamplesHaveNoClass() throws {
    let raw = try write(["a.csv": Self.table(1), "b.csv": Self.table(2)])
    let outcome = try Pipeline(try options([raw])).run()
    #expect(outcome.manifest.sampleCount == 2 && outcome.manifest.classNames.isEmpty)
    let data = try DatasetFolder(URL(fileURLWithPath: folder.path("out")))
    #expect(try data.samples().joined().allSatisfy { $0.label == -1 })
  }

  @Test func whatMakesNoSenseIsRefused() throws {
    let (raw, labels) = try falls()
    #expect { try OwnDataOptions(layout: "coco").recordings(named: "x", labels: []) } throws: {
      "\($0)".contains("--layout: coco") && "\($0)".contains("coco17")
    }
    for name in ["ntu60", "a b", "", "../x"] {
      #expect(throws: InputError.self) {
        try OwnDataOptions(layout: "coco17").recordings(named: name, labels: [])
      }
    }
    let own = try OwnDataOptions(layout: "coco17").recordings(named: "falls", labels: [labels])
    for change: (inout ConversionOptions) -> Void in [
      { $0.trimming = .untrimmed }, { $0.columns = [.tracking] }, { $0.exclusion = .list(["x"]) },
      { $0.labels = ["x"] },
    ] {
      var options = ConversionOptions(inputs: [raw], data: .own(own), output: folder.path("no"))
      change(&options)
      #expect(throws: InputError.self) { try options.validate() }
    }
    // Another layout is another recipe.
    _ = try Pipeline(try options([raw], labels: labels)).run()
    var other = OwnDataOptions(layout: "coco17")
    other.unit = .metres
    let changed = ConversionOptions(
      inputs: [raw], data: .own(try other.recordings(named: "falls", labels: [labels])),
      output: folder.path("out"),
      profile: .agcn300Sync, shardSize: 3)
    #expect { try Pipeline(changed).run() } throws: { "\($0)".contains("another recipe") }
    // Files of no kind that is read.
    let none = try write(["a.md": "x"], to: "none")
    #expect { try Pipeline(try options([none], to: "no")).run() } throws: { "\($0)".contains(".csv") }
  }

  @Test func aSingleRecordingIsMadeAsTheDataSetWas() throws {
    let (raw, labels) = try falls()
    _ = try Pipeline(try options([raw], labels: labels)).run()
    let data = try DatasetFolder(URL(fileURLWithPath: folder.path("out")))
    let recipe = try data.manifest.recipe.text()
    let alone = try PreparedRecording(raw + "/a/rec 1.csv", recipe: recipe)
    let shard = try data.shard(0)
    let sample = try #require(shard.samples.first { $0.name == "a/rec%201" })
    let rows = sample.rows
    #expect(alone.frames == Array(shard.frames[(rows.lowerBound * 150)..<(rows.upperBound * 150)]))
    #expect(try PreparedRecording(raw, named: "a/rec%201", recipe: recipe).frames == alone.frames)
    let broken = try write(["broken.csv": "nose_x,nose_y\n1,x\n"], to: "more")
    #expect { try PreparedRecording(broken, recipe: recipe) } throws: {
      "\($0)".contains("more/broken.csv: line 2, column nose_y: \"x\"")
    }
  }

  @Test func aRecipeThatNobodyWroteIsRefused() throws {
    let (raw, labels) = try falls()
    let recipe = try ConversionRecipe(try options([raw], labels: labels)).json()
    #expect(
      try ConversionRecipe(reading: recipe, in: "x", at: "recipe").own?.classes == ["fall", "sit", "walk"])
    for (old, new) in [
      ("\"parents\":[0,", "\"parents\":[99,"), ("\"frame_rate\":30", "\"frame_rate\":-1"),
      ("\"own\":", "\"else\":"),
      ("\"coordinates\":2", "\"coordinates\":4"),
    ] {
      #expect(recipe.contains(old), "\(old)")
      #expect(throws: InputError.self) {
        try ConversionRecipe(reading: recipe.replacing(old, with: new), in: "x", at: "recipe")
      }
    }
  }

  @Test(arguments: SkeletonLayout.provided)
  func everyLayoutIsTheSameFromAFile(layout: SkeletonLayout) throws {
    let copy = try LayoutFile(yaml: LayoutFile(layout).yaml, file: "x").layout(of: "x")
    // The file's parts are in the order of the joints.
    func parts(_ layout: SkeletonLayout) -> [String: [Int]] {
      Dictionary(uniqueKeysWithValues: layout.parts.map { ($0.name, $0.joints.sorted()) })
    }
    #expect(copy.joints == layout.joints && copy.parents == layout.parents && parts(copy) == parts(layout))
    #expect(copy.centre == layout.centre && copy.mirrored == layout.mirrored && copy.kinect == layout.kinect)
    #expect(copy.up == layout.up && copy.coordinates == layout.coordinates && copy.bodies == layout.bodies)
    #expect(try LayoutFile(yaml: LayoutFile(copy).yaml, file: "x").layout(of: "x") == copy)
  }

  @Test func schemasAreThoseOfTheSettings() throws {
    let schemas = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("schemas")
    for (name, schema) in [("layout", LayoutFile.schema), ("columns", ColumnsFile.schema)] {
      let file = schemas.appendingPathComponent("\(name).schema.json")
      #expect(try String(contentsOf: file, encoding: .utf8) == schema, "\(name)")
    }
  }

  @Test func layoutFilesThatAreNoneAreNamed() throws {
    let good = """
      kind: layout
      name: mine
      coordinates: 2
      joints:
        - {name: head, part: trunk}
        - {name: left_hip, parent: head, part: legs}
        - {name: right_hip, parent: head, part: legs}
      kinect:
        - {joint: spine_base, from: [left_hip, right_hip]}
      """
    let layout = try LayoutFile(yaml: good, file: "x").layout(of: "x")
    #expect(
      layout.parts.map(\.name) == ["trunk", "legs"] && layout.mirrored == [0, 2, 1]
        && layout.kinect[0] == [1, 2])
    #expect(layout.kinect[3] == [0])
    for (old, new, words) in [
      (
        "parent: head, part: legs}\n  - {name: right", "parent: heat, part: legs}\n  - {name: right",
        "joints/1/parent"
      ),
      ("joint: spine_base", "joint: spine", "kinect/0/joint"), ("name: head,", "name: left_hip,", "left_hip"),
      ("from: [left_hip, right_hip]", "from: [left]", "kinect/0/from"),
      ("name: mine", "name: my own", "name"),
      ("coordinates: 2", "coordinates: 4", "coordinates"), ("name: mine", "nam: mine", "did you mean name"),
    ] {
      #expect(good.contains(old))
      #expect { try LayoutFile(yaml: good.replacing(old, with: new), file: "x").layout(of: "x") } throws: {
        "\($0)".contains(words)
      }
    }
  }
}
