import Foundation

/// Random numbers that depend on what they are drawn for, never on when or by whom.
///
/// The key is (seed, epoch, sample, view): the same four give the same numbers on any machine, in any order,
/// with any number of threads. The generator is Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy
/// as 1, 2, 3", SC 2011), a function of a 64-bit key and a 128-bit counter with published test vectors. The
/// distributions are written out here because the standard library's may change between versions.
public struct KeyedRandom: RandomNumberGenerator, Sendable {
  /// The key of Philox, and its counter but for the first word, which counts blocks of four words: for loops that draw
  /// many words of this generator at once.
  public let key: (UInt32, UInt32)
  /// See ``key``.
  public let stream: (UInt32, UInt32, UInt32)
  private var block: UInt32 = 0
  private var words: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
  private var used = 4

  /// A generator for one draw.
  ///
  /// - Parameters:
  ///   - seed: the run's seed.
  ///   - epoch: the pass over the data, 0 where there are none.
  ///   - sample: the sample's name, or what stands in for it (`batch 17`).
  ///   - view: what is drawn: `query.crop`, `occlusion`.
  public init(seed: UInt64, epoch: Int = 0, sample: String = "", view: String) {
    let name = KeyedRandom.hash(view, from: KeyedRandom.hash(sample, from: 0xcbf2_9ce4_8422_2325) ^ 0xff)
    key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    stream = (
      UInt32(truncatingIfNeeded: epoch), UInt32(truncatingIfNeeded: name),
      UInt32(truncatingIfNeeded: name >> 32)
    )
  }

  /// FNV-1a over the text's UTF-8, finished by the mixer of SplitMix64.
  private static func hash(_ text: String, from start: UInt64) -> UInt64 {
    var value = start
    for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }

  /// Philox4x32-10: ten rounds over the counter under the key.
  static func philox(
    _ counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var (c0, c1, c2, c3) = counter
    var (k0, k1) = key
    for _ in 0..<10 {
      let first = UInt64(0xD251_1F53) &* UInt64(c0)
      let second = UInt64(0xCD9E_8D57) &* UInt64(c2)
      (c0, c1, c2, c3) = (
        UInt32(truncatingIfNeeded: second >> 32) ^ c1 ^ k0, UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ c3 ^ k1, UInt32(truncatingIfNeeded: first)
      )
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return (c0, c1, c2, c3)
  }

  /// The next 32 bits.
  public mutating func word() -> UInt32 {
    if used == 4 {
      words = KeyedRandom.philox((block, stream.0, stream.1, stream.2), key: key)
      block &+= 1
      used = 0
    }
    used += 1
    switch used {
    case 1: return words.0
    case 2: return words.1
    case 3: return words.2
    default: return words.3
    }
  }

  /// The next 64 bits, low word first.
  public mutating func next() -> UInt64 {
    let low = word()
    return UInt64(word()) << 32 | UInt64(low)
  }

  /// A number in `0 ..< 1`, a multiple of 2⁻²⁴.
  public mutating func unit() -> Float { Float(word() >> 8) * 0x1p-24 }

  /// A number from `low` up to, but not including, `high`, except by rounding.
  public mutating func uniform(_ low: Float, _ high: Float) -> Float { low + (high - low) * unit() }

  /// A whole number in `0 ..< count`, without bias; `count` is at least 1.
  public mutating func integer(below count: Int) -> Int {
    precondition(count >= 1 && count <= Int(UInt32.max), "count \(count) is not in 1 ..< 2^32")
    let bound = UInt32(count)
    let threshold = (0 &- bound) % bound  // Lemire, "Fast random integer generation in an interval", 2019.
    while true {
      let product = UInt64(word()) * UInt64(bound)
      if UInt32(truncatingIfNeeded: product) >= threshold { return Int(product >> 32) }
    }
  }

  /// A whole number of the range.
  public mutating func integer(in range: ClosedRange<Int>) -> Int {
    range.lowerBound + integer(below: range.count)
  }

  /// A number of the normal distribution with mean 0 and deviation 1, by the polar method.
  public mutating func normal() -> Float {
    while true {
      let x = uniform(-1, 1)
      let y = uniform(-1, 1)
      let square = x * x + y * y
      if square > 0 && square < 1 {
        return x * (-2 * Float(log(Double(square))) / square).squareRoot()
      }
    }
  }

  /// The elements in a random order (Fisher and Yates).
  public mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var result = elements
    for index in stride(from: result.count - 1, to: 0, by: -1) {
      result.swapAt(index, integer(below: index + 1))
    }
    return result
  }

  /// `count` different numbers of `0 ..< total`, in random order.
  public mutating func choose(_ count: Int, of total: Int) -> [Int] {
    precondition(count >= 0 && count <= total, "cannot choose \(count) of \(total)")
    return Array(shuffled(Array(0..<total)).prefix(count))
  }
}
