/// Rows of one dataset that arrive a few at a time and are kept as stored chunks.
struct RowChunks: Sendable {
  /// Bytes of one element, and of one row.
  let elementSize: Int
  let rowBytes: Int
  let level: Int
  /// Full chunks, ready to be stored.
  private(set) var chunks: [[UInt8]] = []
  /// The rows after the last full chunk.
  private var pending: [UInt8] = []
  /// Rows so far.
  private(set) var rowCount = 0

  init(elementSize: Int, rowBytes: Int, level: Int) {
    self.elementSize = elementSize
    self.rowBytes = rowBytes
    self.level = level
  }

  /// Takes in whole rows, and compresses every chunk that they fill.
  mutating func append(_ bytes: [UInt8]) {
    precondition(bytes.count % rowBytes == 0, "\(bytes.count) bytes are no whole rows of \(rowBytes)")
    rowCount += bytes.count / rowBytes
    let full = ShardLayout.chunkRows * rowBytes
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = rest.prefix(full - pending.count)
      pending += piece
      rest = rest.dropFirst(piece.count)
      if pending.count == full {
        chunks.append(ChunkFilters.encode(pending, elementSize: elementSize, level: level))
        pending.removeAll(keepingCapacity: true)
      }
    }
  }

  /// All chunks. The last is filled up with zeros, as HDF5 wants it, unless it is the only one: a chunk must not
  /// be longer than the dataset.
  func finished() -> [[UInt8]] {
    guard !pending.isEmpty else { return chunks }
    var last = pending
    if !chunks.isEmpty {
      last += [UInt8](repeating: 0, count: ShardLayout.chunkRows * rowBytes - last.count)
    }
    return chunks + [ChunkFilters.encode(last, elementSize: elementSize, level: level)]
  }
}
