import Foundation
import Preparation
import Skeleton
import Testing

@testable import Formats

/// Streams that Python's zlib made, so that libdeflate does not check itself.
@Suite struct InflationTests {
  /// A raw deflate stream of `program`'s `data`, and its CRC-32; nil where there is no Python.
  private func packed(_ program: String) throws -> (bytes: [UInt8], checksum: UInt32)? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c",
      "import sys, zlib\n\(program)\nc = zlib.compressobj(9, zlib.DEFLATED, -15)\n"
        + "sys.stdout.buffer.write(zlib.crc32(data).to_bytes(4, 'little') + c.compress(data) + c.flush())",
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let bytes = [UInt8](output.fileHandleForReading.readDataToEndOfFile())
    process.waitUntilExit()
    guard process.terminationStatus == 0, bytes.count > 4 else {
      print("skipped: no python3")
      return nil
    }
    return (Array(bytes.dropFirst(4)), bytes.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) })
  }

  private func inflate(
    _ packed: (bytes: [UInt8], checksum: UInt32), claimed: Int, limit: Int = 1 << 20
  ) -> (Inflation.Outcome, [UInt8]) {
    var buffer: [UInt8] = [1, 2, 3]
    let outcome = Inflation.inflate(
      packed.bytes, into: &buffer, claimedBytes: UInt64(claimed), checksum: packed.checksum, limit: limit)
    return (outcome, buffer)
  }

  @Test func givesBackWhatWasPacked() throws {
    guard let text = try packed("data = bytes(i * i % 251 for i in range(100000))") else { return }
    let (outcome, bytes) = inflate(text, claimed: 100_000)
    #expect(outcome == .done)
    #expect(bytes == (0..<100_000).map { UInt8($0 * $0 % 251) })
    if let nothing = try packed("data = b''") { #expect(inflate(nothing, claimed: 0) == (.done, [])) }
  }

  @Test func aClaimThatIsNotKeptIsDamage() throws {
    guard let text = try packed("data = bytes(1000)") else { return }
    #expect(inflate(text, claimed: 999).0 == .damaged("more than 999 bytes"))
    #expect(inflate(text, claimed: 1001).0 == .damaged("1000 bytes instead of 1001"))
    #expect(inflate(text, claimed: 0).0 == .damaged("more than 0 bytes"))
    #expect(inflate(text, claimed: .max).0 == .damaged("1000 bytes instead of \(Int.max)"))
    #expect(inflate((text.bytes, text.checksum ^ 1), claimed: 1000).0 == .damaged("another checksum"))
  }

  @Test func damagedAndTruncatedStreamsAreNoticed() throws {
    guard let text = try packed("data = bytes(i * i % 251 for i in range(5000))") else { return }
    for end in stride(from: 0, to: text.bytes.count, by: 7) {
      #expect(inflate((Array(text.bytes[..<end]), text.checksum), claimed: 5000).0 != .done)
    }
    var random = KeyedRandom(seed: 1, sample: "inflation", view: "bits")
    for _ in 0..<500 {
      var bytes = text.bytes
      bytes[random.integer(below: bytes.count)] ^= 1 << UInt8(random.integer(below: 8))
      let (outcome, found) = inflate((bytes, text.checksum), claimed: 5000)
      #expect(outcome != .done || found == (0..<5000).map { UInt8($0 * $0 % 251) })
    }
  }

  @Test func aBombIsStoppedAtTheLimitAndAClaimSetsNothingAside() throws {
    guard let bomb = try packed("data = bytes(40 << 20)") else { return }
    #expect(inflate(bomb, claimed: 40 << 20).0 == .tooLarge)
    // A thousandfold expansion that is within the limit takes several tries.
    let (outcome, bytes) = inflate(bomb, claimed: 40 << 20, limit: 64 << 20)
    #expect(outcome == .done && bytes.count == 40 << 20)
    guard let small = try packed("data = b'small'") else { return }
    let (_, found) = inflate(small, claimed: 60 << 20, limit: 64 << 20)
    #expect(found.capacity <= 1 << 20)
  }

  @Test func anArchiveOfDeflatedEntriesGivesTheShardsOfItsFolder() throws {
    let folder = try TemporaryFolder()
    try Synthesis(samples: 3).write(to: folder.path("raw"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.currentDirectoryURL = folder.url
    process.arguments = ["python3", "-c", "import shutil; shutil.make_archive('raw', 'zip', 'raw')"]
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return print("skipped: no python3") }
    for (input, output) in [("raw.zip", "zipped"), ("raw", "plain")] {
      let options = ConversionOptions(
        inputs: [folder.path(input)], dataset: .ntu60, output: folder.path(output))
      #expect(try Pipeline(options).run().report?.totals == ["kept": 3])
    }
    #expect(
      try folder.contents(of: "zipped")["shards/00000.h5"] == folder.contents(of: "plain")["shards/00000.h5"])
  }
}
