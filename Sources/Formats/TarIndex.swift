import Skeleton

/// The members of a tar archive: ustar, GNU's long names, and the `path` and `size` of pax. Sources: POSIX.1-2017
/// `pax`, and the GNU tar manual, "Basic Tar Format".
///
/// Only headers are read. An archive that ends early or has a damaged header is refused as a whole, since what follows
/// cannot be found.
struct TarIndex {
  /// The members in the order of the archive, folders left out.
  private(set) var members: [ArchiveMember] = []

  private static let block = 512
  /// More than names and attributes of a member take.
  private static let attributesLimit: UInt64 = 1 << 20
  /// Archives are padded with zeros to whole records; so much behind the end is looked through for a second archive.
  private static let endLimit = 1 << 20

  /// Reads all headers.
  ///
  /// - Throws: ``InputError`` if the file is not a tar archive, or a damaged one.
  init(of file: RegularFile) throws(InputError) {
    let size = file.facts.bytes
    var attributes = Attributes()
    var place: UInt64 = 0
    while place < size {
      let header = try file.bytes(at: place, count: TarIndex.block)[...]
      guard header.count == TarIndex.block else { throw TarIndex.truncated(file.path, at: place) }
      if header.allSatisfy({ $0 == 0 }) {
        try TarIndex.expectNothing(in: file, after: place)
        return
      }
      guard TarIndex.hasItsChecksum(header), let stated = TarIndex.number(header.dropFirst(124).prefix(12))
      else {
        throw InputError(
          file.path, at: "byte \(place)", found: place == 0 ? "no tar archive" : "a damaged header",
          expected: "the header of a member")
      }
      let type = header[header.startIndex + 156]
      let isAttributes = [UInt8(ascii: "x"), UInt8(ascii: "g"), UInt8(ascii: "L"), UInt8(ascii: "K")]
        .contains(type)
      let bytes = isAttributes ? stated : attributes.size ?? stated
      let start = place + UInt64(TarIndex.block)
      guard bytes <= size - start else { throw TarIndex.truncated(file.path, at: place) }
      if isAttributes {
        guard bytes <= TarIndex.attributesLimit else {
          throw InputError(
            file.path, at: "byte \(place)", found: "\(bytes) bytes of attributes",
            expected: "at most \(TarIndex.attributesLimit)")
        }
        let text = try file.bytes(at: start, count: Int(bytes))[...]
        guard attributes.read(text, type: type) else {
          throw InputError(file.path, at: "byte \(start)", found: "attributes that cannot be read")
        }
      } else {
        try add(
          header, type: type, attributes, bytes: bytes,
          place: MemberPlace(offset: start, storedBytes: bytes, form: .tar), of: file)
        attributes = Attributes()
      }
      // A last member may lack its padding.
      let padded = (bytes + UInt64(TarIndex.block) - 1) / UInt64(TarIndex.block) * UInt64(TarIndex.block)
      place = start + min(padded, size - start)
    }
    if size == 0 || attributes.isSet { throw TarIndex.truncated(file.path, at: size) }
  }

  private mutating func add(
    _ header: ArraySlice<UInt8>, type: UInt8, _ attributes: Attributes, bytes: UInt64, place: MemberPlace,
    of file: RegularFile
  ) throws(InputError) {
    let name = MemberName(attributes.name ?? TarIndex.name(in: header))
    let fault: InputListing.Fault?
    switch type {
    // Some old writers mark a folder by the slash at the end of its name alone.
    case UInt8(ascii: "0"), 0, UInt8(ascii: "7"):
      if name.isFolder { return }
      fault = attributes.isSparse ? .init(.sparse, "a sparse file, whose bytes are not all there") : nil
    case UInt8(ascii: "1"): fault = .init(.link, "a link to another member")
    case UInt8(ascii: "2"): fault = .init(.link, "a symbolic link")
    case UInt8(ascii: "5"): return
    case UInt8(ascii: "S"): fault = .init(.sparse, "a sparse file, whose bytes are not all there")
    default: fault = .init(.specialFile, "a pipe, a device, or something of one program only")
    }
    guard members.count < ArchiveMember.countLimit else {
      throw InputError(file.path, found: "more than \(ArchiveMember.countLimit) members")
    }
    // A tar archive has no checksums of contents; its own time is all that tells of a change.
    members.append(
      ArchiveMember(name: name, claimedBytes: bytes, stamp: file.facts.changed, place: place, fault: fault))
  }

  private static func truncated(_ path: String, at place: UInt64) -> InputError {
    InputError(
      path, at: "byte \(place)", found: "the end of the file", expected: "the rest of the archive",
      hint: "compare its size or checksum with the source; a download that broke off looks like this")
  }

  /// A second archive behind the end of the first would be passed over in silence.
  private static func expectNothing(in file: RegularFile, after place: UInt64) throws(InputError) {
    if let found = try file.bytes(at: place, count: endLimit).firstIndex(where: { $0 != 0 }) {
      throw InputError(
        file.path, at: "byte \(place + UInt64(found))", found: "data after the end of the archive",
        hint: "two archives in one file? give them one by one, or unpack with tar --ignore-zeros")
    }
  }
}

/// The fields of a header.
extension TarIndex {
  /// The sum of all bytes, those of the sum itself taken as blanks; some old writers took them as signed.
  private static func hasItsChecksum(_ header: ArraySlice<UInt8>) -> Bool {
    guard let stated = number(header.dropFirst(148).prefix(8)) else { return false }
    var unsigned = 0
    var signed = 0
    for (index, byte) in header.enumerated() {
      let value = (148..<156).contains(index) ? 0x20 : byte
      unsigned += Int(value)
      signed += Int(Int8(bitPattern: value))
    }
    return stated == UInt64(unsigned) || Int(exactly: stated) == signed
  }

  /// Octal digits between blanks and NULs, or where the first bit is set a big-endian number.
  private static func number(_ field: ArraySlice<UInt8>) -> UInt64? {
    guard let first = field.first else { return nil }
    if first & 0x80 != 0 {
      guard first == 0x80, field.dropFirst().dropLast(8).allSatisfy({ $0 == 0 }) else { return nil }
      let value = field.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return value <= UInt64(Int.max) ? value : nil
    }
    let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0x20 && $0 != 0 }
    guard digits.allSatisfy({ (0x30..<0x38).contains($0) }) else { return nil }
    // Twelve digits are 36 bits.
    return digits.reduce(UInt64(0)) { $0 << 3 | UInt64($1 - 0x30) }
  }

  private static func name(in header: ArraySlice<UInt8>) -> [UInt8] {
    let name = header.prefix(100).prefix { $0 != 0 }
    // The prefix is POSIX's; GNU tar, `ustar` and two blanks, has times in its place.
    guard header.dropFirst(257).prefix(6).elementsEqual("ustar\0".utf8) else { return Array(name) }
    let prefix = header.dropFirst(345).prefix(155).prefix { $0 != 0 }
    return prefix.isEmpty ? Array(name) : prefix + [UInt8(ascii: "/")] + name
  }

  /// What stands before a member's header about it.
  private struct Attributes {
    var name: [UInt8]?
    var size: UInt64?
    var isSparse = false
    var isSet = false

    /// Takes what concerns the next member; false if the text is malformed.
    mutating func read(_ text: ArraySlice<UInt8>, type: UInt8) -> Bool {
      switch type {
      case UInt8(ascii: "L"):
        name = Array(text.prefix { $0 != 0 })
        isSet = true
        return true
      case UInt8(ascii: "x"):
        isSet = true
        return readRecords(text)
      default: return true  // The target of a link, or what holds for all members: nothing of ours.
      }
    }

    /// Records of the form `LENGTH KEY=VALUE\n`.
    private mutating func readRecords(_ text: ArraySlice<UInt8>) -> Bool {
      var rest = text
      while !rest.isEmpty {
        guard let length = TarIndex.Attributes.decimal(rest.prefix { $0 != 0x20 }), length <= rest.count,
          let blank = rest.firstIndex(of: 0x20)
        else { return false }
        let end = rest.startIndex + length
        guard blank + 1 < end, rest[end - 1] == 0x0a else { return false }
        let record = rest[(blank + 1)..<(end - 1)]
        guard let equals = record.firstIndex(of: UInt8(ascii: "=")) else { return false }
        let value = record[(equals + 1)...]
        switch String(decoding: record[..<equals], as: UTF8.self) {
        case "path": name = Array(value)
        case "size":
          guard let bytes = TarIndex.Attributes.decimal(value) else { return false }
          size = UInt64(bytes)
        case let key where key.hasPrefix("GNU.sparse."): isSparse = true
        default: break
        }
        rest = rest[end...]
      }
      return true
    }

    private static func decimal(_ digits: ArraySlice<UInt8>) -> Int? {
      guard (1...18).contains(digits.count), digits.allSatisfy({ (0x30..<0x3a).contains($0) }) else {
        return nil
      }
      return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
  }
}
