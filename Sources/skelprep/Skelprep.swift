import ArgumentParser
import CMalloc
import Glibc
import Preparation
import Skeleton

@main enum Program {
  static func main() {
    // Beyond a limit on the size of files a write shall fail, and be reported, instead of ending the program.
    signal(SIGXFSZ, SIG_IGN)
    // Texts, clips and chunks come and go in sizes that the allocator would give back to the system each time, and ask
    // for again a page at a time.
    mallopt(M_MMAP_THRESHOLD, 32 << 20)
    mallopt(M_TRIM_THRESHOLD, 256 << 20)
    // A standard stream that was closed would be the next file that is opened, and be printed into.
    while true {
      let next = unsafe open("/dev/null", O_RDWR)
      guard (0...STDERR_FILENO).contains(next) else {
        close(next)
        break
      }
    }
    Skelprep.main()
    // What was printed is a result like any other: it is written, or that is said.
    if fflush(nil) != 0 {
      printError("error: standard output: \(unsafe String(cString: strerror(errno)).lowercased())")
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
      VerifyCommand.self, ExportCommand.self, Synthesize.self,
    ])
}
