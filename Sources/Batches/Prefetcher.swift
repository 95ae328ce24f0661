import Foundation

/// Makes the elements 0 ..< count on other threads, a few ahead, and hands them over in order.
///
/// An element depends on its index alone, so the sequence is the same with any number of workers.
public final class Prefetcher<Element: Sendable>: @unchecked Sendable {
  // Unchecked because the compiler cannot see that every access to the variables below is made with `condition`
  // locked; they are private and the five methods that touch them are in this file.
  private let condition = NSCondition()
  private var claimed = 0
  private var delivered = 0
  private var ready: [Int: Result<Element, any Error>] = [:]
  private var isCancelled = false

  private let count: Int
  private let depth: Int
  private let make: @Sendable (Int) throws -> Element

  /// Starts the workers.
  ///
  /// - Parameters:
  ///   - count: how many elements there are.
  ///   - depth: how many are made ahead of the one asked for.
  ///   - workers: threads that make them.
  ///   - make: makes an element; called once for each index, from several threads.
  public init(
    count: Int, depth: Int = 4, workers: Int = 1, make: @escaping @Sendable (Int) throws -> Element
  ) {
    self.count = count
    self.depth = max(depth, 1)
    self.make = make
    for _ in 0..<max(workers, 1) {
      // The thread keeps the prefetcher alive until `cancel` or the last element, whichever is first.
      let thread = Thread { self.work() }
      thread.start()
    }
  }

  /// The next element, waiting for it if it is not ready; nil after the last.
  ///
  /// - Throws: what making the element threw.
  public func next() throws -> Element? {
    condition.lock()
    defer { condition.unlock() }
    guard delivered < count else { return nil }
    while true {
      if let result = ready.removeValue(forKey: delivered) {
        delivered += 1
        condition.broadcast()
        return try result.get()
      }
      condition.wait()
    }
  }

  /// Tells the workers to stop; elements that were made are dropped.
  public func cancel() {
    condition.lock()
    isCancelled = true
    ready = [:]
    condition.broadcast()
    condition.unlock()
  }

  private func work() {
    while let index = claim() {
      let result = Result { try make(index) }
      condition.lock()
      if !isCancelled { ready[index] = result }
      condition.broadcast()
      condition.unlock()
    }
  }

  private func claim() -> Int? {
    condition.lock()
    defer { condition.unlock() }
    while !isCancelled && claimed < count && claimed >= delivered + depth { condition.wait() }
    guard !isCancelled && claimed < count else { return nil }
    claimed += 1
    return claimed - 1
  }
}
