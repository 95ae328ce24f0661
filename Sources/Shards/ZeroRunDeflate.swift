import Glibc

/// Deflate blocks (RFC 1951) for bytes that are noise with runs of zeros in between, at nearly the speed of copying.
///
/// So are the three lower bytes of coordinates: no coder shortens the last digits of a measurement, and an absent body
/// is zeros. Noise goes into stored blocks as it is, and runs into blocks of fixed codes. A general coder, which looks
/// for something to repeat at every byte, takes several times as long; what it saves beyond the zeros is 6 %.
struct ZeroRunDeflate {
  /// Runs shorter than this one are noise: ending a stored block and beginning another costs ten bytes.
  static let shortestRun = 16

  /// The blocks so far, none of them the last one of a stream, and the next one begins with a byte.
  private(set) var bytes: [UInt8] = []
  /// Bits that do not fill a byte yet, from the lowest up.
  private var bits: UInt64 = 0
  private var bitCount: UInt64 = 0

  /// Blocks that inflate to `noise`, behind a stream's header.
  init(_ noise: Span<UInt8>, after header: [UInt8]) {
    bytes.reserveCapacity(header.count + noise.count + noise.count / 64)
    bytes += header
    var done = 0
    for run in Self.zeroRuns(noise) {
      store(noise.extracting(done..<run.lowerBound))
      zeros(run.count)
      done = run.upperBound
    }
    store(noise.extracting(done..<noise.count))
  }

  /// Where there are runs of zeros, in order.
  static func zeroRuns(_ bytes: Span<UInt8>) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var index = 0
    let width = MemoryLayout<UInt64>.size
    // A run of sixteen has eight in a row that begin at a multiple of eight.
    unsafe bytes.withUnsafeBytes { bytes in
      while index + width <= bytes.count {
        guard unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) == 0 else {
          index += width
          continue
        }
        var start = index
        let floor = runs.last?.upperBound ?? 0
        while start > floor, unsafe bytes[start - 1] == 0 { start -= 1 }
        var end = index + width
        while end + width <= bytes.count,
          unsafe bytes.loadUnaligned(fromByteOffset: end, as: UInt64.self) == 0
        {
          end += width
        }
        while end < bytes.count, unsafe bytes[end] == 0 { end += 1 }
        if end - start >= shortestRun { runs.append(start..<end) }
        index = (end + width - 1) / width * width
      }
    }
    return runs
  }

  /// A stored block for every 65,535 bytes.
  private mutating func store(_ noise: Span<UInt8>) {
    var done = 0
    // Nothing is a block too where bits wait for the end of their byte.
    while done < noise.count || bitCount > 0 {
      let count = min(noise.count - done, 65_535)
      put(0, 3)
      if bitCount > 0 { put(0, 8 - bitCount) }
      for word in [count, ~count] {
        bytes.append(UInt8(truncatingIfNeeded: word))
        bytes.append(UInt8(truncatingIfNeeded: word >> 8))
      }
      unsafe noise.extracting(done..<(done + count)).withUnsafeBufferPointer {
        unsafe bytes.append(contentsOf: $0)
      }
      done += count
    }
  }

  /// A block of fixed codes: a zero, then copies of what is one byte back.
  private mutating func zeros(_ count: Int) {
    put(0b010, 3)
    zero()
    var left = count - 1
    while left >= 3 {
      let length = min(left, 258)
      copy(length)
      left -= length
    }
    for _ in 0..<left { zero() }
    put(0, 7)  // The end of the block.
  }

  /// The literal 0. Codes are written from their highest bit down, everything else from the lowest up.
  private mutating func zero() { put(0b0000_1100, 8) }

  /// The code of a copy of 3 to 258 bytes, and of the distance 1.
  private mutating func copy(_ length: Int) {
    let offset = length - 3
    var (symbol, extraBits) = (offset, 0)  // counted from code 257
    if length == 258 {
      symbol = 28
    } else if offset >= 8 {
      extraBits = offset.bitWidth - 1 - offset.leadingZeroBitCount - 2
      symbol = extraBits << 2 + offset >> extraBits
    }
    if symbol < 23 {
      put(Self.reversed(UInt64(symbol + 1), 7), 7)
    } else {
      put(Self.reversed(UInt64(0b1100_0000 + symbol - 23), 8), 8)
    }
    put(UInt64(offset & (1 << extraBits - 1)), UInt64(extraBits))
    put(0, 5)
  }

  private static func reversed(_ code: UInt64, _ count: UInt64) -> UInt64 {
    (0..<count).reduce(0) { $0 | (code >> $1 & 1) << (count - 1 - $1) }
  }

  private mutating func put(_ value: UInt64, _ count: UInt64) {
    bits |= value << bitCount
    bitCount += count
    while bitCount >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: bits))
      bits >>= 8
      bitCount -= 8
    }
  }
}
