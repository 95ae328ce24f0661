import Foundation
import Skeleton
import Testing
import Training

@testable import Evaluation

/// Heads and arrays that somebody else made take no more time than there is of them.
@Suite struct HostileHeadTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func numbers(_ count: Int) -> [Safetensors.Entry] {
    (0..<count).map { Safetensors.Entry("a\($0)", shape: [1], .float32([0])) }
  }

  @Test func encodersWithoutArraysAreNotLookedFor() throws {
    let file = folder.url.appendingPathComponent("head.safetensors")
    let texts = [
      "task": "linear", "recipe": "", "dataset": "ntu60", "profile": "agcn300", "conversion": "{}",
      "branch": "query", "crop": "1", "checkpoints": String(repeating: " ", count: 1_000_000),
    ]
    try Safetensors(numbers(2000), metadata: texts).write(to: file)
    let error = #expect(throws: InputError.self) { try TrainedHead(contentsOf: file) }
    #expect(error?.place == "checkpoints" && error?.found == "1000001 encoders")
  }

  /// Four times the names take about four times the time of the processor, and not sixteen times.
  @Test func readingTakesTimeByTheNumberOfNames() throws {
    let file = folder.url.appendingPathComponent("many.safetensors")
    func seconds(_ count: Int) throws -> Double {
      try Safetensors(numbers(count), metadata: [:]).write(to: file)
      var times: [Double] = []
      for _ in 0..<3 {
        let start = Self.processorSeconds()
        #expect(try Safetensors(contentsOf: file).entries.count == count)
        times.append(Self.processorSeconds() - start)
      }
      return times.min() ?? 0
    }
    let (few, many) = (try seconds(2000), try seconds(8000))
    #expect(many < 10 * few, "\(few) s, \(many) s")
  }

  /// The processor time of this thread.
  private static func processorSeconds() -> Double {
    var time = timespec()
    // The system fills `time` during the call.
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
