/// Rows of one dataset that arrive a few at a time and leave as chunks.
struct RowChunks: Sendable {
  /// Bytes of one element, and of one row.
  let elementSize: Int
  let rowBytes: Int
  let level: Int
  /// Chunks that no more rows come to.
  private(set) var chunks: [ShardChunk] = []
  /// The rows after the last full chunk.
  private var pending: [UInt8] = []
  /// Rows so far.
  private(set) var rowCount = 0

  init(elementSize: Int, rowBytes: Int, level: Int) {
    self.elementSize = elementSize
    self.rowBytes = rowBytes
    self.level = level
  }

  /// Takes in whole rows, and returns the chunks that they fill.
  mutating func append(_ bytes: UnsafeRawBufferPointer) -> [ShardChunk] {
    precondition(bytes.count % rowBytes == 0, "\(bytes.count) bytes are no whole rows of \(rowBytes)")
    precondition(
      pending.count % rowBytes == 0 && chunks.count * ShardLayout.chunkRows <= rowCount, "finished")
    rowCount += bytes.count / rowBytes
    let full = ShardLayout.chunkRows * rowBytes
    var filled: [ShardChunk] = []
    var next = 0
    while next < bytes.count {
      if pending.isEmpty { pending.reserveCapacity(full) }
      let end = min(bytes.count, next + full - pending.count)
      unsafe pending.append(contentsOf: bytes[next..<end])
      next = end
      if pending.count == full {
        filled.append(chunk(pending))
        pending = []
      }
    }
    chunks += filled
    return filled
  }

  /// Makes a chunk of the rows that are left, and returns it; nil if there are none.
  ///
  /// It is filled up with zeros, as HDF5 wants it, unless it is the only one: a chunk must not be longer than the
  /// dataset.
  mutating func finish() -> ShardChunk? {
    guard !pending.isEmpty else { return nil }
    if !chunks.isEmpty {
      pending += [UInt8](repeating: 0, count: ShardLayout.chunkRows * rowBytes - pending.count)
    }
    chunks.append(chunk(pending))
    pending = []
    return chunks.last
  }

  private func chunk(_ rows: [UInt8]) -> ShardChunk {
    ShardChunk(rows: rows, elementSize: elementSize, level: level)
  }
}
