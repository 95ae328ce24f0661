import Foundation
import Shards
import Skeleton

/// Whether the JSON files of a data set are as they were written.
enum SealCheck {
  /// What is wrong with the bytes of a file.
  static func faults(of url: URL) -> [InputError] {
    guard let text = try? Disk.read(url) else {
      return FileManager.default.fileExists(atPath: url.path)
        ? [InputError(url.path, found: "cannot be read")] : []
    }
    switch JSONSeal.state(of: text) {
    case .intact: return []
    case .broken:
      return [
        InputError(
          url.path, at: "seal", found: "another text than was written", expected: "one that is as it was",
          hint: "the file was changed or damaged; make it again, or copy it again from where it came from")
      ]
    case .absent:
      return [
        InputError(
          url.path, at: "seal", found: "none", expected: "\"seal\" at the end, as skelprep writes it",
          hint: "the file was cut off, or written by hand")
      ]
    }
  }

  static func faults(ofSplitsIn folder: URL) -> [InputError] {
    SplitsCheck.files(in: folder).flatMap { faults(of: $0) }
  }
}
