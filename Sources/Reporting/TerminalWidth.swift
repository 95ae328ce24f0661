import Foundation
import Glibc

/// How many columns a line of output has.
public enum TerminalWidth {
  /// Where output is no terminal.
  public static let usual = 80

  /// What `COLUMNS` says, else what the terminal says, else 80.
  public static var current: Int { current(of: STDOUT_FILENO) }

  /// The same of one of the standard streams.
  static func current(of stream: Int32) -> Int {
    if let text = ProcessInfo.processInfo.environment["COLUMNS"], let columns = Int(text), columns >= 20 {
      return columns
    }
    var size = winsize()
    let status = unsafe ioctl(stream, UInt(TIOCGWINSZ), &size)
    return status == 0 && size.ws_col >= 20 ? Int(size.ws_col) : usual
  }
}
