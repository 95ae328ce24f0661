import ArgumentParser
import Kernels

/// Times the parts, each as a ratio to something measured in the same run.
@main
struct Skelbench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "skelbench",
    abstract: "Time the parts, as ratios in one run.",
    subcommands: [
      PrepBenchmark.self, GRUBenchmark.self, OperationBenchmark.self, TrainBenchmark.self,
      BackboneBenchmark.self, StreamBenchmark.self, NeighbourBenchmark.self, TrainWorker.self,
      BackboneWorker.self,
    ])

  static func main() {
    OpenBLAS.restartForProcessor()
    Skelbench.main(nil)
  }
}
