import Foundation
import Formats
import Shards
import Skeleton

/// Files that occur in people's copies of the data sets, and some that nobody has seen yet; and what a conversion
/// should make of each.
struct SyntheticDefects {
  let dataset: SkeletonDataset

  /// Kinect's ids are of this size: above 2⁵³, where a Double no longer tells neighbours apart.
  static let firstBodyID: UInt64 = 72_057_594_037_930_000

  /// The setup that the defective samples have: the data set's last.
  static func setup(of dataset: SkeletonDataset) -> Int { dataset.setupCount }

  /// What a conversion should say of a file, for `truth.json`.
  struct Truth: Codable, Equatable {
    let file: String
    let outcome: ReportRow.Outcome
    let reason: String?
    let byte: Int?
  }

  private struct Defect {
    var file: String
    var text: [UInt8]
    var outcome: ReportRow.Outcome
    var reason: String?
    var byte: Int?
  }

  /// Adds the files and `truth.json`, which lists them and says how many good samples there are besides.
  ///
  /// - Returns: the number of files with a sample's text, good or bad.
  func write(to folder: URL, goodSamples: Int) throws -> Int {
    struct Document: Encodable {
      let goodSamples: Int
      let files: [Truth]
    }
    let defects = defects()
    for defect in defects {
      try AtomicFile.write(
        Data(defect.text), to: folder.appendingPathComponent(defect.file), isSynced: false)
    }
    let truth = Document(
      goodSamples: goodSamples,
      files: defects.map { Truth(file: $0.file, outcome: $0.outcome, reason: $0.reason, byte: $0.byte) })
    try AtomicFile.write(try JSON.line(truth), to: folder.appendingPathComponent("truth.json"))
    return defects.count { $0.file.hasSuffix(".skeleton") }
  }

  private func defects() -> [Defect] {
    var defects: [Defect] = []
    func name(_ action: Int) -> String {
      let name = SampleName(
        setup: SyntheticDefects.setup(of: dataset), camera: 1, subject: 1, replication: 1, action: action)
      return "\(name).skeleton"
    }
    func add(_ text: [UInt8], _ outcome: ReportRow.Outcome, _ reason: String? = nil, at byte: Int? = nil) {
      defects.append(
        Defect(file: name(defects.count + 1), text: text, outcome: outcome, reason: reason, byte: byte))
    }
    let good = plain()
    let zFirst = good.firstJointLine

    // Copies that broke off.
    add(Array(good.text.prefix(good.text.count / 2)), .dropped, "truncated", at: good.text.count / 2)
    add(Array(good.text.prefix(zFirst)), .dropped, "truncated", at: zFirst)
    add(good.text.prefix(1000) + Array(repeating: 0, count: 3000), .dropped, "nul-byte", at: 1000)
    add(Array(repeating: 0, count: 4096), .dropped, "nul-byte", at: 0)
    add([], .dropped, "empty", at: 0)
    // Numbers that are wrong.
    add(plain(jointCount: 24).text, .dropped, "joint-count", at: zFirst - 3)
    add(replacing(good, "nan"), .repaired)
    add(replacing(good, "1e400"), .repaired)
    add(replacing(good, "left"), .dropped, "bad-token", at: zFirst)
    add(
      replacing(good, "0.1 0.1"), .dropped, "word-count",
      at: endOfLine(in: replacing(good, "0.1 0.1"), from: zFirst))
    add(Array("2147483648\n".utf8) + good.text.dropFirst(3), .dropped, "truncated", at: good.text.count + 8)
    add(Array("9223372036854775808\n".utf8), .dropped, "truncated", at: 20)
    add(good.text + Array("1\n".utf8), .dropped, "trailing-data", at: good.text.count)
    // Oddities of the capture that are none of the file's fault.
    add(plain(bodies: { $0 < 10 ? [] : [0] }).text, .repaired)
    add(plain(bodies: { _ in [] }).text, .dropped, "no-body")
    add(plain(bodies: { _ in [0, 1, 2] }).text, .repaired)
    add(plain(bodies: { $0 < 10 ? [0] : [16] }).text, .kept)
    // Other ways to write the same.
    add(plain(lineBreak: "\r\n").text, .kept)
    add(Array(good.text.dropLast()), .kept)
    add(replacing(good, "2.181153E-01"), .kept)
    defects += others(good.text, twin: name(defects.count + 1), rival: name(defects.count + 2))
    return defects
  }

  /// Files that are wrong by name or by company.
  private func others(_ text: [UInt8], twin: String, rival: String) -> [Defect] {
    let official = dataset.samplesWithMissingSkeletons[0]
    let foreign = dataset == .ntu60 ? "S018C001P041R001A061" : "S033C001P001R001A001"
    return [
      Defect(file: "S001C001P001R001.skeleton", text: text, outcome: .dropped, reason: "misnamed"),
      Defect(file: "\(foreign).skeleton", text: text, outcome: .skipped, reason: "other-dataset"),
      Defect(file: "\(official).skeleton", text: text, outcome: .excluded, reason: "official-list"),
      Defect(file: twin, text: text, outcome: .kept),
      Defect(file: "copies/\(twin)", text: text, outcome: .duplicate, reason: "same-bytes"),
      Defect(file: rival, text: text, outcome: .dropped, reason: "conflict"),
      Defect(file: "copies/\(rival)", text: text + [0x0a], outcome: .dropped, reason: "conflict"),
      Defect(file: ".DS_Store", text: [0, 0, 0, 1], outcome: .ignored, reason: "not-a-recording"),
      Defect(
        file: "samples_with_missing_skeletons.txt", text: Array("\(official)\n".utf8), outcome: .ignored,
        reason: "not-a-recording"),
    ]
  }

  /// A text, and where its first joint's line starts.
  private struct Text {
    let text: [UInt8]
    let firstJointLine: Int
  }

  /// Twenty frames of somebody who moves a little.
  private func plain(
    jointCount: Int = Kinect25.jointCount, lineBreak: String = "\n", bodies: (Int) -> [UInt64] = { _ in [0] }
  ) -> Text {
    var random = KeyedRandom(seed: 0, view: "synthesis.defects")
    let body = BodyModel(random: &random)
    var writer = NTUSkeletonWriter(frameCount: 20, lineBreak: lineBreak)
    for frame in 0..<20 {
      let ids = bodies(frame)
      writer.beginFrame(bodyCount: ids.count)
      for id in ids {
        let pose = Gesture.wave.pose(seconds: Double(frame) / 30, effort: 1, style: Gesture.Style())
        let place = SIMD3(0.7 * Double(id % 16), -1, 3)
        let joints = body.joints(in: pose).map { $0 + place }
        writer.append(bodyID: SyntheticDefects.firstBodyID + id, joints: Array(joints.prefix(jointCount)))
      }
    }
    // Frame count, body count, body, joint count: the fifth line.
    let breaks = writer.text.indices.filter { writer.text[$0] == 0x0a }
    return Text(text: writer.text, firstJointLine: breaks.count > 3 ? breaks[3] + 1 : 0)
  }

  /// The text with another first coordinate.
  private func replacing(_ good: Text, _ word: String) -> [UInt8] {
    let rest = good.text[good.firstJointLine...].drop { $0 != 0x20 }
    return good.text.prefix(good.firstJointLine) + Array(word.utf8) + rest
  }

  private func endOfLine(in text: [UInt8], from start: Int) -> Int {
    text[start...].firstIndex(of: 0x0a) ?? text.count
  }
}
