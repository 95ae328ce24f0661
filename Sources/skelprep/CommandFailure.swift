import ArgumentParser
import Foundation
import Preparation
import Reporting
import Skeleton

extension ProgressMode: ExpressibleByArgument {}
extension SkeletonDataset: ExpressibleByArgument {}
extension EvaluationProtocol: ExpressibleByArgument {}
extension SplitScheme: ExpressibleByArgument {}
extension GroupSplitOptions.Key: ExpressibleByArgument {}
extension EvaluationProtocol.Part: ExpressibleByArgument {}

/// What all commands have in common.
struct CommonOptions: ParsableArguments {
  @Option(help: "How progress is shown: auto, plain or none.")
  var progress = ProgressMode.auto
}

/// Runs a command's work; an error is printed with all that it says and becomes the exit status.
func reportingFailure(_ work: () throws -> Void) throws {
  do {
    try work()
  } catch let error as InputError {
    printError("error: \(error)")
    throw ExitCode(error.kind.rawValue)
  } catch let error as ExitCode {
    throw error
  } catch {
    // What no file is to blame for: the system failed.
    printError("error: \(error)")
    throw ExitCode(InputError.Kind.inputOutput.rawValue)
  }
}

/// Prints a line on standard error, behind what was printed before it: where both go to one file, the last line is this.
func printError(_ line: String) {
  fflush(nil)
  ProgressLine.write(line + "\n")
}

/// The number of threads that commands use unless told otherwise.
let usualJobs = ProcessInfo.processInfo.activeProcessorCount
