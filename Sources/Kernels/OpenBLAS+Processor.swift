import CKernels
import Foundation

extension OpenBLAS {
  /// Starts the program anew, with loops that fit the processor, where OpenBLAS is older than it.
  ///
  /// A library that does not know a processor takes the loops of one from 2004: Debian 12's, on an Intel of 2023, trains
  /// at a third of the speed. It chooses before `main` begins and listens to an environment variable alone, so the
  /// variable is set and the program executed again, as the same process. Does nothing where somebody has set the
  /// variable, or where the program cannot be executed again.
  public static func restartForProcessor() {
    guard ProcessInfo.processInfo.environment[variable] == nil,
      case .success(let library) = Result(catching: start),
      let core = fittingCore(chosen: library.core, instructionLevel: Int(ck_instruction_level())),
      let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    else { return }
    unsafe setenv(variable, core, 1)
    // argv is the process's own list and ends with a null pointer. The call returns only if it failed.
    _ = unsafe execv(program, CommandLine.unsafeArgv)
    unsafe unsetenv(variable)
  }

  private static let variable = "OPENBLAS_CORETYPE"

  /// The core whose loops OpenBLAS should take, if the one that it has chosen leaves the processor's vectors unused.
  ///
  /// - Parameters:
  ///   - chosen: what OpenBLAS calls the core that it has chosen.
  ///   - instructionLevel: the x86-64 level of the processor.
  static func fittingCore(chosen: String, instructionLevel: Int) -> String? {
    guard instructionLevel >= 3, coresWithoutAVX2.contains(chosen.lowercased()) else { return nil }
    return instructionLevel >= 4 ? "SkylakeX" : "Haswell"
  }

  private static let coresWithoutAVX2: Set<String> = [
    "unknown", "generic", "katmai", "coppermine", "northwood", "prescott", "banias", "atom", "core2",
    "penryn",
    "dunnington", "nehalem", "sandybridge", "athlon", "opteron", "opteron_sse3", "barcelona", "nano",
    "bobcat",
    "bulldozer", "piledriver", "steamroller",
  ]
}
