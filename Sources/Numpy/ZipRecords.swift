/// The records of a zip archive whose entries are stored as they are. Source: PKWARE's APPNOTE 6.3.9.
///
/// Sizes and places are always written with 64 bits, as numpy does: one form for small files and for those above
/// 4 GB. The time is that of the format's beginning.
enum ZipRecords {
  struct Entry {
    let name: String
    let checksum: UInt32
    let size: Int
    /// The place of the entry's own header.
    let offset: Int
  }

  private static let version: UInt16 = 45  // the first with 64-bit sizes
  private static let unix: UInt16 = 3 << 8
  private static let firstDay: UInt16 = 0x21  // 1 January 1980
  private static let plainFile: UInt32 = 0o100644 << 16
  /// What stands in a small field whose value is in a large one.
  private static let elsewhere16 = UInt16.max
  private static let elsewhere32 = UInt32.max

  /// The bytes of an entry's own header.
  static func localSize(name: String) -> Int { 30 + name.utf8.count + 20 }

  /// The header in front of an entry.
  static func local(_ entry: Entry) -> [UInt8] {
    little(UInt32(0x0403_4b50), version) + facts(entry)
      + little(UInt16(entry.name.utf8.count), UInt16(20)) + Array(entry.name.utf8)
      + little(UInt16(1), UInt16(16), UInt64(entry.size), UInt64(entry.size))
  }

  /// The entry's row in the directory.
  static func central(_ entry: Entry) -> [UInt8] {
    let head = little(UInt32(0x0201_4b50), unix | version, version) + facts(entry)
    let lengths = little(UInt16(entry.name.utf8.count), UInt16(28), UInt16(0))
    let place = little(UInt16(0), UInt16(0), plainFile, elsewhere32)
    let large = little(
      UInt16(1), UInt16(24), UInt64(entry.size), UInt64(entry.size), UInt64(entry.offset))
    return head + lengths + place + Array(entry.name.utf8) + large
  }

  /// What stands behind the directory.
  static func end(entries: Int, directorySize: Int, directoryOffset: Int) -> [UInt8] {
    let large =
      little(UInt32(0x0606_4b50), UInt64(44), unix | version, version, UInt32(0), UInt32(0))
      + little(UInt64(entries), UInt64(entries), UInt64(directorySize), UInt64(directoryOffset))
    let locator = little(
      UInt32(0x0706_4b50), UInt32(0), UInt64(directoryOffset + directorySize), UInt32(1))
    let small =
      little(UInt32(0x0605_4b50), UInt16(0), UInt16(0), elsewhere16, elsewhere16)
      + little(elsewhere32, elsewhere32, UInt16(0))
    return large + locator + small
  }

  /// No flags, method 0, time, day, checksum, and sizes that are elsewhere.
  private static func facts(_ entry: Entry) -> [UInt8] {
    little(UInt16(0), UInt16(0), UInt16(0), firstDay, entry.checksum, elsewhere32, elsewhere32)
  }

  /// Numbers one after another, each with its lowest byte first.
  private static func little<each Number: FixedWidthInteger>(_ numbers: repeat each Number) -> [UInt8] {
    var bytes: [UInt8] = []
    for number in repeat each numbers {
      for byte in 0..<(number.bitWidth / 8) { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * byte))) }
    }
    return bytes
  }
}
