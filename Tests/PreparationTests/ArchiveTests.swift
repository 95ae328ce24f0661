import Formats
import Foundation
import Shards
import Skeleton
import Testing

@testable import Preparation

/// A zip archive of stored entries, each with its checksum and size as they are or as somebody claims them.
private struct StoredZip {
  private var entries = Data()
  private var directory = Data()
  private var count: UInt16 = 0

  mutating func add(_ name: String, _ bytes: [UInt8], checksum: UInt32? = nil, claimedBytes: UInt32? = nil) {
    let offset = UInt32(entries.count)
    var facts = Data()
    for number in [UInt16(20), 0, 0, 0, 0x21] { facts.append(little: number) }
    facts.append(little: checksum ?? StoredZip.crc32(bytes))
    facts.append(little: UInt32(bytes.count))
    facts.append(little: claimedBytes ?? UInt32(bytes.count))
    facts.append(little: UInt16(name.utf8.count))
    facts.append(little: UInt16(0))
    entries += Data([0x50, 0x4b, 3, 4]) + facts + Data(name.utf8) + Data(bytes)
    directory += Data([0x50, 0x4b, 1, 2, 20, 0]) + facts
    for number in [UInt16(0), 0, 0, 0, 0] { directory.append(little: number) }
    directory.append(little: offset)
    directory += Data(name.utf8)
    count += 1
  }

  var data: Data {
    var data = entries + directory + Data([0x50, 0x4b, 5, 6, 0, 0, 0, 0])
    data.append(little: count)
    data.append(little: count)
    data.append(little: UInt32(directory.count))
    data.append(little: UInt32(entries.count))
    data.append(little: UInt16(0))
    return data
  }

  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { value, byte in
      (0..<8).reduce(value ^ UInt32(byte)) { rest, _ in rest >> 1 ^ (rest & 1 == 1 ? 0xedb8_8320 : 0) }
    }
  }
}

extension Data {
  fileprivate mutating func append(little number: some FixedWidthInteger) {
    for index in 0..<(number.bitWidth / 8) { append(UInt8(truncatingIfNeeded: number >> (8 * index))) }
  }
}

@Suite struct ArchiveTests {
  private func samples(_ folder: TemporaryFolder) throws -> [(name: String, text: [UInt8])] {
    try Synthesis(samples: 3).write(to: folder.path("raw"))
    return try folder.contents(of: "raw").sorted { $0.key < $1.key }.map { ($0.key, [UInt8]($0.value)) }
  }

  private func convert(_ input: String, to output: String) throws -> ConversionReport {
    let outcome = try Pipeline(ConversionOptions(inputs: [input], dataset: .ntu60, output: output)).run()
    return try #require(outcome.report)
  }

  @Test func anArchiveGivesTheShardsOfItsFolder() throws {
    let folder = try TemporaryFolder()
    var archive = StoredZip()
    for (name, text) in try samples(folder).reversed() { archive.add("nturgb+d_skeletons/" + name, text) }
    archive.add("nturgb+d_skeletons/readme.txt", [0x20])
    try archive.data.write(to: folder.url.appendingPathComponent("raw.zip"))
    let report = try convert(folder.path("raw.zip"), to: folder.path("zipped"))
    #expect(report.totals == ["kept": 3, "ignored": 1])
    _ = try convert(folder.path("raw"), to: folder.path("plain"))
    #expect(
      try folder.contents(of: "zipped")["shards/00000.h5"] == folder.contents(of: "plain")["shards/00000.h5"])
  }

  @Test func entriesThatAreBrokenOrLieAreDroppedAndNamed() throws {
    let folder = try TemporaryFolder()
    let samples = try samples(folder)
    var archive = StoredZip()
    archive.add(samples[0].name, samples[0].text)
    archive.add(samples[1].name, samples[1].text, checksum: 1)
    archive.add(samples[2].name, samples[2].text, claimedBytes: .max - 1)
    try archive.data.write(to: folder.url.appendingPathComponent("raw.zip"))
    let report = try convert(folder.path("raw.zip"), to: folder.path("out"))
    #expect(report.rows.map(\.outcome) == [.kept, .dropped, .dropped])
    #expect(report.rows.map(\.reason) == [nil, "checksum", "size-mismatch"])
    #expect(report.rows[1].file == "raw.zip/" + samples[1].name)
  }

  @Test func whatIsNoArchiveIsRefused() throws {
    let folder = try TemporaryFolder()
    try Data("PK".utf8).write(to: folder.url.appendingPathComponent("raw.zip"))
    #expect(throws: InputError.self) { try convert(folder.path("raw.zip"), to: folder.path("out")) }
  }

  @Test func tooLargeAFileIsDroppedWithoutBeingHeld() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("S001C001P001R001A001.skeleton")
    try Data().write(to: file)
    let handle = try FileHandle(forWritingTo: file)
    try handle.truncate(atOffset: 1 << 33)
    try handle.close()
    let listing = try InputListing(inputs: [file.path], extensions: ["skeleton"])
    var buffer: [UInt8] = []
    #expect(throws: SkeletonTextError(.tooLarge(limit: 64 << 20), at: 64 << 20)) {
      try RawFileReader().read(listing.files[0], into: &buffer)
    }
    #expect(buffer.count <= 64 << 20 + 1)
  }
}
