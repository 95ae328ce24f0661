/// A file of raw text that an input holds, not yet read.
public struct RawFile: Sendable, Hashable {
  /// Where a file's bytes are.
  public enum Origin: Sendable, Hashable {
    /// A file of its own.
    case file(path: String)
    /// A member of a zip or tar archive.
    case member(archive: ListedArchive, MemberPlace)
  }

  /// Where its bytes are.
  public let origin: Origin
  /// What reports call it: its path from the input's own name on, `nturgb+d.zip/S001….skeleton`.
  public let label: String
  /// Its name without folders and without its extension, and without `.gz` where it has that.
  public let stem: String
  /// Its extension in lower case, without the dot; of `S001….skeleton.gz` it is `skeleton`.
  public let fileExtension: String
  /// Whether it is compressed by gzip, as its name says.
  public let isGzipped: Bool
  /// Its size as the file system or the archive states it, before gzip is undone. A claim: nothing is allocated by it.
  public let claimedBytes: UInt64
  /// What changes when its content does: the time of its last change, or its checksum in the archive.
  public let stamp: UInt64

  /// Describes a file; its stem and extension are taken from the label.
  init(origin: Origin, label: String, claimedBytes: UInt64, stamp: UInt64) {
    var (name, suffix) = RawFile.parts(of: label.split(separator: "/").last ?? "")
    isGzipped = suffix == "gz"
    if isGzipped { (name, suffix) = RawFile.parts(of: name) }
    self.origin = origin
    self.label = label
    stem = String(name)
    fileExtension = suffix
    self.claimedBytes = claimedBytes
    self.stamp = stamp
  }

  private static func parts(of name: Substring) -> (stem: Substring, suffix: String) {
    guard let dot = name.lastIndex(of: ".") else { return (name, "") }
    return (name[..<dot], name[name.index(after: dot)...].lowercased())
  }
}
