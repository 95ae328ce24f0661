/// Bob Jenkins' lookup3 hash of bytes, which HDF5 uses as the checksum of its metadata (format specification, "disk
/// format level 0A", superblock version 3).
enum Lookup3 {
  /// The hash with initial value 0.
  static func hash(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var (a, b, c) = (0xdead_beef &+ UInt32(bytes.count), 0xdead_beef &+ UInt32(bytes.count), 0xdead_beef &+ UInt32(bytes.count))
    var rest = bytes
    func word(_ offset: Int) -> UInt32 {
      (0..<4).reduce(0) { sum, byte in
        let at = rest.startIndex + offset + byte
        return at < rest.endIndex ? sum | UInt32(rest[at]) << (8 * UInt32(byte)) : sum
      }
    }
    func rotate(_ value: UInt32, _ count: UInt32) -> UInt32 { value << count | value >> (32 - count) }
    while rest.count > 12 {
      a &+= word(0)
      b &+= word(4)
      c &+= word(8)
      a = (a &- c) ^ rotate(c, 4)
      c &+= b
      b = (b &- a) ^ rotate(a, 6)
      a &+= c
      c = (c &- b) ^ rotate(b, 8)
      b &+= a
      a = (a &- c) ^ rotate(c, 16)
      c &+= b
      b = (b &- a) ^ rotate(a, 19)
      a &+= c
      c = (c &- b) ^ rotate(b, 4)
      b &+= a
      rest = rest.dropFirst(12)
    }
    guard !rest.isEmpty else { return c }
    a &+= word(0)
    b &+= word(4)
    c &+= word(8)
    c = (c ^ b) &- rotate(b, 14)
    a = (a ^ c) &- rotate(c, 11)
    b = (b ^ a) &- rotate(a, 25)
    c = (c ^ b) &- rotate(b, 16)
    a = (a ^ c) &- rotate(c, 4)
    b = (b ^ a) &- rotate(a, 14)
    c = (c ^ b) &- rotate(b, 24)
    return c
  }
}
