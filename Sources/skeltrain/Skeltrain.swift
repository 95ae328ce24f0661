import ArgumentParser
import Foundation
import Kernels
import Reporting
import Skeleton

/// Pre-trains skeleton encoders and evaluates them.
@main
struct Skeltrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "skeltrain",
    abstract: "Pre-train skeleton encoders on shards, and evaluate them.",
    discussion: """
      Shards are made with skelprep. A first run:

        skeltrain pretrain --from data --split xview --recipe pipelines/pretrain/pcm3pp-small.yaml --output run
        skeltrain evaluate linear --from data --split xview --checkpoint run --output run-linear
      """,
    version: SkeletonVersion.current,
    subcommands: [
      Pretrain.self, InspectRun.self, Report.self, Evaluate.self, BenchmarkCommand.self, Predict.self,
      Embed.self, Compare.self, ComplexityCommand.self, RecipeCommand.self,
    ])

  /// Runs the command; wrong input ends with its message on standard error and the exit status of its kind.
  static func main() {
    StandardStreams.prepare()
    OpenBLAS.restartForProcessor()
    do {
      try ProgramArguments.check()
      var command = try parseAsRoot()
      _ = try OpenBLAS.start()
      try command.run()
      if let fault = StandardStreams.fault() {
        complain(fault)
        Foundation.exit(InputError.Kind.inputOutput.rawValue)
      }
    } catch let error as InputError {
      complain("\(error)")
      Foundation.exit(error.kind.rawValue)
    } catch let error as OpenBLASError {
      complain("\(error)")
      Foundation.exit(error.status)
    } catch {
      exit(withError: error)
    }
  }

  /// A message on standard error, as far as that takes one.
  private static func complain(_ message: String) {
    // What was printed before comes before, where both streams go to one file.
    fflush(nil)
    try? FileHandle.standardError.write(contentsOf: Data("skeltrain: \(message)\n".utf8))
  }
}
