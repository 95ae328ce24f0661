/// A buffer of float32 numbers. Only this module reads and writes it in place; above it, it is a value that
/// does not change.
///
/// Sendable although it holds a pointer: this module writes a storage only while making it, before anybody else
/// has it, and `addInPlace` asks its caller for the only reference.
@safe
public final class Storage: @unchecked Sendable {
  /// How many numbers it holds.
  public let count: Int
  let pointer: UnsafeMutablePointer<Float>
  private let capacity: Int

  /// Numbers not set yet.
  init(count: Int) {
    self.count = count
    capacity = BufferPool.capacity(for: count * MemoryLayout<Float>.stride)
    unsafe pointer = BufferPool.shared.take(capacity).assumingMemoryBound(to: Float.self)
  }

  /// The same number `count` times.
  public convenience init(repeating value: Float, count: Int) {
    self.init(count: count)
    unsafe pointer.update(repeating: value, count: count)
  }

  /// A copy of an array.
  public convenience init(_ values: [Float]) {
    self.init(count: values.count)
    unsafe values.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { unsafe pointer.update(from: base, count: source.count) }
    }
  }

  deinit {
    unsafe BufferPool.shared.give(pointer, capacity: capacity)
  }

  /// A copy of the numbers.
  public var values: [Float] {
    unsafe Array(UnsafeBufferPointer(start: pointer, count: count))
  }

  /// The first number.
  public var first: Float {
    precondition(count > 0, "an empty storage has no first number")
    return unsafe pointer[0]
  }
}
