/// What kind of archive a name promises.
enum ArchiveKind: Equatable {
  case zip
  case tar
  /// One that is not read, since its members cannot be found without unpacking it; and what to do.
  case other(hint: String)

  /// Nil for names of single files, `X.skeleton.gz` among them.
  init?(name: String) {
    let name = name.lowercased()
    func ends(_ suffixes: String...) -> Bool { suffixes.contains { name.hasSuffix($0) } }
    if ends(".zip") {
      self = .zip
    } else if ends(".tar") {
      self = .tar
    } else if ends(".tar.gz", ".tgz") {
      self = .other(hint: "gzip -dk makes a .tar of it, which is read as it is")
    } else if ends(".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".tzst", ".tar.lz4", ".tar.z") {
      self = .other(hint: "decompress it to a .tar, which is read as it is")
    } else if ends(".7z", ".rar") {
      self = .other(hint: "unpack it, for instance with 7z x, and give the folder")
    } else {
      return nil
    }
  }
}
