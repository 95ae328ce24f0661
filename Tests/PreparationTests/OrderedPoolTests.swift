import Foundation
import Synchronization
import Testing

@testable import Preparation

@Suite struct OrderedPoolTests {
  private struct Stop: Error {}

  /// Products of 0 ..< count in the order in which they are taken in.
  private func squares(_ count: Int, jobs: Int, made: @Sendable @escaping (Int) -> Void = { _ in }) throws
    -> [Int]
  {
    try OrderedPool.reduce(count, jobs: jobs, into: [Int]()) {
    } make: { index, _ in
      // Later items are ready before earlier ones now and then.
      if index % 7 == 0 { usleep(300) }
      made(index)
      return index * index
    } take: { whole, product in
      whole.append(product)
      return []
    }
  }

  @Test(arguments: [1, 2, 3, 16])
  func takesEverythingInOrder(jobs: Int) throws {
    #expect(try squares(200, jobs: jobs) == (0..<200).map { $0 * $0 })
    #expect(try squares(1, jobs: jobs) == [0])
    #expect(try squares(0, jobs: jobs) == [])
  }

  @Test func makesEachItemOnce() throws {
    let made = Mutex([Int]())
    _ = try squares(500, jobs: 4) { index in made.withLock { $0.append(index) } }
    #expect(made.withLock { $0.sorted() } == Array(0..<500))
  }

  @Test func oneThreadDoesEverythingInOrder() throws {
    let steps = Mutex([String]())
    @Sendable func note(_ step: String) { steps.withLock { $0.append(step) } }
    _ = try OrderedPool.reduce(3, jobs: 1, into: 0) {
    } make: { index, _ in
      note("make \(index)")
      return index
    } take: { _, product in
      note("take \(product)")
      return product == 1 ? [{ note("first") }, { note("second") }] : []
    }
    #expect(
      steps.withLock { $0 } == [
        "make 0", "take 0", "make 1", "take 1", "first", "second", "make 2", "take 2",
      ])
  }

  @Test func onlyAFewProductsWait() throws {
    struct Waiting {
      var now = 0
      var most = 0
    }
    let waiting = Mutex(Waiting())
    _ = try OrderedPool.reduce(300, jobs: 3, into: 0) {
    } make: { index, _ in
      // Everything behind an item that is slow could be made meanwhile, if nothing stopped it.
      if index % 100 == 1 { usleep(30_000) }
      waiting.withLock { waiting in
        waiting.now += 1
        waiting.most = max(waiting.most, waiting.now)
      }
      return index
    } take: { _, _ in
      waiting.withLock { $0.now -= 1 }
      return []
    }
    #expect(waiting.withLock { $0.most } <= 12)
  }

  @Test(arguments: [1, 2, 5])
  func tasksAreDoneBeforeItReturns(jobs: Int) throws {
    let done = Mutex(0)
    let whole = try OrderedPool.reduce(40, jobs: jobs, into: 0) {
    } make: { index, _ in
      index
    } take: { whole, product in
      whole += 1
      return (0..<product % 3).map { _ in
        {
          usleep(200)
          done.withLock { $0 += 1 }
        }
      }
    }
    #expect(whole == 40)
    #expect(done.withLock { $0 } == (0..<40).reduce(0) { $0 + $1 % 3 })
  }

  @Test(arguments: [1, 2, 5], ["make", "take", "task"])
  func theFirstErrorEndsIt(jobs: Int, place: String) throws {
    let made = Mutex(0)
    #expect(throws: Stop.self) {
      _ = try OrderedPool.reduce(10_000, jobs: jobs, into: 0) {
      } make: { index, _ in
        made.withLock { $0 += 1 }
        if place == "make" && index == 20 { throw Stop() }
        return index
      } take: { _, product in
        if place == "take" && product == 20 { throw Stop() }
        return place == "task" && product == 20 ? [{ throw Stop() }] : []
      }
    }
    #expect(made.withLock { $0 } < 1000)
  }
}
