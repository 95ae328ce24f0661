import Glibc

/// What a program settles about its standard streams before and after its work.
public enum StandardStreams {
  /// Makes writing fail where it has to, in place of ending the program or of reaching a file that is no stream.
  public static func prepare() {
    // Beyond a limit on the size of files a write shall fail, and be reported, instead of ending the program.
    signal(SIGXFSZ, SIG_IGN)
    // A standard stream that was closed would be the next file that is opened, and be printed into.
    while true {
      let next = unsafe open("/dev/null", O_RDWR)
      guard (0...STDERR_FILENO).contains(next) else {
        close(next)
        break
      }
    }
  }

  /// Writes what was printed: it is a result like any other. Says why that failed; nil if it did not.
  public static func fault() -> String? {
    if fflush(nil) == 0 { return nil }
    return "standard output: \(unsafe String(cString: strerror(errno)).lowercased())"
  }
}
