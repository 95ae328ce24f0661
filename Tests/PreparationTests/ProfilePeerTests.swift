import Formats
import Foundation
import Preparation
import Skeleton
import Testing

/// Compares all profiles with `Tests/Peers/normalize.py`, which restates them with numpy on dense arrays.
@Suite struct ProfilePeerTests {
  /// Metres.
  private static let tolerance: Float = 1e-5

  private static let hasNumpy = (try? start(["-c", "import numpy"]))?.status == 0

  private static func start(_ arguments: [String]) throws -> (status: Int32, text: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  /// Normalizes the files in every way, there and here, and compares coordinates and visibility.
  private func compare(_ files: [URL]) throws {
    let output = try TemporaryFolder()
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Peers/normalize.py")
    let names = Profile.all.map(\.name)
    let (status, text) = try Self.start(
      [script.path, output.url.path] + names + ["--"] + files.map(\.path))
    try #require(status == 0, "\(text)")
    for file in files {
      let stem = file.deletingPathExtension().lastPathComponent
      let recording = try NTUSkeletonText.parse(Array(try Data(contentsOf: file)).span)
      for profile in Profile.all {
        let clip = profile.clip(of: recording)
        let place = output.url.appendingPathComponent("\(stem).\(profile.name)")
        let visible = [UInt8](try Data(contentsOf: place.appendingPathExtension("u8")))
        #expect(clip.visible == visible, "\(stem) \(profile.name)")
        let data = [UInt8](try Data(contentsOf: place.appendingPathExtension("f32")))
        #expect(data.count == clip.joints.count * 4, "\(stem) \(profile.name): \(clip.frameCount) frames")
        let worst = worstDifference(clip.joints, data)
        #expect(worst <= Self.tolerance, "\(stem) \(profile.name): \(worst) m")
      }
    }
  }

  private func worstDifference(_ ours: [Float], _ bytes: [UInt8]) -> Float {
    var worst: Float = 0
    for (index, value) in ours.enumerated() where index * 4 + 3 < bytes.count {
      let place = index * 4
      let low = UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8
      let bits = low | UInt32(bytes[place + 2]) << 16 | UInt32(bytes[place + 3]) << 24
      let difference = abs(value - Float(bitPattern: bits))
      if !(difference <= worst) { worst = difference }
    }
    return worst
  }

  @Test(.enabled(if: ProfilePeerTests.hasNumpy, "needs python3 with numpy"))
  func agreeOnEveryQuirk() throws {
    let folder = try TemporaryFolder()
    var files: [URL] = []
    let scenes =
      Scene.quirks.sorted { $0.key < $1.key }
      + (0..<24).map { (key: "random-\($0)", value: Scene.random($0)) }
    for (name, scene) in scenes {
      let file = folder.url.appendingPathComponent("\(name).skeleton")
      try Data(scene.text()).write(to: file)
      files.append(file)
    }
    try compare(files)
  }

  @Test(
    .enabled(
      if: ProfilePeerTests.hasNumpy && Outside.has(Outside.data.appendingPathComponent("ntu")),
      "needs python3 with numpy, and recordings in SKELETON_DATA/ntu"))
  func agreeOnGenuineRecordings() throws {
    let all = try FileManager.default.contentsOfDirectory(
      at: Outside.data.appendingPathComponent("ntu"), includingPropertiesForKeys: nil)
    try compare(all.filter { $0.pathExtension == "skeleton" }.sorted { $0.path < $1.path })
  }

  @Test(
    .enabled(
      if: ProfilePeerTests.hasNumpy && Outside.has(Outside.data.appendingPathComponent("pku/A10N08-L.txt")),
      "needs python3 with numpy, and SKELETON_DATA/pku/A10N08-L.txt"))
  func agreeOnTwoSlotsWithoutIDs() throws {
    let text = try String(
      contentsOf: Outside.data.appendingPathComponent("pku/A10N08-L.txt"), encoding: .utf8)
    let rows = text.split(whereSeparator: \.isNewline).map { line in
      line.split(separator: " ").compactMap { Double($0) }
    }
    var writer = NTUSkeletonWriter(frameCount: rows.count)
    for row in rows {
      try #require(row.count == 150)
      let bodies = (0..<2).filter { body in row[(body * 75)..<(body * 75 + 75)].contains { $0 != 0 } }
      writer.beginFrame(bodyCount: bodies.count)
      for body in bodies {
        let joints = (0..<25).map { joint in
          SIMD3(row[body * 75 + joint * 3], row[body * 75 + joint * 3 + 1], row[body * 75 + joint * 3 + 2])
        }
        writer.append(bodyID: UInt64(body), joints: joints)
      }
    }
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("A10N08-L.skeleton")
    try Data(writer.text).write(to: file)
    try compare([file])
  }
}
