import Dispatch
import Foundation
import Skeleton
import Synchronization

/// The numbers of the inputs that are being read, in a file that outlives a crash: 8 bytes for each thread, −1 for none.
@safe final class Underway: Sendable {
  private let threads: Int
  // Shared memory of as many numbers as there are threads, mapped in init and never unmapped. An Atomic of 64 bits is
  // its 64 bits, so that the file holds the numbers themselves.
  nonisolated(unsafe) private let inputs: UnsafeMutablePointer<Atomic<Int64>>
  /// When each was begun, in milliseconds.
  private let begun: [Beginning]

  private final class Beginning: Sendable { let time = Atomic<Int64>(0) }

  init(_ file: URL, threads: Int) throws {
    self.threads = threads
    begun = (0..<threads).map { _ in Beginning() }
    let size = threads * 8
    try Data(repeating: 0xff, count: size).write(to: file)
    let descriptor = unsafe open(file.path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0,
      let memory = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
      unsafe memory != MAP_FAILED
    else { throw InputError(file.path, found: "cannot be mapped", kind: .cannotCreate) }
    close(descriptor)
    unsafe inputs = memory.bindMemory(to: Atomic<Int64>.self, capacity: threads)
  }

  func begin(_ index: Int, on thread: Int) {
    precondition(thread < threads, "thread \(thread) of \(threads)")
    begun[thread].time.store(Underway.now(), ordering: .relaxed)
    unsafe inputs[thread].store(Int64(index), ordering: .releasing)
  }

  func end(on thread: Int) {
    precondition(thread < threads, "thread \(thread) of \(threads)")
    unsafe inputs[thread].store(-1, ordering: .releasing)
  }

  /// The input that a thread has been at for longer than that.
  func stuck(_ thread: Int, milliseconds: Int) -> Int? {
    precondition(thread < threads, "thread \(thread) of \(threads)")
    let index = unsafe inputs[thread].load(ordering: .acquiring)
    let time = Underway.now() - begun[thread].time.load(ordering: .relaxed)
    return index >= 0 && time > Int64(milliseconds) ? Int(index) : nil
  }

  private static func now() -> Int64 { Int64(DispatchTime.now().uptimeNanoseconds / 1_000_000) }
}
