import ArgumentParser
import CMalloc
import Glibc
import Preparation
import Reporting
import Skeleton

@main enum Program {
  static func main() {
    StandardStreams.prepare()
    // Texts, clips and chunks come and go in sizes that the allocator would give back to the system each time, and ask
    // for again a page at a time.
    mallopt(M_MMAP_THRESHOLD, 32 << 20)
    mallopt(M_TRIM_THRESHOLD, 256 << 20)
    do { try ProgramArguments.check() } catch {
      printError("error: \(error)")
      exit(InputError.Kind.badData.rawValue)
    }
    Skelprep.main()
    if let fault = StandardStreams.fault() {
      printError("error: \(fault)")
      exit(InputError.Kind.inputOutput.rawValue)
    }
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
