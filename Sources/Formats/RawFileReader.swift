import Skeleton

/// Reads raw files one after another, keeping their archives open. Nothing is ever unpacked to a disk.
///
/// Each thread has one of its own.
public final class RawFileReader {
  /// The most bytes that a file may have, packed or not: a recording of an hour has less.
  public static let sizeLimit = 64 << 20
  /// How many archives are kept open; recordings that follow each other by name are in one, or in a few.
  private static let openLimit = 16

  private var archives: [String: RegularFile] = [:]
  /// The bytes of a file as they are stored.
  private var packed: [UInt8] = []

  /// A reader that has nothing open yet.
  public init() {}

  /// Reads a file into the buffer, replacing what it held.
  ///
  /// - Throws: ``SkeletonTextError`` if it is larger than ``sizeLimit`` or its archive or gzip does not hold what it
  ///   states, `InputError` if it cannot be read.
  public func read(_ file: RawFile, into buffer: inout [UInt8]) throws {
    buffer.removeAll(keepingCapacity: true)
    switch file.origin {
    case .file(let path):
      try read(RegularFile(path: path), at: 0, count: RawFileReader.sizeLimit + 1, into: &buffer)
    case .member(let listed, let place):
      try readMember(place, of: open(listed), file, into: &buffer)
    }
    if file.isGzipped {
      swap(&packed, &buffer)
      try Gunzip.unpack(packed, into: &buffer, limit: RawFileReader.sizeLimit)
    }
  }

  /// Reads a range of an open file, or what there is of it.
  private func read(_ file: RegularFile, at offset: UInt64, count: Int, into buffer: inout [UInt8]) throws {
    buffer.removeAll(keepingCapacity: true)
    try file.append(at: offset, count: count, to: &buffer)
    if buffer.count > RawFileReader.sizeLimit {
      throw SkeletonTextError(.tooLarge(limit: RawFileReader.sizeLimit), at: RawFileReader.sizeLimit)
    }
  }

  private func readMember(
    _ place: MemberPlace, of archive: RegularFile, _ file: RawFile, into buffer: inout [UInt8]
  ) throws {
    let limit = RawFileReader.sizeLimit
    guard place.storedBytes <= limit, file.claimedBytes <= limit else {
      throw SkeletonTextError(.tooLarge(limit: limit), at: limit)
    }
    let stored = Int(place.storedBytes)
    switch place.form {
    case .tar:
      try read(archive, at: place.offset, count: stored, into: &buffer)
    case .zip(let isDeflated, let checksum):
      let start = try ZipIndex.content(at: place, named: file.label, in: archive)
      try read(archive, at: start, count: stored, into: &packed)
      if isDeflated {
        try Inflation.inflate(
          packed, into: &buffer, claimedBytes: file.claimedBytes, checksum: checksum, limit: limit)
      } else {
        swap(&packed, &buffer)
        try Inflation.check(buffer, checksum)
      }
    }
  }

  private func open(_ listed: ListedArchive) throws -> RegularFile {
    if let archive = archives[listed.path] { return archive }
    let archive = try RegularFile(path: listed.path)
    // The places of the members are those of the file that was listed.
    guard archive.facts == listed.facts else {
      throw InputError(
        listed.path, found: "another file than before, or a changed one",
        hint: "start again when nobody writes to it", kind: .inputOutput)
    }
    if archives.count == RawFileReader.openLimit { archives.removeAll() }
    archives[listed.path] = archive
    return archive
  }
}

extension ZipIndex {
  /// Where the bytes of a member start, behind its own header, which must be of the same name.
  static func content(
    at place: MemberPlace, named label: String, in file: RegularFile
  ) throws -> UInt64 {
    let header = try file.bytes(at: place.offset, count: localHeaderBytes)[...]
    let mismatch = SkeletonTextError(.headerMismatch, at: 0)
    guard header.count == localHeaderBytes, header.little(UInt32.self, at: 0) == localSignature else {
      throw mismatch
    }
    let nameBytes = Int(header.little(UInt16.self, at: 26))
    let name = MemberName(
      try file.bytes(at: place.offset + UInt64(localHeaderBytes), count: nameBytes))
    guard name.fault == nil, label.hasSuffix("/" + name.text) else { throw mismatch }
    return place.offset + UInt64(localHeaderBytes + nameBytes) + UInt64(header.little(UInt16.self, at: 28))
  }
}
