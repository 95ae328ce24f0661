/// A member of an archive, as the archive describes it: all of it is a claim.
struct ArchiveMember {
  let name: MemberName
  let claimedBytes: UInt64
  /// Changes when the content does.
  let stamp: UInt64
  let place: MemberPlace
  /// Why it is not to be read, where that is so.
  var fault: InputListing.Fault?

  /// More members than any data set has files; an archive of more is refused as a whole.
  static let countLimit = 1 << 20
}

/// Where in an archive a member's bytes are, and in what form.
public struct MemberPlace: Sendable, Hashable {
  /// How the bytes are stored.
  enum Form: Sendable, Hashable {
    /// In a tar archive, as they are; the offset is theirs.
    case tar
    /// In a zip archive, as they are or deflated; the offset is that of the header before them.
    case zip(isDeflated: Bool, checksum: UInt32)
  }

  let offset: UInt64
  let storedBytes: UInt64
  let form: Form
}

/// An archive as it was when it was listed.
public struct ListedArchive: Sendable, Hashable {
  let path: String
  let facts: FileFacts
}
