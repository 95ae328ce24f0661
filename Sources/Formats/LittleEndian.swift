extension ArraySlice<UInt8> {
  /// The little-endian number at so many bytes from the slice's start; the slice reaches beyond it.
  func little<Number: FixedWidthInteger>(_ type: Number.Type, at offset: Int) -> Number {
    var value: Number = 0
    for index in (0..<MemoryLayout<Number>.size).reversed() {
      value = value << 8 | Number(self[startIndex + offset + index])
    }
    return value
  }
}
