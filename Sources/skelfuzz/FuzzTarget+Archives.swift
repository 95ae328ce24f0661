import Formats
import Foundation
import Skeleton

extension FuzzTarget {
  static let zip = FuzzTarget(
    name: "zip",
    words: [
      "PK\u{1}\u{2}", "PK\u{3}\u{4}", "PK\u{5}\u{6}", "PK\u{6}\u{6}", "PK\u{6}\u{7}", "PK\u{7}\u{8}", "../",
      "/", "\\",
      "a.skeleton",
    ].map { Array($0.utf8) } + [[1, 0, 24, 0], [0xff, 0xff, 0xff, 0xff]]
  ) { bytes, place in
    try readInput(bytes, at: place.file.appendingPathExtension("zip")) { file, content in
      // The stamp is the checksum that the directory states.
      guard UInt64(content.count) == file.claimedBytes, UInt64(crc32(content)) == file.stamp else {
        throw Contradiction(description: "\(file.label): not the bytes of the directory's checksum")
      }
    }
  }

  static let tar = FuzzTarget(
    name: "tar",
    words: [
      "ustar\u{0}00", "ustar  \u{0}", "30 path=../../x.skeleton\n", "12 size=999\n", "././@LongLink",
      "GNU.sparse.size=1",
    ].map { Array($0.utf8) } + [[0x80, 0, 0, 0, 0x7f], [UInt8](repeating: 0, count: 512)],
    repair: sumHeaders
  ) { bytes, place in
    try readInput(bytes, at: place.file.appendingPathExtension("tar")) { file, content in
      guard UInt64(content.count) == file.claimedBytes, file.claimedBytes <= UInt64(bytes.count) else {
        throw Contradiction(description: "\(file.label): \(content.count) bytes of \(file.claimedBytes)")
      }
    }
  }

  static let gzip = FuzzTarget(
    name: "gzip",
    words: [[0x1f, 0x8b, 8, 0], [0x1f, 0x8b, 8, 0x1e], [3, 0], [0, 0, 0, 0xff, 0xff], [0x4b, 0x04, 0]]
  ) { bytes, place in
    try readInput(bytes, at: place.file.appendingPathExtension("skeleton.gz")) { file, content in
      guard content.count <= max(8 << 20, 200 * bytes.count) else {
        throw Contradiction(description: "\(content.count) bytes from \(bytes.count)")
      }
    }
  }

  /// Lists the input and reads all that it holds; `check` is given what is not gzipped inside an archive.
  private static func readInput(
    _ bytes: [UInt8], at file: URL, check: (RawFile, [UInt8]) throws -> Void
  ) throws -> Outcome {
    try Data(bytes).write(to: file)
    let listing: InputListing
    do {
      listing = try InputListing(inputs: [file.path], extensions: ["skeleton"])
    } catch is InputError {
      return .refused
    }
    guard Set(listing.files.map(\.label)).count == listing.files.count else {
      throw Contradiction(description: "two members of one name")
    }
    let reader = RawFileReader()
    var outcome = Outcome.refused
    var content: [UInt8] = []
    for raw in listing.files {
      guard !raw.label.split(separator: "/").contains(".."), !raw.label.contains("\\"),
        !raw.label.hasPrefix("/")
      else { throw Contradiction(description: "the name \(raw.label)") }
      do {
        try reader.read(raw, into: &content)
      } catch is SkeletonTextError {
        continue
      } catch let error as InputError where error.kind != .inputOutput {
        continue
      }
      outcome = .read
      if !raw.isGzipped || listing.files.count == 1 && raw.label.hasSuffix(file.lastPathComponent) {
        try check(raw, content)
      }
    }
    return outcome
  }

  /// CRC-32, bit by bit.
  static func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { value, byte in
      (0..<8).reduce(value ^ UInt32(byte)) { rest, _ in rest >> 1 ^ (rest & 1 == 1 ? 0xedb8_8320 : 0) }
    }
  }

  /// Makes the checksums of the headers of a tar archive right, as far as blocks look like headers.
  @Sendable private static func sumHeaders(_ bytes: inout [UInt8]) {
    for start in stride(from: 0, to: bytes.count - 511, by: 512)
    where bytes[(start + 257)..<(start + 262)].elementsEqual("ustar".utf8) {
      for index in 148..<156 { bytes[start + index] = 0x20 }
      let sum = bytes[start..<(start + 512)].reduce(0) { $0 + Int($1) }
      for digit in 0..<6 { bytes[start + 148 + digit] = 0x30 + UInt8(sum >> (3 * (5 - digit)) & 7) }
      bytes[start + 154] = 0
    }
  }
}
