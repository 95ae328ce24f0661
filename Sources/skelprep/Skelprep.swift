import ArgumentParser
import CMalloc
import Commands
import Glibc
import Preparation
import Skeleton

@main enum Main {
  static func main() {
    // Texts, clips and chunks come and go in sizes that the allocator would give back to the system each time, and ask
    // for again a page at a time.
    mallopt(M_MMAP_THRESHOLD, 32 << 20)
    mallopt(M_TRIM_THRESHOLD, 256 << 20)
    Program.run(Skelprep.self)
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
      VerifyCommand.self, ExportCommand.self, LayoutCommand.self, Synthesize.self,
    ])
}
