/// A file of raw text that an input holds, not yet read.
public struct RawFile: Sendable, Hashable {
  /// Where a file's bytes are.
  public enum Origin: Sendable, Hashable {
    /// A file of its own.
    case file(path: String)
    /// A member of a zip archive.
    case member(archive: String, index: UInt64)
  }

  /// Where its bytes are.
  public let origin: Origin
  /// What reports call it: its path from the input's own name on, `nturgb+d.zip/S001….skeleton`.
  public let label: String
  /// Its name without folders and without its extension.
  public let stem: String
  /// Its extension in lower case, without the dot.
  public let fileExtension: String
  /// Its size as the file system or the archive states it. A claim: nothing is allocated by it.
  public let claimedBytes: UInt64
  /// What changes when its content does: the time of its last change, or its checksum in the archive.
  public let stamp: UInt64

  /// Describes a file; its stem and extension are taken from the label.
  init(origin: Origin, label: String, claimedBytes: UInt64, stamp: UInt64) {
    let name = label.split(separator: "/").last ?? ""
    let dot = name.lastIndex(of: ".") ?? name.endIndex
    self.origin = origin
    self.label = label
    stem = String(name[..<dot])
    fileExtension = dot == name.endIndex ? "" : name[name.index(after: dot)...].lowercased()
    self.claimedBytes = claimedBytes
    self.stamp = stamp
  }
}
