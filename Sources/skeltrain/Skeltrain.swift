import ArgumentParser
import Commands
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

        skeltrain pretrain --from data --split xview --recipe pcm3pp-small --output run
        skeltrain evaluate linear --from data --split xview --checkpoint run --output run-linear
      """,
    version: "skeltrain \(SkeletonVersion.current)",
    subcommands: [
      Pretrain.self, InspectRun.self, Report.self, Evaluate.self, BenchmarkCommand.self, Predict.self,
      Embed.self, Compare.self, ComplexityCommand.self, RecipeCommand.self,
    ])

  /// Runs the command.
  static func main() {
    StandardStreams.prepare()
    OpenBLAS.restartForProcessor()
    Program.run(Skeltrain.self) {
      do throws(OpenBLASError) { _ = try OpenBLAS.start() } catch {
        throw CommandFailure(error.description, status: error.status)
      }
    }
  }
}
