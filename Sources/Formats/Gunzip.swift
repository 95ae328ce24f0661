import CZlib

/// The content of gzip files, unpacked in pieces: memory grows with what comes out.
///
/// By zlib, which tells a file that ends early from a damaged one; libdeflate does not.
enum Gunzip {
  /// zlib's word for the largest window, with gzip's header and checksum around the data.
  private static let window: Int32 = 15 + 16

  /// Unpacks a file of one member or of several, one after another, replacing what the buffer held.
  ///
  /// Checksums are compared. Zeros behind the last member are padding; anything else there is an error.
  ///
  /// - Parameter limit: the most bytes that are unpacked.
  static func unpack(_ packed: [UInt8], into buffer: inout [UInt8], limit: Int) throws(SkeletonTextError) {
    buffer.removeAll(keepingCapacity: true)
    var rest = packed[...]
    if rest.isEmpty { throw SkeletonTextError(.empty, at: 0) }
    let stream = Stream(packed: packed.count, limit: limit)
    repeat {
      rest = rest.dropFirst(try stream.run(rest, into: &buffer))
      stream.restart()
    } while rest.first == 0x1f
    if let other = rest.firstIndex(where: { $0 != 0 }) { throw SkeletonTextError(.trailingData, at: other) }
  }

  /// zlib's state.
  @safe private final class Stream {
    // zlib remembers where its state is, so that it must not move: it is allocated in init and freed in deinit, and its
    // pointer never leaves.
    private let state = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let limit: Int
    private let plausible: Int

    init(packed: Int, limit: Int) {
      self.limit = limit
      plausible = Expansion.limit(packed: packed)
      unsafe state.initialize(to: z_stream())
      let status = unsafe inflateInit2_(
        state, Gunzip.window, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
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
          allowed < limit ? .expansion(ratio: Expansion.ratio) : .tooLarge(limit: limit), at: allowed)
      }
      switch status {
      case Z_STREAM_END: return used
      case Z_BUF_ERROR: throw SkeletonTextError(.truncated, at: buffer.count)
      default: throw SkeletonTextError(.badCompression, at: buffer.count)
      }
    }
  }
}
