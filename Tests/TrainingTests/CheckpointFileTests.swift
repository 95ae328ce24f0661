import Foundation
import Skeleton
import Testing
import Training

@testable import Evaluation

/// Files that are given as a checkpoint and are none.
@Suite struct CheckpointFileTests {
  @Test func otherKindsAreNamed() throws {
    let folder = try TemporaryFolder()
    for (name, bytes, word) in [
      ("weights.pth.tar", [0x50, 0x4b, 3, 4, 0, 0, 0, 0], "PyTorch"),
      ("weights.pt", [0x80, 2, 0x8a, 0x0a], "pickle"),
      ("weights.safetensors", [0x50, 0x4b, 3, 4], "PyTorch"),
      ("model.ckpt", [0x80, 4, 0x95, 1, 2, 3, 4, 5], "PyTorch"),
      ("features.h5", [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a], "HDF5"),
      ("x.npy", [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], "numpy"),
    ] as [(String, [UInt8], String)] {
      let url = folder.url.appendingPathComponent(name)
      try Data(bytes).write(to: url)
      let error = #expect(throws: InputError.self) { try FrozenEncoder(checkpoint: url) }
      #expect(error?.found.contains(word) == true, "\(name): \(error?.found ?? "")")
      #expect(error?.hint.contains("Methods.md") == true)
      #expect(throws: InputError.self) { try TrainedHead(contentsOf: url) }
    }
    let none = #expect(throws: InputError.self) {
      try FrozenEncoder(checkpoint: folder.url.appendingPathComponent("none.pth"))
    }
    #expect(none?.found == "no such checkpoint" && none?.file.hasSuffix("/none.pth") == true)
    // A header may be as long as a pickle's first bytes say.
    let header = folder.url.appendingPathComponent("short.safetensors")
    try Data([0x80, 2, 0, 0, 0, 0, 0, 0]).write(to: header)
    try CheckpointFile.check(header)
  }

  /// A link to a pipe is a link, and was opened, which nothing ever answers.
  @Test func whatIsNoFileIsNotWaitedFor() throws {
    let folder = try TemporaryFolder()
    let (pipe, link) = (folder.url.appendingPathComponent("pipe"), folder.url.appendingPathComponent("link"))
    #expect(unsafe mkfifo(pipe.path, 0o600) == 0)
    for target in [pipe.path, "/dev/zero"] {
      #expect(unsafe symlink(target, link.path) == 0)
      for url in [URL(fileURLWithPath: target), link] {
        try CheckpointFile.check(url)
        #expect(throws: InputError.self) { try FrozenEncoder(checkpoint: url) }
        #expect(throws: InputError.self) { try TrainedHead(contentsOf: url) }
      }
      try FileManager.default.removeItem(at: link)
    }
  }
}
