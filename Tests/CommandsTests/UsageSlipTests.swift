import ArgumentParser
import Testing

@testable import Commands

@Suite struct UsageSlipTests {
  enum Colour: String, CaseIterable, ExpressibleByArgument { case red, green }

  struct Paint: ParsableCommand {
    @Argument var wall: [String] = []
    @Option var colour = Colour.red
    @Option var layers = 1
    @OptionGroup var common: CommonOptions
  }

  struct Scrape: ParsableCommand {
    @Flag var gently = false
  }

  struct Root: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "house", subcommands: [Paint.self, Scrape.self])
  }

  private func slip(_ words: String) throws -> UsageSlip? {
    let tree = try #require(CommandTree(of: Root.self))
    return UsageSlip(in: words.split(separator: " ").map(String.init), of: tree)
  }

  @Test func theNearestWordIsNamed() throws {
    #expect(try slip("pinat wall")?.meant == "paint")
    #expect(try slip("pinat wall")?.expected == ["paint", "scrape"])
    #expect(try slip("demolish")?.meant == nil)
    let colour = try #require(try slip("paint --color green"))
    #expect(colour.found == "unknown option --color")
    #expect(colour.meant == "--colour")
    #expect(colour.command == "house paint")
    #expect(try slip("paint -colour green")?.meant == "--colour")
    #expect(try slip("paint --colour=gren wall")?.meant == "green")
    #expect(try slip("paint wall --colour rde")?.meant == "red")
    #expect(try slip("paint --progres none")?.meant == "--progress")
    #expect(try slip("scrape --gentle")?.meant == "--gently")
  }

  @Test func whatFitsIsNoSlip() throws {
    for words in [
      "paint a b --colour green", "paint --layers -3", "paint --colour red -- --colours", "scrape -h",
      "paint -q",
      "paint --colour", "--version", "",
    ] {
      #expect(try slip(words) == nil, "\(words)")
    }
  }

  @Test func theMessageSaysWhatMayStandThere() throws {
    #expect(
      try slip("paint --colour gren")?.description == """
        --colour gren; expected red, green
          hint: did you mean green?
          see: house paint --help
        """)
  }
}
