import CDeflate

/// Deflated data that are in memory as a whole, unpacked several times as fast as zlib does it.
enum Inflation {
  /// What came of it.
  enum Outcome: Equatable {
    case done
    /// There is more than the limit.
    case tooLarge
    /// What is wrong with the data.
    case damaged(String)
  }

  /// Unpacks a raw deflate stream, replacing what the buffer held.
  ///
  /// libdeflate wants room for all of it. Text deflates to a third; eight times the stored bytes is as much as is set
  /// aside at first, and twice as much each time that this is not enough. So no claim makes memory grow, only data.
  ///
  /// - Parameters:
  ///   - claimedBytes: the size to unpack to; another size is damage.
  ///   - checksum: the CRC-32 of what is unpacked.
  ///   - limit: the most bytes that are unpacked.
  static func inflate(
    _ packed: [UInt8], into buffer: inout [UInt8], claimedBytes: UInt64, checksum: UInt32, limit: Int
  ) -> Outcome {
    guard let decompressor = unsafe libdeflate_alloc_decompressor() else {
      preconditionFailure("no memory for a decompressor")
    }
    defer { unsafe libdeflate_free_decompressor(decompressor) }
    let most = max(1, Int(clamping: min(claimedBytes, UInt64(limit))))
    var room = min(most, max(8 * packed.count, 64 << 10))
    while true {
      var count = 0
      var status = LIBDEFLATE_BAD_DATA
      buffer.removeAll(keepingCapacity: true)
      _ = unsafe buffer.append(addingPiece: room) {
        // It writes at most as many bytes as there is room, and says how many.
        status = unsafe libdeflate_deflate_decompress(
          decompressor, packed, packed.count, $0.baseAddress, $0.count, &count)
        return status == LIBDEFLATE_SUCCESS ? count : 0
      }
      switch status {
      case LIBDEFLATE_SUCCESS:
        if UInt64(count) != claimedBytes { return .damaged("\(count) bytes instead of \(claimedBytes)") }
        let found = unsafe UInt32(truncatingIfNeeded: libdeflate_crc32(0, buffer, buffer.count))
        return found == checksum ? .done : .damaged("another checksum")
      case LIBDEFLATE_INSUFFICIENT_SPACE:
        if room == most { return most == limit ? .tooLarge : .damaged("more than \(claimedBytes) bytes") }
        room = min(most, 2 * room)
      default: return .damaged("no deflated data")
      }
    }
  }
}
