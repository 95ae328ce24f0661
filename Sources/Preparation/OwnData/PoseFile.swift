import Formats
import Foundation
import Numpy
import Skeleton

/// A file of poses, whatever it is written in.
enum PoseFile {
  /// What can be read, in lower case.
  static let extensions: Set<String> = ["csv", "tsv", "txt", "json", "npy", "npz"]

  /// Reads a file: by its first bytes where they say what it is, and as a table otherwise.
  ///
  /// - Returns: the poses, and what of the file means nothing here, as words for a report.
  /// - Throws: ``PoseFileError`` at the first thing that does not belong.
  static func read(
    _ bytes: [UInt8], extension suffix: String, _ form: PoseForm
  ) throws(PoseFileError) -> (poses: Poses, ignored: [String]) {
    let read: (poses: Poses, ignored: [String])
    if bytes.starts(with: [0x93] + Array("NUMPY".utf8)) || suffix == "npy" {
      read = (try PoseArrays.npy(bytes, form), [])
    } else if bytes.starts(with: Array("PK".utf8)) || suffix == "npz" {
      read = (try PoseArrays.npz(bytes, form), [])
    } else if suffix == "json" || isJSON(bytes) {
      read = (try PoseJSON.parse(bytes.span, form), [])
    } else {
      read = try PoseTable.read(bytes.span, form)
    }
    if read.poses.frameCount == 0 { throw PoseFileError("empty", found: "no frame") }
    return read
  }

  /// Whether the first sign opens a list or an object.
  private static func isJSON(_ bytes: [UInt8]) -> Bool {
    let first = bytes.first { ![0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf].contains($0) }
    return first == UInt8(ascii: "[") || first == UInt8(ascii: "{")
  }
}
