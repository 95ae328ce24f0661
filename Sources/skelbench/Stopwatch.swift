import Foundation

/// How long something took.
struct Seconds: Codable {
  /// Seconds of the clock.
  var clock = 0.0
  /// Seconds of processors, of all threads of the program and of the system for it. Other programs that are running
  /// change them little.
  var processor = 0.0
}

/// Seconds of the clock and of processors.
struct Stopwatch {
  private var last = DispatchTime.now().uptimeNanoseconds
  private let start = Stopwatch.usage()

  /// Seconds of the clock since the lap before, or since the start.
  mutating func lap() -> Double {
    let now = DispatchTime.now().uptimeNanoseconds
    defer { last = now }
    return Double(now - last) * 1e-9
  }

  /// Seconds of processors since the start, of all threads of this program and of the system for it.
  var processor: Double { Stopwatch.seconds(of: Stopwatch.usage()) - Stopwatch.seconds(of: start) }

  /// Pages of memory that the system had to find for this program since the start.
  var pageFaults: Int { Stopwatch.usage().ru_minflt - start.ru_minflt }

  /// The most memory that this program has had at a time, in MiB.
  static var peakMegabytes: Double { Double(usage().ru_maxrss) / 1024 }

  /// How long something takes.
  static func seconds(_ body: () throws -> Void) rethrows -> Seconds {
    var watch = Stopwatch()
    try body()
    return Seconds(clock: watch.lap(), processor: watch.processor)
  }

  private static func usage() -> rusage {
    var usage = rusage()
    // Filled during the call.
    _ = unsafe getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    return usage
  }

  private static func seconds(of usage: rusage) -> Double {
    [usage.ru_utime, usage.ru_stime].map { Double($0.tv_sec) + 1e-6 * Double($0.tv_usec) }.reduce(0, +)
  }
}
