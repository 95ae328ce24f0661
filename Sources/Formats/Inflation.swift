import CZlib

/// Deflated data that are in memory as a whole, unpacked in pieces: memory grows with what comes out and not with what
/// somebody claims.
enum Inflation {
  /// The form of the data around the deflated bytes.
  private enum Wrapping: Int32 {
    /// None, as in zip archives.
    case none = -15
    /// gzip's header and checksum.
    case gzip = 31
  }

  /// Text deflates to a third, and rows of zeros to a thousandth. What unpacks to more than this and to more than
  /// `largestRatio` times its stored bytes is made to waste time.
  private static let harmless = 8 << 20
  private static let largestRatio = 200

  /// Unpacks a member of a zip archive, replacing what the buffer held.
  ///
  /// - Parameters:
  ///   - packed: a raw deflate stream.
  ///   - claimedBytes: the size to unpack to; another size is an error.
  ///   - checksum: the CRC-32 of what is unpacked.
  ///   - limit: the most bytes that are unpacked.
  static func member(
    _ packed: [UInt8], into buffer: inout [UInt8], claimedBytes: UInt64, checksum: UInt32, limit: Int
  ) throws(SkeletonTextError) {
    let most = min(Int(clamping: claimedBytes), limit)
    buffer.removeAll(keepingCapacity: true)
    let stream = Stream(.none, packed: packed.count, limit: most)
    let used: Int
    do {
      used = try stream.run(packed[...], into: &buffer)
    } catch  where error.reason == .tooLarge(limit: most) && most < limit {
      throw SkeletonTextError(.sizeMismatch(claimed: claimedBytes), at: most)
    }
    guard UInt64(buffer.count) == claimedBytes, used == packed.count else {
      throw SkeletonTextError(.sizeMismatch(claimed: claimedBytes), at: buffer.count)
    }
    try check(buffer, checksum)
  }

  /// Unpacks a gzip file of one member or of several, one after another, replacing what the buffer held.
  ///
  /// Checksums are compared. Zeros behind the last member are padding; anything else there is an error.
  static func gzip(_ packed: [UInt8], into buffer: inout [UInt8], limit: Int) throws(SkeletonTextError) {
    buffer.removeAll(keepingCapacity: true)
    var rest = packed[...]
    if rest.isEmpty { throw SkeletonTextError(.empty, at: 0) }
    let stream = Stream(.gzip, packed: packed.count, limit: limit)
    repeat {
      rest = rest.dropFirst(try stream.run(rest, into: &buffer))
      stream.restart()
    } while rest.first == 0x1f
    if let other = rest.firstIndex(where: { $0 != 0 }) { throw SkeletonTextError(.trailingData, at: other) }
  }

  /// Compares the CRC-32 of the bytes.
  static func check(_ bytes: [UInt8], _ checksum: UInt32) throws(SkeletonTextError) {
    // zlib reads as many bytes as it is told that there are.
    guard unsafe crc32_z(0, bytes, bytes.count) == UInt(checksum) else {
      throw SkeletonTextError(.checksum, at: bytes.count)
    }
  }

  /// zlib's state.
  @safe private final class Stream {
    // zlib remembers where its state is, so that it must not move: it is allocated in init and freed in deinit, and its
    // pointer never leaves.
    private let state = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let limit: Int
    private let plausible: Int

    init(_ wrapping: Wrapping, packed: Int, limit: Int) {
      self.limit = limit
      plausible = max(Inflation.harmless, Inflation.largestRatio * packed)
      unsafe state.initialize(to: z_stream())
      let status = unsafe inflateInit2_(
        state, wrapping.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
      // The version and the window are right, so only lack of memory is left.
      precondition(status == Z_OK, "zlib failed with \(status)")
    }

    deinit {
      _ = unsafe inflateEnd(state)
      unsafe state.deallocate()
    }

    /// Begins another stream.
    func restart() { _ = unsafe inflateReset(state) }

    /// Appends what the stream at the start of `packed` holds to the buffer; returns how long the stream is.
    func run(_ packed: ArraySlice<UInt8>, into buffer: inout [UInt8]) throws(SkeletonTextError) -> Int {
      let allowed = min(limit, plausible)
      var status = Z_OK
      // The bytes stay where they are during the closure, and zlib uses no pointer of it afterwards.
      let used = unsafe packed.withUnsafeBufferPointer { input in
        unsafe state.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        unsafe state.pointee.avail_in = UInt32(input.count)
        while status == Z_OK && buffer.count <= allowed {
          // One byte beyond the limit, to notice that there is more.
          let piece = min(PieceSize.next(after: buffer.count), allowed + 1 - buffer.count)
          _ = unsafe buffer.append(addingPiece: piece) { room in
            unsafe state.pointee.next_out = room.baseAddress
            unsafe state.pointee.avail_out = UInt32(room.count)
            status = unsafe CZlib.inflate(state, Z_NO_FLUSH)
            return room.count - Int(unsafe state.pointee.avail_out)
          }
        }
        return input.count - Int(unsafe state.pointee.avail_in)
      }
      if buffer.count > allowed {
        throw SkeletonTextError(
          allowed < limit ? .expansion(ratio: Inflation.largestRatio) : .tooLarge(limit: limit), at: allowed)
      }
      switch status {
      case Z_STREAM_END: return used
      case Z_BUF_ERROR: throw SkeletonTextError(.truncated, at: buffer.count)
      default: throw SkeletonTextError(.badCompression, at: buffer.count)
      }
    }
  }
}
