import Skeleton
import Synchronization

/// Rows of a dataset on their way to being a stored chunk.
///
/// They are compressed once, by whichever thread asks first; another one that asks at that time waits. So a builder can
/// hand its chunks to threads that are free, and writing compresses what nobody has got to.
public final class ShardChunk: Sendable {
  private enum State {
    case rows([UInt8])
    case stored([UInt8])
  }

  private let state: Mutex<State>
  /// The bytes of the chunk before compression.
  let byteCount: Int
  private let elementSize: Int
  private let level: Int

  /// A chunk of these rows.
  init(rows: [UInt8], elementSize: Int, level: Int) {
    byteCount = rows.count
    self.elementSize = elementSize
    self.level = level
    state = Mutex(.rows(rows))
  }

  /// Compresses the chunk, unless that has been done.
  ///
  /// - Throws: `InputError` if the rows do not come out again as they went in: the machine is broken.
  public func compress() throws { _ = try stored() }

  /// The bytes to store, with the checksum at their end.
  ///
  /// They have been inflated again and compared.
  func stored() throws -> [UInt8] {
    try state.withLock { state in
      switch state {
      case .stored(let bytes): return bytes
      case .rows(let rows):
        do {
          let bytes = try ChunkFilters.encode(rows, elementSize: elementSize, level: level)
          state = .stored(bytes)
          return bytes
        } catch let error as ChunkFilters.Fault {
          throw InputError(
            "memory", found: error.reason,
            hint: "nothing was written; try again, and test the machine's memory", kind: .inputOutput)
        }
      }
    }
  }

  /// The rows again.
  func rows() throws -> [UInt8] {
    try state.withLock { state in
      switch state {
      case .rows(let rows): return rows
      case .stored(let bytes):
        return try ChunkFilters.decode(
          bytes, filters: [2, 1, 3], skipped: 0, elementSize: elementSize, byteCount: byteCount)
      }
    }
  }
}
