import ArgumentParser
import Foundation

/// A program that is run to its end, and what it needed.
struct ChildProcess {
  /// Seconds from its start to its end.
  let wall: Double
  /// Seconds of processors, its own and the system's for it. Other programs that are running change them little.
  let processor: Double
  /// The most memory that was resident at a time, in MB.
  let peakMegabytes: Double
  /// What it printed.
  let output: String

  /// Runs a program that is found as the shell finds it.
  ///
  /// - Throws: `ValidationError` if it does not start, or ends with another status than 0.
  static func run(_ words: [String], keepsOutput: Bool = false) throws -> ChildProcess {
    let printed = FileManager.default.temporaryDirectory.appendingPathComponent(
      "skelbench-\(UUID().uuidString).txt")
    defer { try? FileManager.default.removeItem(at: printed) }
    // The child's files: nothing to read, and what it prints into a file or nowhere.
    var files = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&files)
    defer { unsafe posix_spawn_file_actions_destroy(&files) }
    unsafe posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(
      &files, 1, keepsOutput ? printed.path : "/dev/null", O_WRONLY | O_CREAT, 0o600)
    // Copies that live until they are freed below; the list ends with a null, as the call wants it.
    let arguments = unsafe words.map { unsafe strdup($0) } + [nil]
    defer { unsafe arguments.forEach { unsafe free($0) } }

    let start = DispatchTime.now().uptimeNanoseconds
    var child: pid_t = 0
    guard unsafe posix_spawnp(&child, words[0], &files, nil, arguments, environ) == 0 else {
      throw ValidationError("\(words[0]) is missing")
    }
    var status: Int32 = 0
    var usage = rusage()
    while unsafe wait4(child, &status, 0, &usage) < 0 && errno == EINTR {}
    let wall = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
    guard status == 0 else { throw ValidationError("\(words.joined(separator: " ")): status \(status)") }
    return ChildProcess(
      wall: wall, processor: seconds(usage.ru_utime) + seconds(usage.ru_stime),
      peakMegabytes: Double(usage.ru_maxrss) * 1024e-6,
      output: keepsOutput ? (try? String(contentsOf: printed, encoding: .utf8)) ?? "" : "")
  }

  private static func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + 1e-6 * Double(time.tv_usec)
  }
}
