import ArgumentParser
import Foundation
import Reporting

/// Reads damaged files, very many of them, and expects each to be read or refused: no crash, no hang, no memory.
@main
struct Skelfuzz: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "skelfuzz",
    abstract: "Feed a reader with damaged files, and expect it to read or to refuse each of them.",
    discussion: """
      Input I of seed S is the same bytes on any machine. What goes wrong is saved in --findings under its target, seed \
      and number; a crash leaves the numbers of the inputs under way in TARGET.underway, 8 bytes for each thread, and \
      --save writes such an input again. The status is 1 where something was found. Tests/fuzz.sh runs all targets.

      EXAMPLE
        skelfuzz zip --inputs 1000000 --seed 1 --threads 2
        skelfuzz zip --seed 1 --save 123456 --findings .
      """)

  @Argument(help: "\(FuzzTarget.all.map(\.name).joined(separator: ", "))")
  var target: String

  @Option(help: "How many inputs.")
  var inputs = 1_000_000

  @Option(help: "The number of the first input.")
  var first = 0

  @Option(help: "What the inputs are drawn from.")
  var seed: UInt64 = 1

  @Option(help: "A folder of files to start from.")
  var corpus = "Tests/Corpus"

  @Option(help: "How many inputs are read at the same time.")
  var threads = 2

  @Option(help: "The folder for inputs with which something went wrong.")
  var findings = "fuzz-findings"

  @Option(help: "Write the input of this number to the folder of findings, and read nothing.")
  var save: Int?

  func run() throws {
    guard let target = FuzzTarget.all.first(where: { $0.name == target }) else {
      throw ValidationError(
        "no target \(target); there are \(FuzzTarget.all.map(\.name).joined(separator: ", "))")
    }
    guard inputs > 0, first >= 0, (1...64).contains(threads) else {
      throw ValidationError("--inputs is at least 1, --first at least 0, and --threads 1 to 64")
    }
    let mutator = try Mutator(target: target, corpus: corpus, seed: seed)
    let run = try FuzzRun(
      target: target, mutator: mutator, corpus: corpus, findings: findings, threads: threads)
    if let save {
      print(try run.save(save, because: "saved"))
      return
    }
    let result = try run.run(first..<(first + inputs))
    print(
      TextTable(
        header: ["target", "inputs", "refused", "read", "slowest ms", "most KB", "memory MB", "found"],
        rows: [
          [target.name]
            + [
              result.refused + result.read, result.refused, result.read,
              result.slowestMilliseconds, result.largestKilobytes, result.memoryMegabytes, result.findings,
            ].map(String.init)
        ]
      ).description)
    if result.findings > 0 { throw ExitCode(1) }
  }
}
