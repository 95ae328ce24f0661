import CZlib
import Skeleton

/// The filters of `/frames` and `/visible`, applied by the caller's thread: shuffle, deflate, Fletcher32.
///
/// The library applies the same filters with its one lock held, so many shards could not be compressed at a time. The
/// bytes are what it would store.
struct ChunkFilter: Sendable {
  /// The zlib level, 0 to 9.
  let level: Int

  /// A chunk's values as they are stored.
  func stored<Number: BitwiseCopyable>(_ values: [Number]) -> [UInt8] {
    var bytes = deflated(shuffled(values))
    let checksum = ChunkFilter.fletcher32(bytes)
    for byte in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: checksum >> (8 * UInt32(byte)))) }
    return bytes
  }

  /// All first bytes of the values, then all second bytes, and so on.
  private func shuffled<Number: BitwiseCopyable>(_ values: [Number]) -> [UInt8] {
    let (count, size) = (values.count, MemoryLayout<Number>.size)
    return unsafe [UInt8](unsafeUninitializedCapacity: count * size) { target, filled in
      // Both buffers have count · size bytes, and every byte of the target is written once.
      unsafe values.withUnsafeBytes { source in
        for byte in 0..<size {
          for index in 0..<count { unsafe target[byte * count + index] = unsafe source[index * size + byte] }
        }
      }
      filled = count * size
    }
  }

  private func deflated(_ bytes: [UInt8]) -> [UInt8] {
    var size = compressBound(UInt(bytes.count))
    return unsafe [UInt8](unsafeUninitializedCapacity: Int(size)) { target, filled in
      // zlib writes at most `size` bytes, its own bound, so it can only fail for want of memory.
      let status = unsafe compress2(target.baseAddress, &size, bytes, UInt(bytes.count), Int32(level))
      precondition(status == Z_OK, "zlib failed with status \(status)")
      filled = Int(size)
    }
  }

  /// HDF5's Fletcher checksum: sums of big-endian 16-bit words, folded every 360 of them.
  static func fletcher32(_ bytes: [UInt8]) -> UInt32 {
    var (first, second) = (UInt32(0), UInt32(0))
    var at = 0
    var words = bytes.count / 2
    while words > 0 {
      for _ in 0..<min(words, 360) {
        first &+= UInt32(bytes[at]) << 8 | UInt32(bytes[at + 1])
        second &+= first
        at += 2
      }
      words -= min(words, 360)
      first = (first & 0xffff) + (first >> 16)
      second = (second & 0xffff) + (second >> 16)
    }
    if at < bytes.count {
      first += UInt32(bytes[at]) << 8
      second += first
      first = (first & 0xffff) + (first >> 16)
      second = (second & 0xffff) + (second >> 16)
    }
    first = (first & 0xffff) + (first >> 16)
    second = (second & 0xffff) + (second >> 16)
    return second << 16 | first
  }
}
