import Dispatch
import Synchronization

/// Works on items with several threads, each of which takes the next one when it is free.
enum WorkerPool {
  private struct State {
    var next = 0
    var failure: (any Error)?
  }

  /// Calls `worker` on each of `jobs` threads, at most as many as there are cores, and waits for all of them.
  ///
  /// - Parameter worker: takes items from the function that it is given until that returns nil; what it keeps
  ///   between items (buffers, open archives) is its thread's own.
  /// - Throws: the first error that a worker threw; the others finish the item that they are at.
  static func run<Item: Sendable>(
    over items: [Item], jobs: Int, worker: @Sendable (_ next: () -> Item?) throws -> Void
  ) throws {
    let state = Mutex(State())
    DispatchQueue.concurrentPerform(iterations: max(1, min(jobs, items.count))) { _ in
      do {
        try worker {
          state.withLock { state in
            guard state.failure == nil, state.next < items.count else { return nil }
            state.next += 1
            return items[state.next - 1]
          }
        }
      } catch {
        state.withLock { if $0.failure == nil { $0.failure = error } }
      }
    }
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }
}
