import Foundation
import Shards
import Skeleton

/// What somebody means by a checkpoint: a run's folder, or a file of weights.
public enum CheckpointFile {
  /// The file that is meant.
  ///
  /// - Parameters:
  ///   - url: a folder, or a file of safetensors, whatever it is called.
  ///   - inFolder: the file that a folder stands for.
  /// - Returns: a file, which the reader may find missing.
  /// - Throws: `InputError` for a file of another kind, which it names.
  public static func url(_ url: URL, inFolder: (URL) -> URL) throws -> URL {
    if try Disk.isFolder(url) { return inFolder(url) }
    try check(url)
    return url
  }

  /// Refuses files that are known to be something else than safetensors.
  ///
  /// - Throws: `InputError` with what it is, and how it becomes what is read.
  public static func check(_ url: URL) throws {
    // What cannot be opened is for the reader to say.
    guard let start = try? Disk.start(of: url.path, upTo: 8).bytes,
      let kind = kind(ofFileStarting: [UInt8](start))
    else { return }
    throw InputError(
      url.path, found: kind, expected: "a .safetensors file",
      hint: "some lines of Python make one of PyTorch's files: \"Weights from elsewhere\" in "
        + "Sources/Training/Training.docc/Methods.md has them")
  }

  /// What is known by its first bytes.
  private static func kind(ofFileStarting bytes: [UInt8]) -> String? {
    switch bytes {
    case _ where bytes.starts(with: [0x50, 0x4b, 3, 4]):
      "a zip archive, as PyTorch writes .pth, .pt, .pth.tar and .ckpt"
    case _ where bytes.count > 1 && bytes[0] == 0x80 && (2...5).contains(bytes[1]) && !isHeaderLength(bytes):
      "a Python pickle, as older versions of PyTorch write .pth, .pt and .pth.tar"
    case _ where bytes.starts(with: [0x89, 0x48, 0x44, 0x46]): "an HDF5 file"
    case _ where bytes.starts(with: [0x93, 0x4e, 0x55, 0x4d]): "an array of numpy"
    case _ where bytes.starts(with: [0x1f, 0x8b]): "a gzip file"
    default: nil
    }
  }

  /// Whether the bytes may be the length of a safetensors header, which is less than 4 GB.
  private static func isHeaderLength(_ bytes: [UInt8]) -> Bool {
    bytes.count == 8 && bytes[4...].allSatisfy { $0 == 0 }
  }
}
