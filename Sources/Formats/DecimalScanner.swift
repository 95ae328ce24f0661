/// Reads numbers out of text, byte by byte.
///
/// Free of strings on the way: a recording has some ten thousand coordinates.
enum DecimalScanner {
  /// What stood at a place in the text.
  enum Number: Equatable {
    /// A finite number, the Double nearest to the decimal.
    case finite(Double)
    /// `nan` or an infinity, in any case and with or without a sign.
    case notFinite
    /// A decimal that is too large for a Double.
    case outOfRange
    /// Something else.
    case malformed
  }

  /// 10⁰ … 10²², the powers of ten that a Double holds exactly.
  private static let exactPowers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19,
    1e20, 1e21, 1e22,
  ]

  /// 10⁰ … 10⁸.
  private static let wholePowers: [UInt64] = [
    1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000,
  ]

  /// Reads the number at `position` and moves behind it; behind the whole word for one that is not finite or too large.
  ///
  /// The result is the Double nearest to the decimal. Where the digits fit into 53 bits and the power of ten
  /// is exact, one division or product of two exact Doubles rounds once, so it is that Double (Clinger, "How
  /// to read floating point numbers accurately", PLDI 1990). All coordinates that Kinect writes are of this
  /// kind; the rest go to the standard library.
  @inline(__always)
  static func number(in text: Span<UInt8>, at position: inout Int) -> Number {
    let start = position
    let end = text.count
    var index = position
    var isNegative = false
    if index < end, text[index] == 0x2d || text[index] == 0x2b {
      isNegative = text[index] == 0x2d
      index += 1
    }
    var digits: UInt64 = 0
    let firstDigit = index
    // Coordinates have a digit before the point and seven behind it.
    while index < end, text[index] &- 0x30 < 10 {
      digits = digits &* 10 &+ UInt64(text[index] &- 0x30)
      index &+= 1
    }
    var digitCount = index - firstDigit
    var exponent = 0
    if index < end, text[index] == 0x2e {
      index += 1
      let firstDecimal = index
      takeDigits(in: text, at: &index, into: &digits)
      exponent = firstDecimal - index
      digitCount += index - firstDecimal
    }
    guard digitCount > 0 else { return special(in: text, from: firstDigit, end: &position) }
    if index < end, text[index] | 0x20 == 0x65 {
      guard let written = writtenExponent(in: text, at: &index) else { return .malformed }
      exponent += written
    }
    // Older programs on Windows write 1.#QNAN, 1.#IND and 1.#INF.
    if index < end, text[index] == 0x23 { return special(in: text, from: firstDigit, end: &position) }
    position = index
    // Nineteen digits fit into 64 bits; with more of them `digits` has wrapped.
    if digitCount <= 19 && digits < 1 << 53 && abs(exponent) <= 22 {
      let whole = Double(digits)
      let value = exponent < 0 ? whole / exactPowers[-exponent] : whole * exactPowers[exponent]
      return .finite(isNegative ? -value : value)
    }
    return nearest(to: text.extracting(start..<index))
  }

  /// Appends all decimal digits that stand at `index` to the number, and moves behind them; with more than nineteen
  /// of them the number wraps.
  @inline(__always)
  private static func takeDigits(in text: Span<UInt8>, at index: inout Int, into number: inout UInt64) {
    while let eight = EightBytes(in: text, at: index) {
      let count = eight.leadingDigits
      number = number &* wholePowers[count] &+ eight.number(ofDigits: count)
      index += count
      if count < 8 { return }
    }
    while index < text.count, text[index] &- 0x30 < 10 {
      number = number &* 10 &+ UInt64(text[index] &- 0x30)
      index += 1
    }
  }

  /// Reads `e-05` and moves behind it; what is beyond ±100,000 is returned as that.
  @inline(never)
  private static func writtenExponent(in text: Span<UInt8>, at index: inout Int) -> Int? {
    index += 1
    var isNegative = false
    if index < text.count, text[index] == 0x2d || text[index] == 0x2b {
      isNegative = text[index] == 0x2d
      index += 1
    }
    let firstDigit = index
    var value = 0
    while index < text.count, text[index] &- 0x30 < 10 {
      value = min(value * 10 + Int(text[index] &- 0x30), 100_000)
      index += 1
    }
    guard index > firstDigit else { return nil }
    return isNegative ? -value : value
  }

  /// The Double nearest to a decimal whose form has been checked.
  @inline(never)
  private static func nearest(to decimal: Span<UInt8>) -> Number {
    var characters: [UInt8] = []
    for index in decimal.indices { characters.append(decimal[index]) }
    guard let value = Double(String(decoding: characters, as: UTF8.self)) else { return .malformed }
    return value.isFinite ? .finite(value) : .outOfRange
  }

  /// Recognizes `nan`, `inf` and `infinity`, and what Microsoft's libraries write for them, the sign being read.
  @inline(never)
  private static func special(in text: Span<UInt8>, from start: Int, end: inout Int) -> Number {
    var word: [UInt8] = []
    var index = start
    while index < text.count, text[index] > 0x20, word.count < 16 {
      word.append(text[index] | 0x20)
      index += 1
    }
    let name = String(decoding: word, as: UTF8.self)
    guard
      ["nan", "inf", "infinity", "nan(ind)", "nan(snan)"].contains(name)
        || ["1.#qnan", "1.#snan", "1.#ind", "1.#inf"].contains(where: name.hasPrefix)
    else { return .malformed }
    end = index
    return .notFinite
  }

  /// Reads an unsigned whole number and moves behind it; nil if there is none, or if it needs over 64 bits.
  @inline(__always)
  static func unsigned(in text: Span<UInt8>, at position: inout Int) -> UInt64? {
    let start = position
    var value: UInt64 = 0
    var overflows = false
    while position < text.count, text[position] &- 0x30 < 10 {
      let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, tooMuch) = product.addingReportingOverflow(UInt64(text[position] &- 0x30))
      overflows = overflows || tooLarge || tooMuch
      value = sum
      position += 1
    }
    return position > start && !overflows ? value : nil
  }
}
