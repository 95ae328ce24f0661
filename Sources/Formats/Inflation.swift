import CDeflate

/// Deflated data that are in memory as a whole, unpacked several times as fast as zlib does it.
enum Inflation {
  /// Unpacks a raw deflate stream, replacing what the buffer held.
  ///
  /// libdeflate wants room for all of it. Text deflates to a third; eight times the stored bytes is as much as is set
  /// aside at first, and twice as much each time that this is not enough. So no claim makes memory grow, only data.
  ///
  /// - Parameters:
  ///   - claimedBytes: the size to unpack to; another size is an error.
  ///   - checksum: the CRC-32 of what is unpacked.
  ///   - limit: the most bytes that are unpacked.
  static func inflate(
    _ packed: [UInt8], into buffer: inout [UInt8], claimedBytes: UInt64, checksum: UInt32, limit: Int
  ) throws(SkeletonTextError) {
    guard let decompressor = unsafe libdeflate_alloc_decompressor() else {
      preconditionFailure("no memory for a decompressor")
    }
    defer { unsafe libdeflate_free_decompressor(decompressor) }
    let plausible = Expansion.limit(packed: packed.count)
    let most = max(1, min(Int(clamping: claimedBytes), limit, plausible))
    var room = min(most, max(8 * packed.count, 64 << 10))
    while true {
      var used = 0
      var count = 0
      var status = LIBDEFLATE_BAD_DATA
      buffer.removeAll(keepingCapacity: true)
      _ = unsafe buffer.append(addingPiece: room) {
        // It writes at most as many bytes as there is room, and says how many.
        status = unsafe libdeflate_deflate_decompress_ex(
          decompressor, packed, packed.count, $0.baseAddress, $0.count, &used, &count)
        return status == LIBDEFLATE_SUCCESS ? count : 0
      }
      switch status {
      case LIBDEFLATE_SUCCESS:
        guard UInt64(count) == claimedBytes, used == packed.count else {
          throw SkeletonTextError(.sizeMismatch(claimed: claimedBytes), at: count)
        }
        return try check(buffer, checksum)
      case LIBDEFLATE_INSUFFICIENT_SPACE where room < most: room = min(most, 2 * room)
      case LIBDEFLATE_INSUFFICIENT_SPACE where claimedBytes <= most:
        throw SkeletonTextError(.sizeMismatch(claimed: claimedBytes), at: Int(claimedBytes))
      case LIBDEFLATE_INSUFFICIENT_SPACE where most == limit:
        throw SkeletonTextError(.tooLarge(limit: limit), at: limit)
      case LIBDEFLATE_INSUFFICIENT_SPACE:
        throw SkeletonTextError(.expansion(ratio: Expansion.ratio), at: plausible)
      default: throw SkeletonTextError(.badCompression, at: 0)
      }
    }
  }

  /// Compares the CRC-32 of the bytes.
  static func check(_ bytes: [UInt8], _ checksum: UInt32) throws(SkeletonTextError) {
    // It reads as many bytes as it is told that there are.
    guard unsafe libdeflate_crc32(0, bytes, bytes.count) == checksum else {
      throw SkeletonTextError(.checksum, at: bytes.count)
    }
  }
}
