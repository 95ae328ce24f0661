import ArgumentParser
import Glibc
import Preparation

@main enum Program {
  static func main() {
    // Beyond a limit on the size of files a write shall fail, and be reported, instead of ending the program.
    signal(SIGXFSZ, SIG_IGN)
    Skelprep.main()
  }
}

/// `skelprep`.
struct Skelprep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "skelprep",
    abstract: "Turns skeleton recordings into a data set that models are trained on.",
    discussion: """
      EXAMPLE
        skelprep convert nturgbd_s001_to_s017.zip --dataset ntu60 --output ntu60
        skelprep split ntu60 --protocol xview
        skelprep inspect ntu60
      """,
    version: Generator.name,
    subcommands: [
      Convert.self, Finalize.self, RunCommand.self, SplitCommand.self, Occlude.self, Inspect.self, View.self,
      ExportCommand.self, VerifyCommand.self, Synthesize.self,
    ])
}
