import Formats
import Foundation
import Preparation
import Shards
import Skeleton
import Testing

/// The script that `skelbench prep` measures against makes the same numbers, so that the two do the same work.
@Suite struct PeerTests {
  static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Peers/agcn.py")

  @Test func theScriptMakesTheSameNumbers() throws {
    let folder = try TemporaryFolder()
    try Synthesis(samples: 6).write(to: folder.path("raw"))
    let peer = Process()
    peer.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    peer.arguments = ["python3", Self.script.path, folder.path("raw"), folder.path("peer")]
    peer.standardOutput = FileHandle.nullDevice
    peer.standardError = FileHandle.nullDevice
    try peer.run()
    peer.waitUntilExit()
    guard peer.terminationStatus == 0 else {
      print("skipped: python3 has no numpy")
      return
    }
    let options = ConversionOptions(
      inputs: [folder.path("raw")], dataset: .ntu60, output: folder.path("ours"))
    _ = try Pipeline(options).run()
    let shard = try ShardReader.read(folder.url.appendingPathComponent("ours/shards/00000.h5"))
    let names = try String(contentsOf: folder.url.appendingPathComponent("peer/names.txt"), encoding: .utf8)
      .split(separator: "\n").map { String($0.dropLast(".skeleton".count)) }
    #expect(names == shard.samples.map(\.name))
    let array = try Data(contentsOf: folder.url.appendingPathComponent("peer/data_joint.npy"))
    // The file ends with the values, (N, C=3, T=300, V=25, M=2) float32.
    let values = [UInt8](array.suffix(names.count * 3 * 300 * 25 * 2 * 4))
    func value(_ index: Int) -> Float {
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(values[4 * index + $1]) << UInt32(8 * $1) })
    }
    var worst: Float = 0
    for (n, sample) in shard.samples.enumerated() {
      for t in 0..<sample.length {
        for m in 0..<2 {
          for v in 0..<25 {
            for c in 0..<3 {
              let ours = shard.frames[(((sample.start + t) * 2 + m) * 25 + v) * 3 + c]
              worst = max(worst, abs(ours - value((((n * 3 + c) * 300 + t) * 25 + v) * 2 + m)))
            }
          }
        }
      }
    }
    #expect(worst < 1e-5, "\(worst) m")
  }
}
