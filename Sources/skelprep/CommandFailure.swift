import ArgumentParser
import Foundation
import Preparation
import Reporting
import Skeleton

extension ProgressMode: ExpressibleByArgument {}
extension SkeletonDataset: ExpressibleByArgument {}
extension EvaluationProtocol: ExpressibleByArgument {}
extension SplitScheme: ExpressibleByArgument {}
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
  }
}

/// Prints a line on standard error.
func printError(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

/// The number of threads that commands use unless told otherwise.
let usualJobs = ProcessInfo.processInfo.activeProcessorCount
