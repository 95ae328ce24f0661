import Dispatch
import Synchronization

/// Does two things at the same time, on two threads, and returns what both of them gave.
///
/// - Throws: the error of the first, and otherwise that of the second, when both have ended.
func both<First, Second: Sendable>(
  _ first: () throws -> First, _ second: @escaping @Sendable () throws -> Second
) throws -> (First, Second) {
  let result = Mutex<Result<Second, any Error>?>(nil)
  let end = DispatchSemaphore(value: 0)
  // A queue of its own has a thread at once; `concurrentPerform` would do one after the other where it is called
  // from within itself.
  DispatchQueue(label: "both").async {
    let value = Result { try second() }
    result.withLock { $0 = value }
    end.signal()
  }
  let one = Result { try first() }
  end.wait()
  guard let other = result.withLock({ $0 }) else { preconditionFailure("signalled before its end") }
  return (try one.get(), try other.get())
}
