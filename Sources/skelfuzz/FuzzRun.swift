import CAllocations
import Dispatch
import Foundation
import Skeleton
import Synchronization

/// Many inputs on several threads, with an eye on time and memory.
struct FuzzRun: Sendable {
  /// What a run came to.
  struct Result {
    var refused = 0
    var read = 0
    var findings = 0
    var slowestMilliseconds = 0
    var memoryMegabytes = 0
    /// The most that reading one input took.
    var largestKilobytes = 0
  }

  private let target: FuzzTarget
  private let mutator: Mutator
  private let findings: URL
  private let corpus: URL
  private let scratch: URL
  private let threads: Int

  /// An input that takes more of the processor is a hang.
  private static let slow = 1000
  /// An input that takes longer by the clock is one that may never end; the run ends there.
  private static let stuck = 60_000
  /// More resident memory than this at any time is a finding.
  private static let memory = 512

  init(target: FuzzTarget, mutator: Mutator, corpus: String, findings: String, threads: Int) throws {
    self.target = target
    self.mutator = mutator
    self.threads = threads
    self.corpus = URL(fileURLWithPath: corpus)
    self.findings = URL(fileURLWithPath: findings)
    let shared = "/dev/shm"
    let isThere = FileManager.default.isWritableFile(atPath: shared)
    scratch = (isThere ? URL(fileURLWithPath: shared) : FileManager.default.temporaryDirectory)
      .appendingPathComponent("skelfuzz.\(getpid())")
    try FileManager.default.createDirectory(at: self.findings, withIntermediateDirectories: true)
  }

  /// Writes an input to the folder of findings; its path.
  func save(_ index: Int, because reason: String) throws -> String {
    let file = findings.appendingPathComponent("\(target.name)-\(mutator.seed)-\(index)")
    try Data(mutator.input(index)).write(to: file)
    return "\(reason): input \(index) of seed \(mutator.seed): \(file.path)"
  }

  func run(_ inputs: Range<Int>) throws -> Result {
    // Memory without bounds ends in a crash, which names its input.
    var limit = rlimit(rlim_cur: 4 << 30, rlim_max: 4 << 30)
    // The system reads the limits during the call.
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let underway = try Underway(findings.appendingPathComponent("\(target.name).underway"), threads: threads)
    let watcher = Thread { watch(underway) }
    watcher.start()
    let result = Mutex(Result())
    let next = Atomic(inputs.lowerBound)
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
      let file = scratch.appendingPathComponent("\(thread)")
      while true {
        let batch = next.wrappingAdd(100, ordering: .relaxed).oldValue
        guard batch < inputs.upperBound else { break }
        var part = Result()
        for index in batch..<min(batch + 100, inputs.upperBound) {
          underway.begin(index, on: thread)
          one(index, at: file, &part)
        }
        underway.end(on: thread)
        result.withLock { $0.add(part) }
      }
    }
    var total = result.withLock { $0 }
    total.memoryMegabytes = FuzzRun.peakMemory()
    if total.memoryMegabytes > FuzzRun.memory {
      say("\(total.memoryMegabytes) MB of memory at the most; expected at most \(FuzzRun.memory)")
      total.findings += 1
    }
    return total
  }

  private func one(_ index: Int, at file: URL, _ result: inout Result) {
    let input = mutator.input(index)
    let start = FuzzRun.processorMilliseconds()
    allocations_begin()
    do {
      switch try target.read(input, FuzzTarget.Place(file: file, corpus: corpus)) {
      case .refused: result.refused += 1
      case .read: result.read += 1
      }
    } catch {
      report(index, because: "\(error)", &result)
    }
    let memory = allocations_peak()
    let time = FuzzRun.processorMilliseconds() - start
    if time > FuzzRun.slow { report(index, because: "\(time) ms", &result) }
    if memory > target.limit(input) {
      report(index, because: "\(memory >> 10) KB of memory for \(input.count) bytes", &result)
    }
    result.slowestMilliseconds = max(result.slowestMilliseconds, time)
    result.largestKilobytes = max(result.largestKilobytes, memory >> 10)
  }

  private func report(_ index: Int, because reason: String, _ result: inout Result) {
    result.findings += 1
    say((try? save(index, because: reason)) ?? "\(reason): input \(index), which cannot be saved")
  }

  private func say(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data("\(text)\n".utf8)) }

  /// Ends the program when an input takes too long.
  private func watch(_ underway: Underway) {
    while true {
      Thread.sleep(forTimeInterval: 1)
      for thread in 0..<threads {
        if let index = underway.stuck(thread, milliseconds: FuzzRun.stuck) {
          say((try? save(index, because: "still at it after \(FuzzRun.stuck) ms")) ?? "input \(index) hangs")
          try? FileManager.default.removeItem(at: scratch)
          _exit(2)
        }
      }
    }
  }

  /// The processor time of this thread.
  private static func processorMilliseconds() -> Int {
    var time = timespec()
    // The system fills `time` during the call.
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }

  /// The most resident memory that the program has had, in MB. What `getrusage` says is no less than what the program had that
  /// started this one.
  private static func peakMemory() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return (Int(line.split(whereSeparator: \.isWhitespace).dropFirst().first ?? "") ?? 0) >> 10
  }
}

extension FuzzRun.Result {
  fileprivate mutating func add(_ other: FuzzRun.Result) {
    refused += other.refused
    read += other.read
    findings += other.findings
    slowestMilliseconds = max(slowestMilliseconds, other.slowestMilliseconds)
    largestKilobytes = max(largestKilobytes, other.largestKilobytes)
  }
}
