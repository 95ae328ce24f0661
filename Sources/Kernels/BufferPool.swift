import Foundation
import Synchronization

/// The bytes that storages have ever asked of the system, not counting what was recycled.
public var allocatedBytes: Int { BufferPool.shared.allocatedBytes }

/// Memory that storages gave back, kept by size for the next storage of that size.
///
/// A training step makes buffers of the same sizes as the step before it, so after the first few steps
/// nothing large is asked of the system, and no fresh page has to be zeroed by it.
@safe
final class BufferPool: Sendable {
  static let shared = BufferPool()

  /// Every buffer starts on a cache line, and on the boundary that the widest vectors like.
  static let alignment = 64
  /// From this size on, buffers lie on 2 MiB boundaries and the system is asked for large pages.
  static let largePage = 1 << 21

  private struct State {
    /// Addresses as numbers, by size: nobody reads through them while they lie here.
    var idle: [Int: [UInt]] = [:]
    var idleBytes = 0
    var usedBytes = 0
    var peakBytes = 0
    var allocatedBytes = 0
  }

  private let state = Mutex(State())

  /// The size that is really set aside for `bytes`: one of four steps between powers of two, so that a last
  /// batch with fewer samples finds the buffers of the batches before it.
  static func capacity(for bytes: Int) -> Int {
    let smallest = 256
    if bytes <= smallest { return smallest }
    let power = 1 << (Int.bitWidth - 1 - (bytes - 1).leadingZeroBitCount)  // power < bytes <= 2 power
    let step = max(alignment, power / 4)
    return (bytes + step - 1) / step * step
  }

  var allocatedBytes: Int { state.withLock { $0.allocatedBytes } }

  /// A buffer of at least `capacity` bytes with any content.
  func take(_ capacity: Int) -> UnsafeMutableRawPointer {
    let reused = state.withLock { state -> UInt? in
      state.usedBytes += capacity
      state.peakBytes = max(state.peakBytes, state.usedBytes)
      guard let address = state.idle[capacity]?.popLast() else {
        state.allocatedBytes += capacity
        return nil
      }
      state.idleBytes -= capacity
      return address
    }
    if let reused, let pointer = unsafe UnsafeMutableRawPointer(bitPattern: reused) {
      return unsafe pointer
    }
    return unsafe BufferPool.allocate(capacity)
  }

  /// Keeps the buffer for later, unless the program would then hold more than one and a half times what was
  /// ever in use at one time: a step's sizes are not all at their most at once, but idle memory has to end
  /// somewhere.
  func give(_ pointer: UnsafeMutableRawPointer, capacity: Int) {
    let address = UInt(bitPattern: pointer)
    let isKept = state.withLock { state -> Bool in
      state.usedBytes -= capacity
      guard state.usedBytes + state.idleBytes + capacity <= state.peakBytes * 3 / 2 else { return false }
      state.idle[capacity, default: []].append(address)
      state.idleBytes += capacity
      return true
    }
    if !isKept { unsafe free(pointer) }
  }

  private static func allocate(_ capacity: Int) -> UnsafeMutableRawPointer {
    let boundary = capacity >= 2 * largePage ? largePage : alignment
    var pointer: UnsafeMutableRawPointer?
    guard unsafe posix_memalign(&pointer, boundary, capacity) == 0, let pointer = unsafe pointer else {
      fatalError("no memory for a buffer of \(capacity) bytes")
    }
    #if os(Linux)
      // Advice only: where it is refused, small pages serve as well.
      if boundary == largePage { _ = unsafe madvise(pointer, capacity, MADV_HUGEPAGE) }
    #endif
    return unsafe pointer
  }
}
