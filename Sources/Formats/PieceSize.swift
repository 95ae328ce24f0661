/// How much to read at once when nobody can be believed about how much there is.
enum PieceSize {
  /// As much as was read so far, at least 64 KiB, at most 1 MiB.
  static func next(after bytes: Int) -> Int { max(64 << 10, min(bytes, 1 << 20)) }
}

extension Array<UInt8> {
  /// Makes room for `count` bytes at the end and lets a C function fill it.
  ///
  /// - Parameter fill: writes to the room and returns how much it wrote; negative when it failed.
  /// - Returns: what `fill` returned.
  mutating func append(addingPiece count: Int, fill: (UnsafeMutableBufferPointer<UInt8>) -> Int) -> Int {
    var result = 0
    append(addingCapacity: count) { room in
      // The room is `count` bytes that belong to this array; of those `fill` says how many it has set.
      unsafe room.withUnsafeMutableBufferPointer { bytes, initialized in
        result = unsafe fill(UnsafeMutableBufferPointer(rebasing: bytes.prefix(count)))
        initialized = Swift.max(0, Swift.min(result, count))
      }
    }
    return result
  }
}
