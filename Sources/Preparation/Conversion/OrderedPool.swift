import Dispatch
import Synchronization

/// Makes products of a row of items on several threads, and takes them in, one at a time, in order.
///
/// What is taken in is the same for any number of threads, and so is its order; only a few products wait at a time.
/// Taking one in can give rise to tasks: work that may be done at any time from then on, in any order.
enum OrderedPool {
  /// Work that taking a product in gave rise to.
  typealias Task = @Sendable () throws -> Void

  /// What a thread does next.
  private enum Step<Product: Sendable> {
    case make(Int)
    case take(Product)
    case perform(Task)
    case wait
    case stop
  }

  private struct State<Product: Sendable> {
    let count: Int
    let window: Int
    /// Items before this one have been begun, and products before that one taken in.
    var begun = 0
    var taken = 0
    var isTaking = false
    var ready: [Int: Product] = [:]
    /// First in, first out.
    var tasks: [Task] = []
    var sleepers = 0
    var failure: (any Error)?

    init(count: Int, window: Int) {
      self.count = count
      self.window = window
    }

    /// Tasks go first and new items last, so that what is held in memory goes before more comes.
    mutating func next() -> Step<Product> {
      if failure != nil { return .stop }
      if !tasks.isEmpty { return .perform(tasks.removeFirst()) }
      if !isTaking, let product = ready.removeValue(forKey: taken) {
        isTaking = true
        return .take(product)
      }
      if begun < count && begun < taken + window {
        begun += 1
        return .make(begun - 1)
      }
      if taken == count { return .stop }
      sleepers += 1
      return .wait
    }
  }

  /// Makes, takes in, performs, and returns when all of it is done.
  ///
  /// - Parameters:
  ///   - count: the items are 0 ..< count.
  ///   - jobs: how many threads; with one, everything happens in order.
  ///   - whole: what the products are taken into.
  ///   - local: makes what a thread keeps for itself between items: buffers, open archives.
  ///   - make: makes the product of an item; called by several threads at once.
  ///   - take: takes a product in; called by one thread at a time, in the order of the items. Returns tasks.
  /// - Returns: the whole, when every task has been performed.
  /// - Throws: the first error that any of them threw; the other threads finish what they are at.
  static func reduce<Local, Product: Sendable, Whole: Sendable>(
    _ count: Int, jobs: Int, into whole: Whole, local: @Sendable () -> Local,
    make: @Sendable (Int, inout Local) throws -> Product,
    take: @Sendable (inout Whole, Product) throws -> [Task]
  ) throws -> Whole {
    let whole = Mutex(whole)
    // Four items ahead for each thread: enough to work on while one of them takes in or performs.
    let state = Mutex(State<Product>(count: count, window: 4 * jobs))
    let bell = DispatchSemaphore(value: 0)
    @Sendable func note(_ change: (inout sending State<Product>) -> Void) {
      let sleepers = state.withLock { state in
        change(&state)
        defer { state.sleepers = 0 }
        return state.sleepers
      }
      for _ in 0..<sleepers { bell.signal() }
    }

    DispatchQueue.concurrentPerform(iterations: max(1, jobs)) { _ in
      var own = local()
      do {
        while true {
          switch state.withLock({ $0.next() }) {
          case .make(let index):
            let product = try make(index, &own)
            note { $0.ready[index] = product }
          case .take(let product):
            let tasks = try whole.withLock { try take(&$0, product) }
            note {
              $0.isTaking = false
              $0.taken += 1
              $0.tasks += tasks
            }
          case .perform(let task): try task()
          case .wait: bell.wait()
          case .stop: return
          }
        }
      } catch {
        note { if $0.failure == nil { $0.failure = error } }
      }
    }
    if let failure = state.withLock({ $0.failure }) { throw failure }
    return whole.withLock { $0 }
  }
}
