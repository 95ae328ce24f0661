import Skeleton

/// The directory of a zip archive, zip64 included. Source: PKWARE's APPNOTE 6.3.10.
///
/// Nothing that it says is believed before the bytes are there: sizes and places must lie within the file, and members
/// must not share bytes. What the headers before the members say is compared when they are read.
struct ZipIndex {
  /// The members in the order of the directory.
  let members: [ArchiveMember]

  /// The bytes of a local header without name and extra field.
  static let localHeaderBytes = 30
  static let localSignature: UInt32 = 0x0403_4b50

  /// Reads the directory.
  ///
  /// - Throws: ``InputError`` if the file is not a zip archive, or one whose directory is damaged.
  init(of file: RegularFile) throws(InputError) {
    let end = try ZipIndex.directoryEnd(of: file)
    var members: [ArchiveMember] = []
    var extents: [Extent] = []
    var window = Window(file: file)
    var place = end.start
    for index in 0..<end.count {
      let header = try ZipIndex.entry(at: place, before: end.start + end.bytes, &window, index)
      place += UInt64(header.bytes)
      var member = header.member
      // What lies outside of the file, or in the directory, is a wrong claim; the rest must not overlap.
      let room = end.start
      let least = UInt64(ZipIndex.localHeaderBytes + header.nameBytes)
      if member.place.offset > room || room - member.place.offset < least
        || room - member.place.offset - least < member.place.storedBytes
      {
        member.fault =
          member.fault
          ?? .init(.sizeMismatch, "\(member.place.storedBytes) stored bytes, more than there is room for")
      } else {
        let start = member.place.offset
        extents.append(
          Extent(start: start, end: start + least + member.place.storedBytes, member: members.count))
      }
      members.append(member)
    }
    guard place == end.start + end.bytes else {
      throw ZipIndex.damaged(
        file.path, at: place, "a directory of more than the \(end.count) entries it states")
    }
    for member in ZipIndex.overlaps(extents) {
      members[member].fault =
        members[member].fault ?? .init(.overlap, "its bytes are those of another member too")
    }
    self.members = members
  }
}

/// Finding the directory.
extension ZipIndex {
  /// Where the directory is and how much it holds.
  private struct DirectoryEnd {
    var start: UInt64
    var bytes: UInt64
    var count: UInt64
  }

  private static func directoryEnd(of file: RegularFile) throws(InputError) -> DirectoryEnd {
    let size = file.facts.bytes
    let recordBytes = 22
    let tailStart = size - min(size, UInt64(recordBytes + 0xffff))
    let tail = try file.bytes(at: tailStart, count: Int(size - tailStart))[...]
    // The record that ends the archive, its comment reaching exactly to the end of the file.
    var at = tail.count - recordBytes
    while at >= 0,
      tail.little(UInt32.self, at: at) != 0x0605_4b50
        || Int(tail.little(UInt16.self, at: at + 20)) != tail.count - at - recordBytes
    {
      at -= 1
    }
    guard at >= 0 else {
      throw InputError(
        file.path, found: "no zip archive, or only its beginning",
        hint: "compare its size or checksum with the source; a download that broke off looks like this")
    }
    var end = DirectoryEnd(
      start: UInt64(tail.little(UInt32.self, at: at + 16)),
      bytes: UInt64(tail.little(UInt32.self, at: at + 12)),
      count: UInt64(tail.little(UInt16.self, at: at + 10)))
    var position = tailStart + UInt64(at)
    var disks = UInt32(tail.little(UInt16.self, at: at + 4)) | UInt32(tail.little(UInt16.self, at: at + 6))
    let isSaturated = end.start == UInt32.max || end.bytes == UInt32.max || end.count == UInt16.max
    if isSaturated, at >= 20, tail.little(UInt32.self, at: at - 20) == 0x0706_4b50 {
      position = tail.little(UInt64.self, at: at - 20 + 8)
      let record = try file.bytes(at: position, count: 56)[...]
      guard record.count == 56, record.little(UInt32.self, at: 0) == 0x0606_4b50 else {
        throw damaged(file.path, at: position, "no zip64 record where one should be")
      }
      disks = record.little(UInt32.self, at: 16) | record.little(UInt32.self, at: 20)
      end = DirectoryEnd(
        start: record.little(UInt64.self, at: 48), bytes: record.little(UInt64.self, at: 40),
        count: record.little(UInt64.self, at: 32))
    }
    guard disks == 0 else {
      throw InputError(
        file.path, found: "a part of an archive of several",
        hint: "join the parts: zip -s 0 IN.zip --out ALL.zip")
    }
    guard end.start <= position, end.bytes <= position - end.start else {
      throw damaged(file.path, at: position, "a directory of \(end.bytes) bytes at byte \(end.start)")
    }
    guard end.count <= UInt64(ArchiveMember.countLimit) else {
      throw InputError(
        file.path, found: "\(end.count) entries", expected: "at most \(ArchiveMember.countLimit)")
    }
    return end
  }

  private static func damaged(_ path: String, at place: UInt64, _ found: String) -> InputError {
    InputError(
      path, at: "byte \(place)", found: found, expected: "the directory of a zip archive",
      hint: "zip -FF repairs some archives; or unpack it and give the folder")
  }
}

/// Reading the directory.
extension ZipIndex {
  private struct Entry {
    let member: ArchiveMember
    let nameBytes: Int
    /// Of the entry itself.
    let bytes: Int
  }

  private static func entry(
    at place: UInt64, before end: UInt64, _ window: inout Window, _ index: UInt64
  ) throws(InputError) -> Entry {
    let fixed = 46
    let heading = try window.bytes(at: place, count: fixed, before: end)
    guard heading.count == fixed, heading.little(UInt32.self, at: 0) == 0x0201_4b50 else {
      throw damaged(window.file.path, at: place, "no entry \(index)")
    }
    let nameBytes = Int(heading.little(UInt16.self, at: 28))
    let extraBytes = Int(heading.little(UInt16.self, at: 30))
    let whole = fixed + nameBytes + extraBytes + Int(heading.little(UInt16.self, at: 32))
    let entry = try window.bytes(at: place, count: whole, before: end)
    guard entry.count == whole else { throw damaged(window.file.path, at: place, "a part of entry \(index)") }

    var sizes = [
      UInt64(entry.little(UInt32.self, at: 24)), UInt64(entry.little(UInt32.self, at: 20)),
      UInt64(entry.little(UInt32.self, at: 42)),
    ]
    let rest = entry.dropFirst(fixed)
    widen(&sizes, by: rest.dropFirst(nameBytes).prefix(extraBytes))
    let name = MemberName(rest.prefix(nameBytes))
    let method = entry.little(UInt16.self, at: 10)
    let checksum = entry.little(UInt32.self, at: 16)
    let member = ArchiveMember(
      name: name, claimedBytes: sizes[0], stamp: UInt64(checksum),
      place: MemberPlace(
        offset: sizes[2], storedBytes: sizes[1], form: .zip(isDeflated: method == 8, checksum: checksum)),
      fault: fault(of: entry, method: method, claimed: sizes[0], stored: sizes[1]))
    return Entry(member: member, nameBytes: nameBytes, bytes: whole)
  }

  /// Replaces the sizes and the offset that did not fit into 32 bits by those of the zip64 extra field.
  private static func widen(_ sizes: inout [UInt64], by extra: ArraySlice<UInt8>) {
    var rest = extra
    while rest.count >= 4 {
      let count = Int(rest.little(UInt16.self, at: 2))
      var field = rest.dropFirst(4).prefix(count)
      if rest.little(UInt16.self, at: 0) == 1 {
        for index in sizes.indices where sizes[index] == UInt32.max && field.count >= 8 {
          sizes[index] = field.little(UInt64.self, at: 0)
          field = field.dropFirst(8)
        }
        return
      }
      rest = rest.dropFirst(4 + count)
    }
  }

  private static func fault(
    of entry: ArraySlice<UInt8>, method: UInt16, claimed: UInt64, stored: UInt64
  ) -> InputListing.Fault? {
    // The upper half of the attributes is the mode of a file where the entry was made on Unix or macOS.
    let host = entry.little(UInt16.self, at: 4) >> 8
    let mode = host == 3 || host == 19 ? entry.little(UInt32.self, at: 38) >> 28 : 0
    switch mode {
    case 0o12: return .init(.link, "a symbolic link")
    case 0, 0o04, 0o10: break
    default: return .init(.specialFile, "a pipe, a socket or a device")
    }
    // Bit 0: encrypted; bit 6: strongly; bit 13: the directory is.
    if entry.little(UInt16.self, at: 8) & 0x2041 != 0 { return .init(.encrypted, "it needs a password") }
    if method != 0 && method != 8 {
      let names: [UInt16: String] = [
        9: "deflate64", 12: "bzip2", 14: "LZMA", 93: "zstd", 95: "xz", 98: "PPMd",
      ]
      let name = names[method].map { " (\($0))" } ?? ""
      return .init(
        .compressionMethod, "compressed by method \(method)\(name); stored and deflated members are read")
    }
    if method == 0 && claimed != stored {
      return .init(.sizeMismatch, "a size of \(claimed) bytes stated, and \(stored) stored")
    }
    return nil
  }

  /// The bytes of the archive that a member takes at the least.
  private struct Extent {
    let start: UInt64
    let end: UInt64
    let member: Int
  }

  /// The members that share a byte with another one.
  private static func overlaps(_ extents: [Extent]) -> Set<Int> {
    var found: Set<Int> = []
    var furthest: Extent?
    for extent in extents.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
      if let last = furthest, extent.start < last.end { found.formUnion([last.member, extent.member]) }
      if extent.end > furthest?.end ?? 0 { furthest = extent }
    }
    return found
  }
}

/// A part of a file, read ahead.
private struct Window {
  let file: RegularFile
  private var start: UInt64 = 0
  private var held: [UInt8] = []

  init(file: RegularFile) { self.file = file }

  /// `count` bytes from `place` on, or none where they would reach beyond `end`.
  mutating func bytes(at place: UInt64, count: Int, before end: UInt64) throws(InputError) -> ArraySlice<
    UInt8
  > {
    guard place <= end, UInt64(count) <= end - place else { return [] }
    if place < start || place - start > UInt64(held.count) || held.count - Int(place - start) < count {
      start = place
      held = try file.bytes(at: place, count: max(count, Int(min(end - place, 1 << 18))))
    }
    return held.dropFirst(Int(place - start)).prefix(count)
  }
}
