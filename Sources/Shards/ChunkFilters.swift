import CZlib
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
  static func encode(_ bytes: [UInt8], elementSize: Int, level: Int) -> [UInt8] {
    var stored = deflate(shuffle(bytes, elementSize: elementSize), level: level)
    let sum = fletcher32(stored[...])
    for shift in [0, 8, 16, 24] { stored.append(UInt8(truncatingIfNeeded: sum >> UInt32(shift))) }
    return stored
  }

  /// The bytes of a chunk that was stored with `filters`, in the order of their application.
  ///
  /// - Parameter skipped: bit i says that filter i was left out for this chunk.
  static func decode(
    _ stored: [UInt8], filters: [Int], skipped: UInt32, elementSize: Int, byteCount: Int
  ) throws(Fault) -> [UInt8] {
    var bytes = stored
    for (index, filter) in filters.enumerated().reversed() where skipped & (1 << UInt32(index)) == 0 {
      switch filter {
      case DatasetDescription.Filter.fletcher32: bytes = try checked(bytes)
      case DatasetDescription.Filter.deflate: bytes = try inflate(bytes, byteCount: byteCount)
      case DatasetDescription.Filter.shuffle: bytes = unshuffle(bytes, elementSize: elementSize)
      default: throw Fault(reason: "filter \(filter) is not one of the format's")
      }
    }
    guard bytes.count == byteCount else {
      throw Fault(reason: "\(bytes.count) bytes where \(byteCount) were expected")
    }
    return bytes
  }

  /// All first bytes of the elements, then all second ones, and so on.
  static func shuffle(_ bytes: [UInt8], elementSize: Int) -> [UInt8] {
    guard elementSize > 1 else { return bytes }
    let count = bytes.count / elementSize
    var result = bytes  // Bytes after the last whole element stay where they are.
    for byte in 0..<elementSize {
      var source = byte
      for target in (byte * count)..<((byte + 1) * count) {
        result[target] = bytes[source]
        source += elementSize
      }
    }
    return result
  }

  /// Undoes `shuffle`.
  static func unshuffle(_ bytes: [UInt8], elementSize: Int) -> [UInt8] {
    guard elementSize > 1 else { return bytes }
    let count = bytes.count / elementSize
    var result = bytes
    for byte in 0..<elementSize {
      var target = byte
      for source in (byte * count)..<((byte + 1) * count) {
        result[target] = bytes[source]
        target += elementSize
      }
    }
    return result
  }

  /// Fletcher's checksum over big-endian words of 16 bits, as the library computes it.
  static func fletcher32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var low: UInt32 = 0
    var high: UInt32 = 0
    var index = bytes.startIndex
    let lastWord = bytes.endIndex - bytes.count % 2
    while index < lastWord {
      let end = min(index + 720, lastWord)  // 360 words cannot overflow the sums.
      while index < end {
        low &+= UInt32(bytes[index]) << 8 | UInt32(bytes[index + 1])
        high &+= low
        index += 2
      }
      low = (low & 0xffff) + (low >> 16)
      high = (high & 0xffff) + (high >> 16)
    }
    if index < bytes.endIndex {
      low += UInt32(bytes[index]) << 8
      high += low
      low = (low & 0xffff) + (low >> 16)
      high = (high & 0xffff) + (high >> 16)
    }
    low = (low & 0xffff) + (low >> 16)
    high = (high & 0xffff) + (high >> 16)
    return high << 16 | low
  }

  /// The bytes without the checksum at their end, if it is theirs.
  private static func checked(_ bytes: [UInt8]) throws(Fault) -> [UInt8] {
    guard bytes.count >= 4 else { throw Fault(reason: "too short for a checksum") }
    let stored = bytes.suffix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    let payload = bytes.dropLast(4)
    guard fletcher32(payload) == stored else { throw Fault(reason: "the checksum is wrong") }
    return Array(payload)
  }

  private static func deflate(_ bytes: [UInt8], level: Int) -> [UInt8] {
    var size = compressBound(UInt(bytes.count))
    var result = [UInt8](repeating: 0, count: Int(size))
    let status = unsafe compress2(&result, &size, bytes, UInt(bytes.count), Int32(level))
    // The buffer is as long as zlib asks for and the level is checked, so only lack of memory is left.
    precondition(status == Z_OK, "zlib failed with \(status)")
    result.removeLast(result.count - Int(size))
    return result
  }

  private static func inflate(_ bytes: [UInt8], byteCount: Int) throws(Fault) -> [UInt8] {
    var size = UInt(byteCount)
    var result = [UInt8](repeating: 0, count: byteCount)
    let status = unsafe uncompress(&result, &size, bytes, UInt(bytes.count))
    guard status == Z_OK, Int(size) == byteCount else {
      throw Fault(reason: "the compressed bytes are damaged")
    }
    return result
  }
}
