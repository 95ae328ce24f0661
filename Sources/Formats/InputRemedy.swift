extension InputListing.Reason {
  /// What somebody can do who wants it read all the same.
  public var remedy: String {
    switch self {
    case .encrypted: "unpack it with its password, for instance with 7z x, and give the folder"
    case .compressionMethod: "unpack it, for instance with 7z x, and give the folder"
    case .unsafePath: "if you trust the archive, unpack it into an empty folder, and give that"
    case .nestedArchive:
      "unpack the outer archive, and give the folder: archives in folders are read as they are"
    case .archiveKind: "unpack it, and give the folder, or a .tar or .zip"
    case .link, .linkedFolder: "give what the link leads to as an input of its own"
    case .unreadable: "look whether you may read it"
    case .badName: "give the file another name"
    case .specialFile: "give a regular file"
    case .duplicateName, .sizeMismatch, .overlap, .sparse:
      "unpack it with a program that you trust with it, look at what comes out, and give the folder"
    }
  }
}
