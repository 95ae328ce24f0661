import Dispatch
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

  @Test(arguments: [0, 1, 2, 3, 15, 16, 17, 33, 719, 721, 4095, 4096, 4097, 8208, 30_001, 300_000])
  func theChecksumIsFletchers(count: Int) {
    var random = KeyedRandom(seed: 5, sample: "\(count)", view: "bytes")
    for bytes in [
      (0..<count).map { _ in UInt8(random.integer(below: 256)) }, [UInt8](repeating: 255, count: count),
      [UInt8](repeating: 0, count: count),
      [UInt8](repeating: 0, count: max(0, count - 1)) + [UInt8](repeating: 9, count: min(1, count)),
    ] { #expect(ChunkFilters.fletcher32(bytes[...]) == fletcher32(bytes)) }
  }

  @Test func shufflingPutsBytesOfEqualWeightSideBySide() {
    let bytes: [UInt8] = [1, 2, 3, 4, 11, 12, 13, 14, 21]
    let shuffled = ChunkFilters.shuffle(bytes, elementSize: 4)
    #expect(shuffled == [1, 11, 2, 12, 3, 13, 4, 14, 21])
    #expect(ChunkFilters.unshuffle(shuffled[...], elementSize: 4) == bytes)
  }

  @Test(arguments: [2, 4, 8], [0, 63, 64, 65, 300, 4099])
  func shufflingManyAtOnceIsTheSame(elementSize: Int, count: Int) {
    var random = KeyedRandom(seed: 5, sample: "\(count)", view: "shuffle")
    let bytes = (0..<count).map { _ in UInt8(random.integer(below: 256)) }
    let elements = count / elementSize
    let expected =
      (0..<elementSize).flatMap { byte in (0..<elements).map { bytes[$0 * elementSize + byte] } }
      + bytes.suffix(count - elements * elementSize)
    let shuffled = ChunkFilters.shuffle(bytes, elementSize: elementSize)
    #expect(shuffled == expected)
    #expect(ChunkFilters.unshuffle(([7] + shuffled).dropFirst(), elementSize: elementSize) == bytes)
  }

  /// Noise between runs of zeros of all lengths, from 0 to more than a copy or a stored block can take.
  @Test(arguments: [1, 2, 3, 6, 9], [1, 4])
  func noiseWithRunsOfZerosComesOutAgain(level: Int, elementSize: Int) throws {
    var random = KeyedRandom(seed: 5, sample: "\(level)", view: "runs")
    let lengths =
      Array(0...40) + Array(250...290) + [511, 512, 515, 516, 517, 518, 519, 1030, 65_534, 65_536, 140_000]
    for noise in [0, 1, 7, 75, 65_534, 65_535, 65_536, 131_071] {
      for chosen in noise < 100 ? [lengths] : lengths.filter({ $0 % 3 == 0 }).map({ [$0] }) {
        let bytes = chosen.flatMap { zeros in
          [UInt8](repeating: 0, count: zeros) + (0..<noise).map { _ in UInt8(1 + random.integer(below: 255)) }
        }
        let stored = try ChunkFilters.encode(bytes, elementSize: elementSize, level: level)
        let decoded = try ChunkFilters.decode(
          stored, filters: [2, 1, 3], skipped: 0, elementSize: elementSize, byteCount: bytes.count)
        #expect(decoded == bytes, "\(noise) bytes between zeros")
      }
    }
  }

  @Test func runsOfZerosAreFoundWhereverTheyBegin() {
    var bytes = [UInt8](repeating: 9, count: 400)
    let runs = [3..<19, 40..<80, 81..<97, 130..<145, 200..<300, 384..<400]
    for run in runs { for index in run { bytes[index] = 0 } }
    // The one of fifteen is too short.
    #expect(ZeroRunDeflate.zeroRuns(bytes.span) == runs.filter { $0.count >= 16 })
    #expect(ZeroRunDeflate.zeroRuns([UInt8](repeating: 0, count: 16).span) == [0..<16])
    #expect(ZeroRunDeflate.zeroRuns([UInt8](repeating: 0, count: 15).span).isEmpty)
    #expect(ZeroRunDeflate.zeroRuns([UInt8]().span).isEmpty)
  }

  /// As RFC 1951 has it: three bits of zero, the rest of the byte, the length and its complement, and the bytes.
  @Test func aStoredBlockIsTheNoiseItself() {
    #expect(ZeroRunDeflate([7, 8].span, after: [1]).bytes == [1, 0, 2, 0, 0xfd, 0xff, 7, 8])
  }

  @Test func absentBodiesCostNextToNothing() throws {
    var random = KeyedRandom(seed: 5, sample: "a", view: "bodies")
    let frame = (0..<75).map { _ in Float(random.uniform(-1, 1)) } + [Float](repeating: 0, count: 75)
    let frames = (0..<512).flatMap { _ in frame.map { $0 == 0 ? 0 : $0 + Float(random.uniform(-0.1, 0.1)) } }
    let bytes = unsafe frames.withUnsafeBytes { unsafe Array($0) }
    for level in [1, 2] {
      let stored = try ChunkFilters.encode(bytes, elementSize: 4, level: level)
      #expect(stored.count < bytes.count * 55 / 100)
    }
  }

  @Test func threadsThatAskForOneChunkGetTheSame() throws {
    let rows = (0..<60_000).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) }
    let expected = try ChunkFilters.encode(rows, elementSize: 4, level: 1)
    for _ in 0..<20 {
      let chunk = ShardChunk(rows: rows, elementSize: 4, level: 1)
      DispatchQueue.concurrentPerform(iterations: 4) { _ in
        #expect((try? chunk.stored()) == expected)
      }
      #expect(try chunk.rows() == rows)
    }
  }

  @Test func damagedChunksAreNoticed() throws {
    let bytes = (0..<3000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    let stored = try ChunkFilters.encode(bytes, elementSize: 4, level: 3)
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
