import CDeflate
import Glibc
import HDF5

/// The filters of a chunk: shuffle, deflate and Fletcher32, byte for byte as the HDF5 library applies them.
///
/// They are here as well because the library runs them under its one lock: shards that are built side by side
/// would wait for each other's compression, which is most of the work.
enum ChunkFilters {
  /// A chunk that is not what its filters say.
  struct Fault: Error, Equatable {
    let reason: String
  }

  /// The bytes to store for a chunk: shuffled, deflated at `level`, with their checksum at the end.
  ///
  /// - Throws: ``Fault`` if they do not inflate to the same again: the machine is broken.
  static func encode(_ bytes: [UInt8], elementSize: Int, level: Int) throws(Fault) -> [UInt8] {
    let shuffled = shuffle(bytes, elementSize: elementSize)
    let deflated = deflate(shuffled, elementSize: elementSize, level: level)
    guard try areEqual(inflate(deflated[...], byteCount: shuffled.count), shuffled) else {
      throw Fault(reason: "other values than were compressed, when read back")
    }
    // A copy, because room for the worst case was set aside, and chunks are kept until their shard is written.
    var stored: [UInt8] = []
    stored.reserveCapacity(deflated.count + 4)
    stored += deflated
    let sum = fletcher32(deflated[...])
    for shift in [0, 8, 16, 24] { stored.append(UInt8(truncatingIfNeeded: sum >> UInt32(shift))) }
    return stored
  }

  /// Whether two arrays hold the same bytes: `==` looks at them one by one.
  static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    guard one.count == other.count else { return false }
    // Both are as long as the count that is compared.
    return unsafe memcmp(one, other, one.count) == 0
  }

  /// The bytes of a chunk that was stored with `filters`, in the order of their application.
  ///
  /// - Parameter skipped: bit i says that filter i was left out for this chunk.
  static func decode(
    _ stored: [UInt8], filters: [Int], skipped: UInt32, elementSize: Int, byteCount: Int
  ) throws(Fault) -> [UInt8] {
    var bytes = stored[...]
    for (index, filter) in filters.enumerated().reversed() where skipped & (1 << UInt32(index)) == 0 {
      switch filter {
      case DatasetDescription.Filter.fletcher32: bytes = try checked(bytes)
      case DatasetDescription.Filter.deflate: bytes = try inflate(bytes, byteCount: byteCount)[...]
      case DatasetDescription.Filter.shuffle: bytes = unshuffle(bytes, elementSize: elementSize)[...]
      default: throw Fault(reason: "filter \(filter) is not one of the format's")
      }
    }
    guard bytes.count == byteCount else {
      throw Fault(reason: "\(bytes.count) bytes where \(byteCount) were expected")
    }
    return Array(bytes)
  }

  /// All first bytes of the elements, then all second ones, and so on.
  static func shuffle(_ bytes: [UInt8], elementSize: Int) -> [UInt8] {
    guard elementSize > 1 else { return bytes }
    let count = bytes.count / elementSize
    var result = bytes  // Bytes after the last whole element stay where they are.
    var done = 0
    if elementSize == 4 {
      unsafe bytes.withUnsafeBytes { source in
        unsafe result.withUnsafeMutableBytes { target in
          // Reads elements done ..< done + 16, all below `count`, and writes as many bytes to each of the four rows.
          while done + 16 <= count {
            let elements = unsafe source.loadUnaligned(fromByteOffset: 4 * done, as: SIMD16<UInt32>.self)
            for byte in 0..<4 {
              let row = SIMD16<UInt8>(truncatingIfNeeded: elements &>> UInt32(8 * byte))
              unsafe target.storeBytes(of: row, toByteOffset: byte * count + done, as: SIMD16<UInt8>.self)
            }
            done += 16
          }
        }
      }
    }
    for byte in 0..<elementSize {
      for element in done..<count { result[byte * count + element] = bytes[element * elementSize + byte] }
    }
    return result
  }

  /// Undoes `shuffle`.
  static func unshuffle(_ bytes: ArraySlice<UInt8>, elementSize: Int) -> [UInt8] {
    guard elementSize > 1 else { return Array(bytes) }
    let count = bytes.count / elementSize
    var result = Array(bytes)
    var done = 0
    if elementSize == 4 {
      unsafe bytes.withUnsafeBytes { source in
        unsafe result.withUnsafeMutableBytes { target in
          // As in `shuffle`, the other way round.
          while done + 16 <= count {
            var elements = SIMD16<UInt32>()
            for byte in 0..<4 {
              let row = unsafe source.loadUnaligned(
                fromByteOffset: byte * count + done, as: SIMD16<UInt8>.self)
              elements |= SIMD16<UInt32>(truncatingIfNeeded: row) &<< UInt32(8 * byte)
            }
            unsafe target.storeBytes(of: elements, toByteOffset: 4 * done, as: SIMD16<UInt32>.self)
            done += 16
          }
        }
      }
    }
    for byte in 0..<elementSize {
      for element in done..<count {
        result[element * elementSize + byte] = bytes[bytes.startIndex + byte * count + element]
      }
    }
    return result
  }

  /// Fletcher's checksum over big-endian words of 16 bits, as the library computes it.
  ///
  /// Two sums in one's complement: of the words, and of the first sum after each of them. Eight lanes each add up
  /// every eighth word, and are put together after 2048 words, which cannot overflow them.
  static func fletcher32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var low: UInt64 = 0
    var high: UInt64 = 0
    var index = 0
    let count = bytes.count
    unsafe bytes.withUnsafeBytes { bytes in
      while index + 16 <= count {
        let steps = min(256, (count - index) / 16)
        var lows = SIMD8<UInt32>()
        var highs = SIMD8<UInt32>()
        for step in 0..<steps {
          // Sixteen bytes at a time, as many times as they are there.
          let words = unsafe bytes.loadUnaligned(fromByteOffset: index + 16 * step, as: SIMD8<UInt16>.self)
          lows &+= SIMD8<UInt32>(truncatingIfNeeded: words &<< 8 | words &>> 8)
          highs &+= lows
        }
        // The word in lane j of step s is in as many of the second sums as there are words from it on.
        high += low * UInt64(8 * steps)
        for lane in 0..<8 {
          high += 8 * UInt64(highs[lane]) - UInt64(lane) * UInt64(lows[lane])
          low += UInt64(lows[lane])
        }
        (low, high) = (folded(low), folded(high))
        index += 16 * steps
      }
      while index < count {
        low += unsafe UInt64(bytes[index]) << 8 | (index + 1 < count ? UInt64(bytes[index + 1]) : 0)
        high += low
        index += 2
      }
    }
    return UInt32(truncatingIfNeeded: folded(high) << 16 | folded(low))
  }

  /// The sum in 16 bits of one's complement, in which 0 stands for a sum of nothing but zeros.
  private static func folded(_ sum: UInt64) -> UInt64 { sum == 0 ? 0 : (sum - 1) % 65535 + 1 }

  /// The bytes without the checksum at their end, if it is theirs.
  private static func checked(_ bytes: ArraySlice<UInt8>) throws(Fault) -> ArraySlice<UInt8> {
    guard bytes.count >= 4 else { throw Fault(reason: "too short for a checksum") }
    let stored = bytes.suffix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    let payload = bytes.dropLast(4)
    guard fletcher32(payload) == stored else { throw Fault(reason: "the checksum is wrong") }
    return payload
  }

  /// A zlib stream (RFC 1950) of shuffled bytes.
  ///
  /// At level 1 the lower bytes of wide elements, which come first, are copied but for runs of zeros.
  private static func deflate(_ bytes: [UInt8], elementSize: Int, level: Int) -> [UInt8] {
    let noise = level == 1 ? bytes.count / elementSize * (elementSize - 1) : 0
    let compressor = unsafe libdeflate_alloc_compressor(Int32(level))
    // The level is checked, so only lack of memory is left.
    guard let compressor = unsafe compressor else { preconditionFailure("no memory for a compressor") }
    defer { unsafe libdeflate_free_compressor(compressor) }
    let rest = bytes.count - noise
    let bound = unsafe libdeflate_deflate_compress_bound(compressor, rest)
    var stream = ZeroRunDeflate(bytes.span.extracting(0..<noise), after: [0x78, 0x01]).bytes
    stream += unsafe [UInt8](unsafeUninitializedCapacity: bound) { room, count in
      // It reads the `rest` bytes after the noise, writes at most as many as there is room, which is as much as it
      // asks for, and says how many.
      unsafe bytes.withUnsafeBytes { bytes in
        count = unsafe libdeflate_deflate_compress(
          compressor, bytes.baseAddress?.advanced(by: noise), rest, room.baseAddress, room.count)
      }
      precondition(count > 0, "\(bound) bytes are not enough to deflate \(rest)")
    }
    let sum = unsafe bytes.withUnsafeBytes { unsafe libdeflate_adler32(1, $0.baseAddress, $0.count) }
    for shift in [24, 16, 8, 0] { stream.append(UInt8(truncatingIfNeeded: sum >> UInt32(shift))) }
    return stream
  }

  private static func inflate(_ bytes: ArraySlice<UInt8>, byteCount: Int) throws(Fault) -> [UInt8] {
    guard let decompressor = unsafe libdeflate_alloc_decompressor() else {
      preconditionFailure("no memory for a decompressor")
    }
    defer { unsafe libdeflate_free_decompressor(decompressor) }
    var status = LIBDEFLATE_BAD_DATA
    let result = unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { room, count in
      // Without a place for the count it succeeds only if it has filled all of the room.
      status = unsafe bytes.withUnsafeBytes { bytes in
        unsafe libdeflate_zlib_decompress(
          decompressor, bytes.baseAddress, bytes.count, room.baseAddress, byteCount, nil)
      }
      count = status == LIBDEFLATE_SUCCESS ? byteCount : 0
    }
    guard status == LIBDEFLATE_SUCCESS else { throw Fault(reason: "the compressed bytes are damaged") }
    return result
  }
}
