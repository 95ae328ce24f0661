import Testing

@testable import Kernels

/// A pool of the test's own, since the shared one serves all suites at once. `skelbench gru` prints what whole training
/// passes ask of the system.
@Suite struct BufferPoolTests {
  @Test func whatWasGivenBackIsTakenAgain() throws {
    let pool = BufferPool()
    let sizes = [1000, 5000, 1 << 20, 5 << 20].map(BufferPool.capacity)
    for round in 0..<4 {
      let buffers = sizes.map { size in unsafe UInt(bitPattern: pool.take(size)) }
      #expect(Set(buffers).count == sizes.count)
      #expect(pool.allocatedBytes == sizes.reduce(0, +), "round \(round)")
      for (buffer, size) in zip(buffers, sizes) {
        let pointer = unsafe try #require(UnsafeMutableRawPointer(bitPattern: buffer))
        unsafe pool.give(pointer, capacity: size)
      }
    }
    // A size that was not there before is asked for.
    let other = BufferPool.capacity(for: 3 << 20)
    unsafe pool.give(pool.take(other), capacity: other)
    #expect(pool.allocatedBytes == sizes.reduce(0, +) + other)
  }

  @Test func capacitiesHoldWhatIsAskedAndLittleMore() {
    for bytes in [1, 255, 256, 257, 1000, 4096, 4097, 1_000_000, 123_456_789] {
      let capacity = BufferPool.capacity(for: bytes)
      #expect(capacity >= bytes && capacity <= max(256, bytes + bytes / 4 + 64))
      #expect(BufferPool.capacity(for: capacity) == capacity)
    }
  }
}
