/// Eight bytes of text, looked at all at once: what is asked of each is answered in the top bits of eight bytes.
///
/// Most of a recording is numbers that nobody reads. Going through them byte by byte would take as long as inflating
/// them. The arithmetic is that of Mycroft and of Lamport, "Multiple byte processing with full-word instructions",
/// CACM 18 (1975); additions are kept from carrying into the next byte where the answer would change.
struct EightBytes {
  /// The first byte of the text is the lowest.
  private let bytes: UInt64

  /// The top bit of each byte.
  static let tops: UInt64 = 0x8080_8080_8080_8080
  private static let others: UInt64 = 0x7f7f_7f7f_7f7f_7f7f
  private static let ones: UInt64 = 0x0101_0101_0101_0101

  /// The bytes from `position` on; nil if there are fewer than eight.
  @inline(__always)
  init?(in text: Span<UInt8>, at position: Int) {
    guard position &+ 8 <= text.count else { return nil }
    // Any eight bytes are a UInt64, and the span checks that they are its own.
    bytes = UInt64(
      littleEndian: unsafe text.bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self))
  }

  /// Top bits of the bytes that are at most a space: blanks, line ends, and what does not belong in text.
  @inline(__always)
  var atMostSpace: UInt64 {
    ~(((bytes & Self.others) &+ Self.ones &* (0x80 - 0x21)) | bytes) & Self.tops
  }

  /// Top bits of the bytes that are this one.
  @inline(__always)
  func equal(to byte: UInt8) -> UInt64 {
    let difference = bytes ^ (Self.ones &* UInt64(byte))
    return ~(((difference & Self.others) &+ Self.others) | difference) & Self.tops
  }

  /// How many bytes have their top bit set, all other bits being 0.
  @inline(__always)
  static func count(_ bits: UInt64) -> Int {
    Int(truncatingIfNeeded: ((bits >> 7) &* ones) >> 56)
  }

  /// How many of the bytes, from the first on, are decimal digits.
  @inline(__always)
  var leadingDigits: Int {
    let values = bytes ^ (Self.ones &* 0x30)
    // A carry can only reach bytes behind the first that is no digit.
    return (((values &+ Self.ones &* 0x76) | values) & Self.tops).trailingZeroBitCount >> 3
  }

  /// The number that the first `count` bytes, all of them digits, stand for; `count` is 0 to 8.
  @inline(__always)
  func number(ofDigits count: Int) -> UInt64 {
    // Zeros in front: shifting by all 64 bits gives 0.
    var digits = (bytes ^ (Self.ones &* 0x30)) << (64 - 8 * count)
    // Tens and units into pairs, pairs into fours, fours into one, each step in all lanes at once.
    digits = digits &* 10 &+ (digits >> 8)
    let low = (digits & 0x0000_00ff_0000_00ff) &* 0x000f_4240_0000_0064
    let high = ((digits >> 16) & 0x0000_00ff_0000_00ff) &* 0x0000_2710_0000_0001
    return (low &+ high) >> 32
  }
}
