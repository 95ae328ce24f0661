import Foundation
import Shards
import Skeleton
import Testing

@testable import Preparation

@Suite struct ViewTests {
  /// A data set of synthesized recordings, three shards, in a folder of its own.
  private static func convert(_ folder: TemporaryFolder, classes: Int = 5) throws -> String {
    try Synthesis(samples: 30, classes: classes).write(to: folder.path("raw"))
    _ = try Pipeline(
      ConversionOptions(
        inputs: [folder.path("raw")], dataset: .ntu60, output: folder.path("data"), shardSize: 12,
        compression: 1)
    ).run()
    return folder.path("data")
  }

  @Test func holdsTheSamplesValues() throws {
    let folder = try TemporaryFolder()
    let data = try Self.convert(folder)
    let dataset = try DatasetFolder(URL(fileURLWithPath: data))
    let names = try dataset.samples().joined().map(\.name)
    let chosen = [names[25], names[3], names[14]]
    let viewing = Viewing(dataset: data, choice: .named(chosen), raw: [folder.path("raw")])
    let page = try PageReading(try viewing.page().page)
    #expect(page.content.samples.count == 3 && page.content.rate == 30 && page.content.bones.count == 24)
    for (name, sample) in zip(chosen, page.content.samples) {
      let shards = try dataset.manifest.shards.indices.map { try dataset.shard($0) }
      let shard = try #require(shards.first { $0.samples.contains { $0.name == name } })
      let record = try #require(shard.samples.first { $0.name == name })
      let panel = sample.panels[1]
      #expect(panel.frames == record.length && panel.bodies == record.bodies && panel.up == "z")
      #expect(panel.step < 0.000_2)
      let metres = panel.metres
      var worst = 0.0
      for frame in 0..<record.length {
        for body in 0..<record.bodies {
          for joint in 0..<25 {
            let place = ((record.start + frame) * 2 + body) * 25 + joint
            let isSeen = panel.flags[frame * record.bodies + body] >> joint & 1
            #expect(isSeen == Int(shard.visible[place]))
            for axis in 0..<3 {
              let shown = metres[((frame * record.bodies + body) * 25 + joint) * 3 + axis]
              worst = max(worst, abs(shown - Double(shard.frames[place * 3 + axis])))
            }
          }
        }
      }
      #expect(worst <= panel.step / 2 * 1.000_001, "\(name): \(worst)")
      #expect(worst > 0)
      // The recording stands before it: the camera's space, metres from the camera.
      let raw = sample.panels[0]
      #expect(raw.up == "y" && raw.frames >= record.length && (raw.metres.max() ?? 0) > 1.5)
      #expect(page.html.contains("<h2>\(name)</h2>"))
    }
    #expect(page.html.contains("none off by more than 0."))
  }

  @Test func sameDataSamePageWhereverItIs() throws {
    let folder = try TemporaryFolder()
    let data = try Self.convert(folder)
    try FileManager.default.copyItem(atPath: data, toPath: folder.path("elsewhere"))
    let choice = SampleChoice.random(4, seed: 7, label: nil)
    _ = try Viewing(dataset: data, choice: choice).write(to: folder.path("a.html"))
    _ = try Viewing(dataset: folder.path("elsewhere"), choice: choice).write(to: folder.path("b.html"))
    let page = try Data(contentsOf: URL(fileURLWithPath: folder.path("a.html")))
    #expect(page == (try Data(contentsOf: URL(fileURLWithPath: folder.path("b.html")))))
    let other = try Viewing(dataset: data, choice: .random(4, seed: 8, label: nil)).page().page
    #expect(other != page)
  }

  @Test func anotherFileIsNotWrittenOver() throws {
    let folder = try TemporaryFolder()
    let data = try Self.convert(folder)
    let page = folder.path("page.html")
    let viewing = Viewing(dataset: data, choice: .random(2, seed: 7, label: nil))
    #expect(try !viewing.write(to: page).contains("nothing to do"))
    #expect(try viewing.write(to: page).contains("nothing to do"))
    let other = Viewing(dataset: data, choice: .random(2, seed: 8, label: nil))
    let error = #expect(throws: InputError.self) { try other.write(to: page) }
    #expect(error?.kind == .cannotCreate && error?.hint.contains("--force") == true)
    #expect(try viewing.write(to: page).contains("nothing to do"))
    #expect(try !other.write(to: page, isReplacing: true).contains("nothing to do"))
  }

  @Test func needsNothingFromOutside() throws {
    let folder = try TemporaryFolder()
    let page = try PageReading(try Viewing(dataset: try Self.convert(folder)).page().page)
    for word in [
      "http://", "https://", " src=", "@import", "url(", "fetch(", "eval(", " style=", " onclick=",
    ] {
      #expect(!page.html.contains(word), "\(word)")
    }
    // The policy names the digests of the only style and the only script.
    for (kind, start, end) in [("style-src", "<style>", "</style>"), ("script-src", "<script>", "</script>")]
    {
      let hex = Array(SHA256Digest.hex(of: Data(page.text(between: start, and: end).utf8)))
      let bytes = stride(from: 0, to: 64, by: 2).compactMap { UInt8(String(hex[$0...$0 + 1]), radix: 16) }
      #expect(page.html.contains("\(kind) 'sha256-\(Data(bytes).base64EncodedString())'"))
    }
    #expect(page.html.contains("<noscript>"))
  }

  @Test func namesAreTextWhateverTheyHold() throws {
    let folder = try TemporaryFolder()
    let name = "</script><script>'&\""
    var builder = ShardBuilder(
      attributes: ShardAttributes(dataset: "ntu60", profile: "<i>", recipe: "{}", generator: "test"),
      compression: 1)
    try builder.append(
      SampleRecord(name: name, label: 0, bodies: 0, digest: String(repeating: "0", count: 64)),
      frames: [Float](repeating: 0, count: 3 * 150), visible: [UInt8](repeating: 0, count: 3 * 50),
      intervals: [ActionInterval(start: 1, end: 3, label: 0)])
    let shard = folder.url.appendingPathComponent("data/shards/00000.h5")
    try FileManager.default.createDirectory(
      at: shard.deletingLastPathComponent(), withIntermediateDirectories: true)
    let entry = try builder.write(to: shard)
    try Manifest(
      dataset: "ntu60", profile: "<i>", recipe: .object([:]), generator: "test", shards: [entry]
    ).write(to: folder.url.appendingPathComponent("data"))
    let page = try PageReading(
      try Viewing(dataset: folder.path("data"), classNames: .list(["\u{600}<!--\u{600}<script>"])).page().page
    )
    #expect(
      page.html.unicodeScalars.split(separator: "<script".unicodeScalars).count == 3,
      "the data and the script, and no other")
    #expect(page.html.unicodeScalars.split(separator: "</script>".unicodeScalars).count == 3)
    #expect(page.html.contains("&lt;/script&gt;&lt;script&gt;&#39;&amp;&quot;"))
    #expect(page.html.contains("<figcaption>&lt;i&gt;</figcaption>"))
    #expect(page.content.samples[0].intervals == [.init(1, 3, 0, "\u{600}<!--\u{600}<script>")])
    #expect(page.content.samples[0].panels[0].bodies == 0)
  }

  @Test func choosesSamples() throws {
    let folder = try TemporaryFolder()
    let data = try Self.convert(folder)
    let records = Array(try DatasetFolder(URL(fileURLWithPath: data)).samples().joined())
    func names(_ choice: SampleChoice) throws -> [String] { try choice.names(in: records, of: data) }
    let all = records.map(\.name)
    #expect(try names(.few(label: nil)) == [0, 5, 10, 15, 20, 25].map { all[$0] })
    #expect(Set(try names(.few(label: 2))).isSubset(of: Set(records.filter { $0.label == 2 }.map(\.name))))
    let drawn = try names(.random(6, seed: 1, label: nil))
    #expect(Set(drawn).count == 6 && drawn == drawn.sorted())
    #expect(try names(.random(6, seed: 1, label: nil)) == drawn)
    #expect(try names(.random(6, seed: 2, label: nil)) != drawn)
    #expect(try names(.random(99, seed: 1, label: nil)) == all)
    #expect(try names(.named([all[2], all[0], all[2]])) == [all[2], all[0]])

    let wrong = String(all[7].dropLast()) + "x"
    let error = #expect(throws: InputError.self) { try names(.named([all[0], wrong])) }
    #expect(error?.place == wrong && error?.kind == .noInput && error?.hint.contains(all[7]) == true)
    let none = #expect(throws: InputError.self) { try names(.few(label: 77)) }
    #expect(none?.expected == "one of 0, 1, 2, 3, 49")
  }

  @Test func refusesAPageThatIsTooLarge() throws {
    let folder = try TemporaryFolder()
    let viewing = Viewing(dataset: try Self.convert(folder))
    let size = try viewing.page().page.count
    #expect(throws: InputError.self) { try viewing.page(mostBytes: size - 1) }
    #expect(try viewing.page(mostBytes: size).page.count == size)
    #expect(throws: InputError.self) { try viewing.page(mostBytes: 1000) }
  }

  @Test func showsWhatAVariantHides() throws {
    let folder = try TemporaryFolder()
    let data = try Self.convert(folder)
    let occlusion = Occlusion(kind: .spatial, ratio: try Occlusion.Ratio(0.4, 0.6), seed: 3)
    _ = try OcclusionVariant(occlusion, compression: 1).write(of: data, to: folder.path("hidden"))
    for (dataset, beside, variant) in [(data, "hidden", 2), (folder.path("hidden"), "data", 1)] {
      let viewing = Viewing(
        dataset: dataset, raw: [folder.path("raw")], beside: [folder.path(beside)])
      let page = try PageReading(try viewing.page().page)
      for sample in page.content.samples {
        #expect(sample.panels.count == 3)
        #expect(sample.panels[variant].parent == 3 - variant && sample.panels[3 - variant].parent == nil)
        #expect(sample.panels.map(\.up) == ["y", "z", "z"])
        let (hidden, whole) = (sample.panels[variant].flags, sample.panels[3 - variant].flags)
        #expect(zip(hidden, whole).allSatisfy { $0 & ~$1 == 0 } && hidden != whole)
      }
      #expect(page.html.contains("spatial occlusion 0.4–0.6, seed 3</figcaption>"))
      #expect(page.html.contains("key hidden"))
    }
  }

  /// agcn300 moves a second person who comes late to the front and repeats it to the end.
  @Test func marksWhatNormalizationFilled() throws {
    let folder = try TemporaryFolder()
    let scene = Scene(
      frames: 10,
      actors: [
        Scene.Actor(id: 1, frames: [0..<10], sway: 0.02),
        Scene.Actor(id: 2, frames: [4..<8], centre: SIMD3(0.5, 0.2, 3), sway: 0.2, width: 0.9),
      ])
    let raw = folder.url.appendingPathComponent("raw/S001C001P001R001A050.skeleton")
    try FileManager.default.createDirectory(
      at: raw.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(scene.text()).write(to: raw)
    _ = try Pipeline(
      ConversionOptions(inputs: [raw.path], dataset: .ntu60, output: folder.path("data"), compression: 1)
    ).run()
    let page = try PageReading(
      try Viewing(dataset: folder.path("data"), raw: [folder.path("raw")]).page().page)
    let panels = page.content.samples[0].panels
    // The one who moves more is the first body of the sample.
    #expect(panels[1].filled == [[[0, 4], [8, 10]], []])
    #expect(page.html.contains("key filled") && page.html.contains("body-moved"))
    // The recording's bodies have the colours of the sample's, though its lists have the other order.
    let isThere = (0..<20).map { !$0.isMultiple(of: 2) || (4..<8).contains($0 / 2) }
    #expect(panels[0].flags.map { $0 != 0 } == isThere)
    #expect(panels[0].filled == [[], []])

    // Another recording of that name is shown, and said to be another.
    try Data(scene.text(seed: 2)).write(to: raw)
    let other = try PageReading(
      try Viewing(dataset: folder.path("data"), raw: [folder.path("raw")]).page().page)
    #expect(other.html.contains("not the one that this sample was made of"))
    #expect(other.content.samples[0].panels[1].filled == [[], []])
    #expect(throws: InputError.self) {
      try Viewing(dataset: folder.path("data"), raw: [folder.path("data")]).page()
    }
  }

  @Test(arguments: Trimming.allCases) func showsPKURecordings(trimming: Trimming) throws {
    let folder = try TemporaryFolder()
    func write(_ text: String, _ name: String) throws {
      let url = folder.url.appendingPathComponent(name)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    let rows = (0..<20).map { frame in
      (0..<150).map { $0 < 75 ? "\(0.01 * Double(($0 * 7 + frame) % 50 + 1))" : "0" }.joined(separator: " ")
    }
    try write(rows.joined(separator: "\n") + "\n", "raw/skeletons/0007-M.txt")
    try write("9,3,8,2\n1,12,20,2\n", "raw/labels/0007-M.txt")
    _ = try Pipeline(
      ConversionOptions(
        inputs: [folder.path("raw")], dataset: .pkummd1, output: folder.path("data"), trimming: trimming,
        compression: 1)
    ).run()
    let page = try PageReading(
      try Viewing(dataset: folder.path("data"), raw: [folder.path("raw")]).page().page)
    switch trimming {
    case .untrimmed:
      let sample = page.content.samples[0]
      #expect(sample.intervals == [.init(3, 8, 8, "drop"), .init(12, 20, 0, "bow")])
      #expect(sample.panels.map(\.frames) == [20, 20])
      #expect(page.html.contains("track intervals"))
    case .trimmed:
      #expect(page.content.samples.map { $0.panels.map(\.frames) } == [[5, 5], [8, 8]])
      #expect(abs(page.content.samples[0].panels[0].metres[0] - 0.04) < 0.001, "frame 3 of the recording")
      #expect(page.html.contains("<h2>0007-M#0</h2>") && page.html.contains("class 8, drop"))
    }
  }
}
