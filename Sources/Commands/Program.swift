import ArgumentParser
import Foundation
import Reporting
import Skeleton

/// Runs the command of a program as all programs of this package are run: streams, arguments, errors, exit status.
public enum Program {
  /// Parses the arguments, runs the command that they name, and ends the program.
  ///
  /// What goes wrong is said on standard error as `NAME: error: …`, and the exit status is that of ``ExitStatus``.
  ///
  /// - Parameters:
  ///   - root: the program's command, whose subcommands do the work.
  ///   - prepare: what has to be done between parsing and running; it may throw a ``CommandFailure``.
  public static func run<Root: ParsableCommand>(
    _ root: Root.Type, preparing prepare: () throws -> Void = {}
  ) -> Never {
    StandardStreams.prepare()
    let name = root.configuration.commandName ?? "\(root)"
    do {
      try ProgramArguments.check()
      var command = try root.parseAsRoot()
      try prepare()
      try command.run()
      if let fault = StandardStreams.fault() {
        throw CommandFailure(fault, status: .inputOutput)
      }
      exit(ExitStatus.success.rawValue)
    } catch let error as InputError {
      complain("\(name): error: \(error)")
      exit(error.kind.rawValue)
    } catch let error as CommandFailure {
      complain("\(name): error: \(error)")
      exit(error.status)
    } catch let error as ExitCode {
      fflush(nil)
      exit(error.rawValue)
    } catch {
      switch root.exitCode(for: error) {
      case .validationFailure:
        complain(usageMessage(of: error, root, name))
        exit(ExitStatus.usage.rawValue)
      case .failure:
        // What no file is to blame for: the system failed.
        complain("\(name): error: \(error)")
        exit(ExitStatus.inputOutput.rawValue)
      default:
        root.exit(withError: error)
      }
    }
  }

  /// What is said of arguments that do not fit the program.
  private static func usageMessage<Root: ParsableCommand>(
    of error: any Error, _ root: Root.Type, _ name: String
  ) -> String {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard let tree = CommandTree(of: root),
      let slip = UsageSlip(in: arguments, of: tree)
    else { return "\(name): error: " + root.fullMessage(for: error).withoutPrefix("Error: ").visible }
    return "\(name): error: \(slip)"
  }

  /// Prints a line on standard error, behind what was printed before it: where both go to one file, the last line is this.
  private static func complain(_ line: String) {
    fflush(nil)
    ProgressLine.write(line + "\n")
  }
}

/// Why a command cannot go on, where no input is to blame: with an exit status of its own.
public struct CommandFailure: Error, CustomStringConvertible {
  /// What is wrong, and what mends it.
  public let description: String
  /// The exit status.
  public let status: Int32

  /// A failure of a kind.
  public init(_ description: String, status: ExitStatus) { self.init(description, status: status.rawValue) }

  /// A failure with the number that a library gives it.
  public init(_ description: String, status: Int32) {
    self.description = description
    self.status = status
  }
}

extension String {
  /// The text without a beginning, where it has it.
  func withoutPrefix(_ start: String) -> String { hasPrefix(start) ? String(dropFirst(start.count)) : self }
}
