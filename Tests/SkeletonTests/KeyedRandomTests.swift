import Testing

@testable import Skeleton

@Suite struct KeyedRandomTests {
  /// The vectors of Random123's `kat_vectors` for philox4x32 with 10 rounds.
  @Test func philoxGivesThePublishedVectors() {
    let zeros = KeyedRandom.philox((0, 0, 0, 0), key: (0, 0))
    #expect(zeros == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    let ones = KeyedRandom.philox(
      (0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff), key: (0xffff_ffff, 0xffff_ffff))
    #expect(ones == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    let pi = KeyedRandom.philox(
      (0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: (0xa409_3822, 0x299f_31d0))
    #expect(pi == (0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test func everyPartOfTheKeyMatters() {
    func first(seed: UInt64 = 1, epoch: Int = 2, sample: String = "a", view: String = "b") -> UInt64 {
      var random = KeyedRandom(seed: seed, epoch: epoch, sample: sample, view: view)
      return random.next()
    }
    #expect(first() == first())
    let others = [
      first(seed: 2), first(epoch: 3), first(sample: "b"), first(view: "a"), first(sample: "ab", view: ""),
    ]
    #expect(Set(others + [first()]).count == 6)
  }

  @Test func wholeNumbersCoverTheirRangeEvenly() {
    var random = KeyedRandom(seed: 3, view: "test")
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[random.integer(below: 7)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 10_000) < 500 })
  }

  @Test func normalNumbersHaveMeanZeroAndDeviationOne() {
    var random = KeyedRandom(seed: 4, view: "test")
    let values = (0..<50_000).map { _ in Double(random.normal()) }
    let mean = values.reduce(0, +) / 50_000
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 50_000
    #expect(abs(mean) < 0.02 && abs(variance - 1) < 0.03)
  }

  @Test func choosingTakesDifferentNumbers() {
    var random = KeyedRandom(seed: 5, view: "test")
    for count in 0...25 {
      let chosen = random.choose(count, of: 25)
      #expect(Set(chosen).count == count && chosen.allSatisfy { (0..<25).contains($0) })
    }
  }
}
