import Foundation
import Testing

/// What the README tells users to type exists: every command with its options, every make target, every file.
@Suite struct ReadmeTests {
  private static let root = LayeringTests.root

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// The indented lines of the README and of the demo that start with a program of this package.
  static func commands() throws -> [[String]] {
    let readme = try text("README.md").split(separator: "\n").filter { $0.hasPrefix("    ") }
    let demo = try text("pipelines/demo.sh").replacing("\\\n", with: " ").replacing(
      "\"$skelprep\"", with: "skelprep"
    )
    .replacing("\"$skeltrain\"", with: "skeltrain").split(separator: "\n")
    let lines = (readme.map(String.init) + demo.map(String.init)).flatMap {
      $0.components(separatedBy: "|| ")
    }
    return lines.map { line in
      line.split(whereSeparator: { $0 == " " || $0 == "\"" }).map(String.init)
    }.filter { ["skelprep", "skeltrain", "skelbench"].contains($0.first) }
  }

  private func help(_ program: String, _ subcommands: [String]) throws -> String {
    let folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let process = Process()
    process.executableURL = folder.appendingPathComponent(program)
    process.arguments = subcommands + ["--help"]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(program) \(subcommands): \(text)")
    return text
  }

  @Test func everyCommandExistsWithItsOptions() throws {
    let commands = try Self.commands()
    #expect(commands.count >= 15)
    for words in commands {
      let isTwoDeep = words[1] == "evaluate"
      // The demo names the task by a variable; both tasks are written out in the README.
      let task = words[2].hasPrefix("$") ? "linear" : words[2]
      let subcommands = isTwoDeep ? [words[1], task] : [words[1]]
      let help = try help(words[0], subcommands)
      for option in words where option.hasPrefix("--") {
        #expect(help.contains(option), "\(words.joined(separator: " ")): no \(option)")
      }
      #expect(help.contains("skel"), "\(words[0]) \(subcommands) has no example in its help")
    }
  }

  @Test func everyMakeTargetAndFileExists() throws {
    let readme = try Self.text("README.md")
    let makefile = try Self.text("Makefile")
    for match in readme.matches(of: #/make ([a-z]+)/#) {
      #expect(makefile.contains("\n\(match.1):"), "make \(match.1)")
    }
    for match in readme.matches(of: #/(?:pipelines|schemas|Sources|Tests)\/[A-Za-z0-9\/+._-]+/#) {
      let path = String(match.0).trimmingCharacters(in: CharacterSet(charactersIn: "."))
      #expect(FileManager.default.fileExists(atPath: Self.root.appendingPathComponent(path).path), "\(path)")
    }
  }

  /// The repository speaks of the product alone.
  @Test func noPathOfAMachineIsInTheSources() throws {
    for folder in ["Sources", "Tests"] {
      for file in try LayeringTests.sources(folder) {
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(!text.contains("/" + "work/") && !text.contains("/" + "root/"), "\(file.path)")
      }
    }
  }
}
