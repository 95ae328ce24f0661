import Foundation
import Synchronization

/// The signals that ask a program to stop: SIGINT (Ctrl-C), SIGTERM and SIGHUP.
///
/// The first is remembered, so that a run can finish what it is at and save; the second ends the program at once.
public enum StopSignal {
  /// The first signal that came; 0 as long as there is none.
  private static let first = Atomic<Int32>(0)

  /// Remembers the first signal from now on, instead of ending the program.
  public static func listen() {
    // The number must be there before a handler asks for it: a handler cannot wait for its making.
    _ = first.load(ordering: .sequentiallyConsistent)
    // A handler may only do what is safe at any moment: these are one exchange, one write and one exit.
    let handler: @convention(c) (Int32) -> Void = { number in
      guard StopSignal.first.exchange(number, ordering: .sequentiallyConsistent) == 0 else {
        _exit(128 + number)
      }
      let message: StaticString = "\nstopping after this view; once more stops at once\n"
      _ = unsafe write(STDERR_FILENO, message.utf8Start, message.utf8CodeUnitCount)
    }
    signal(SIGINT, handler)
    signal(SIGTERM, handler)
    // Who started the program with nohup wants it to go on without a terminal.
    let hangUp = signal(SIGHUP, handler)
    if unsafe unsafeBitCast(hangUp, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
      signal(SIGHUP, SIG_IGN)
    }
    // Who started the program may have had the signals blocked, which would stay so here.
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&set, number) }
    unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  /// The signal that has come, if one has.
  public static var received: Int32? {
    let number = first.load(ordering: .sequentiallyConsistent)
    return number == 0 ? nil : number
  }

  /// What a signal is called: `SIGTERM`.
  public static func name(_ number: Int32) -> String {
    switch number {
    case SIGINT: "SIGINT"
    case SIGTERM: "SIGTERM"
    case SIGHUP: "SIGHUP"
    default: "signal \(number)"
    }
  }
}
