/// What the exit status of a program says. The numbers from 64 on are those of `sysexits.h`.
///
/// The kinds of `InputError` have the same numbers. <doc:ExitStatuses> is the page for users.
public enum ExitStatus: Int32, Sendable, CaseIterable {
  /// All that was asked for is done.
  case success = 0
  /// Parts of the work failed and the others are done: cells of a benchmark.
  case partial = 1
  /// The command line is no command.
  case usage = 64
  /// What is there is not what it should be; also what `--strict` and `verify` refuse.
  case badData = 65
  /// It is not there.
  case noInput = 66
  /// A library of the system is of a build that cannot be used.
  case unavailable = 69
  /// The system has too little memory.
  case systemLimit = 71
  /// A file or folder is there already, or cannot be made.
  case cannotCreate = 73
  /// Reading or writing failed: a full disk, a broken one.
  case inputOutput = 74
  /// Somebody else is at it; later it may work.
  case busy = 75
}
