import Skeleton
import Testing

@testable import Shards

/// What the filters do is known from elsewhere; that h5py reads the chunks is tested with whole shards.
@Suite struct ChunkFilterTests {
  /// Sums of the definition, without the reductions that make it fast: words of 16 bits, modulo 65535.
  private func fletcher32(_ bytes: [UInt8]) -> UInt32 {
    var low: UInt64 = 0
    var high: UInt64 = 0
    for index in stride(from: 0, to: bytes.count, by: 2) {
      low += UInt64(bytes[index]) << 8 | UInt64(index + 1 < bytes.count ? bytes[index + 1] : 0)
      high += low
    }
    // One's complement sums write the number 65535 where modulo writes 0, unless every word was 0.
    func fold(_ sum: UInt64) -> UInt32 { sum == 0 ? 0 : UInt32((sum - 1) % 65535 + 1) }
    return fold(high) << 16 | fold(low)
  }

  @Test(arguments: [0, 1, 2, 3, 719, 720, 721, 722, 1440, 30_001])
  func theChecksumIsFletchers(count: Int) {
    var random = KeyedRandom(seed: 5, sample: "\(count)", view: "bytes")
    for bytes in [
      (0..<count).map { _ in UInt8(random.integer(below: 256)) }, [UInt8](repeating: 255, count: count),
      [UInt8](repeating: 0, count: count),
    ] { #expect(ChunkFilters.fletcher32(bytes[...]) == fletcher32(bytes)) }
  }

  @Test func shufflingPutsBytesOfEqualWeightSideBySide() {
    let bytes: [UInt8] = [1, 2, 3, 4, 11, 12, 13, 14, 21]
    let shuffled = ChunkFilters.shuffle(bytes, elementSize: 4)
    #expect(shuffled == [1, 11, 2, 12, 3, 13, 4, 14, 21])
    #expect(ChunkFilters.unshuffle(shuffled, elementSize: 4) == bytes)
  }

  @Test func damagedChunksAreNoticed() throws {
    let bytes = (0..<3000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    let stored = ChunkFilters.encode(bytes, elementSize: 4, level: 3)
    func decode(_ stored: [UInt8], byteCount: Int = 3000) throws -> [UInt8] {
      try ChunkFilters.decode(
        stored, filters: [2, 1, 3], skipped: 0, elementSize: 4, byteCount: byteCount)
    }
    #expect(try decode(stored) == bytes)
    for index in stored.indices {
      var damaged = stored
      damaged[index] ^= 1
      #expect(throws: ChunkFilters.Fault.self) { try decode(damaged) }
    }
    #expect(throws: ChunkFilters.Fault.self) { try decode(Array(stored.dropLast())) }
    for wrong in [2996, 3004] {
      #expect(throws: ChunkFilters.Fault.self) { try decode(stored, byteCount: wrong) }
    }
  }
}
