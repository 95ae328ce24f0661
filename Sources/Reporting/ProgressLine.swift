import Foundation
import Skeleton
import Synchronization

/// How progress is shown.
public enum ProgressMode: String, CaseIterable, Sendable {
  /// One line that is redrawn on a terminal, and a line every ten seconds elsewhere.
  case auto
  /// A line every ten seconds, whatever standard error is.
  case plain
  /// Nothing.
  case none
}

/// One line on standard error: how much is done, how fast, and when it will be over.
///
/// Safe to call from several threads. Standard output stays free for results.
public final class ProgressLine: Sendable {
  private struct State {
    var done = 0
    var detail = ""
    var lastShown: Double = -1
    var isOpen = false
    /// What was done when a line was printed last; nil if none was, or the line says something else now.
    var printed: Int?
    var isFinished = false
  }

  private let total: Int
  private let unit: String
  private let label: String
  private let mode: ProgressMode
  private let redraws: Bool
  private let isPassing: Bool
  private let start: Double
  private let state = Mutex(State())

  /// A line for `total` things of a kind.
  ///
  /// - Parameters:
  ///   - total: how many there are; 0 when that is not known.
  ///   - unit: what they are, in the plural: `samples`, `steps`.
  ///   - mode: how it is shown.
  ///   - label: what is going on, the line's first word.
  ///   - isPassing: whether work that was over in ten seconds leaves no line: a part of something that has one.
  public init(total: Int, unit: String, mode: ProgressMode, label: String, isPassing: Bool = false) {
    self.total = total
    self.unit = unit
    self.label = label.visibleLine
    self.mode = mode
    self.isPassing = isPassing
    redraws =
      mode == .auto && isatty(STDERR_FILENO) == 1
      && ProgressLine.canRedraw(ProcessInfo.processInfo.environment["TERM"])
    start = ProgressLine.now()
  }

  /// Counts what was done, and shows it when it is time to.
  ///
  /// - Parameters:
  ///   - count: how many more are done.
  ///   - detail: what stands at the end of the line from now on, such as the latest loss.
  public func advance(by count: Int = 1, detail: String? = nil) {
    state.withLock { state in
      state.done += count
      if let detail { state.detail = detail.visibleLine }
      let now = ProgressLine.now()
      if mode != .none && now - state.lastShown >= (redraws ? 0.1 : 10) {
        // The first line of a plain log comes after ten seconds, so that quick work prints its end only.
        if redraws || state.lastShown >= 0 { show(&state, at: now) } else { state.lastShown = now }
      }
    }
  }

  /// A message on a line of its own, that the progress line does not run into.
  public func note(_ message: String) {
    state.withLock { state in
      clear(&state)
      ProgressLine.write(message.visible + "\n")
    }
  }

  /// Shows the final count and ends the line. A count that was printed as a line of its own just before is not said again.
  public func finish() {
    state.withLock { state in
      guard mode != .none, !state.isFinished else { return }
      state.isFinished = true
      let now = ProgressLine.now()
      if isPassing && now - start < 10 { return clear(&state) }
      if redraws || state.printed != state.done { show(&state, at: now) }
      if redraws { ProgressLine.write("\n") }
      state.isOpen = false
    }
  }

  /// Whether a terminal of this kind can erase a line.
  static func canRedraw(_ terminal: String?) -> Bool {
    terminal != nil && terminal != "dumb" && terminal != ""
  }

  /// What fits into a line of a terminal; a longer one would go on in the next, which is not erased.
  static func fitting(_ line: String, columns: Int) -> String {
    line.count < columns ? line : line.prefix(max(columns - 2, 0)) + "…"
  }

  private func show(_ state: inout State, at now: Double) {
    state.lastShown = now
    let elapsed = max(now - start, 1e-3)
    let rate = Double(state.done) / elapsed
    var line = "\(label): \(state.done)"
    if total > 0 { line += "/\(total)" }
    line += " \(unit), \(ProgressLine.short(rate))/s"
    if total > state.done && rate > 0 {
      line += ", \(ProgressLine.duration(Double(total - state.done) / rate)) left"
    } else {
      line += ", \(ProgressLine.duration(elapsed))"
    }
    if !state.detail.isEmpty { line += ", \(state.detail)" }
    if redraws {
      ProgressLine.write(
        "\r\u{1B}[K" + ProgressLine.fitting(line, columns: TerminalWidth.current(of: STDERR_FILENO)))
      state.isOpen = true
    } else {
      ProgressLine.write(line + "\n")
      state.printed = state.done
    }
  }

  private func clear(_ state: inout State) {
    if state.isOpen { ProgressLine.write("\r\u{1B}[K") }
    state.isOpen = false
  }

  /// Seconds of a clock that only goes forward.
  private static func now() -> Double { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }

  /// Writes to standard error. If that cannot be written to, there is nowhere to say so, and work goes on.
  public static func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  /// Three significant digits: `0.52`, `7.31`, `118`.
  private static func short(_ value: Double) -> String {
    String(format: value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value)
  }

  /// A duration as people say it: `42 s`, `3 min 5 s`, `7 h 12 min`, `3 d 4 h`.
  public static func duration(_ seconds: Double) -> String {
    // A number of any log may come here.
    let whole = Int(min(max(seconds.isFinite ? seconds : 0, 0), 1e15).rounded())
    return switch whole {
    case ..<60: "\(whole) s"
    case ..<3600: "\(whole / 60) min \(whole % 60) s"
    case ..<86400: "\(whole / 3600) h \(whole / 60 % 60) min"
    default: "\(whole / 86400) d \(whole / 3600 % 24) h"
    }
  }
}
