import Dispatch
import Foundation
import Synchronization

private let threads = Atomic<Int>(ProcessInfo.processInfo.activeProcessorCount)

/// How many threads share the work.
public var threadCount: Int { threads.load(ordering: .relaxed) }

/// Sets how many threads share the work; at the start, as many as the machine has processors. No result
/// depends on it.
public func setThreadCount(_ count: Int) {
  precondition(count >= 1, "\(count) threads cannot work")
  threads.store(count, ordering: .relaxed)
}

/// Calls `body` with 0 ..< `tasks` on all threads, in any order, and returns when all are done.
///
/// The caller cuts its work by shapes alone, never by the number of threads: then the results are the same
/// for any number of them.
public func parallel(_ tasks: Int, _ body: @Sendable (Int) -> Void) {
  share(tasks, body)
}

/// `parallel` for this module's kernels, which write different parts of one buffer through its pointer,
/// something that the compiler cannot see to be safe.
func share(_ tasks: Int, _ body: (Int) -> Void) {
  let workers = min(tasks, threadCount)
  if workers <= 1 {
    for task in 0..<max(tasks, 0) { body(task) }
    return
  }
  let next = Atomic<Int>(0)
  withoutActuallyEscaping(body) { body in
    // Several threads call the closure at once, which is why each kernel's tasks write to parts of their own.
    nonisolated(unsafe) let body = body
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let task = next.add(1, ordering: .relaxed).oldValue
        if task >= tasks { return }
        unsafe body(task)
      }
    }
  }
}

/// Cuts 0 ..< `count` into blocks of `size`, shared by all threads.
func shareBlocks(_ count: Int, size: Int, _ body: (Range<Int>) -> Void) {
  share((count + size - 1) / size) { block in
    body(block * size..<min(count, (block + 1) * size))
  }
}

/// Numbers that one task of an elementwise loop handles: long enough to pay for starting it.
let elementBlock = 1 << 16
