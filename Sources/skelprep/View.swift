import ArgumentParser
import Commands
import Preparation
import Reporting

/// `skelprep view`.
struct View: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes a page of moving skeletons.",
    discussion: """
      One HTML file that needs no network and no other file: play, step, turn, zoom, all samples in step. With --raw \
      the recordings are shown beside what normalization made of them, and frames that were filled are marked; with \
      --beside the same samples of other data sets, and what an occlusion variant hides is drawn hollow.

      EXAMPLE
        skelprep view ntu60 --output page.html
        skelprep view ntu60 S001C001P001R001A001 --raw nturgbd_s001_to_s017.zip --output page.html
        skelprep view ntu60 --class 5 --random 6 --beside parts --output page.html
      """)

  @Argument(help: "The data set's folder.")
  var dataset: String

  @Argument(help: "Names of samples; without any, a few from all over the data set.")
  var sample: [String] = []

  @Option(help: "The page.")
  var output: String

  @Flag(help: "Replace another file that is there.")
  var force = false

  @Option(name: .customLong("class"), help: "Only samples of this class, counted from 0.")
  var label: Int?

  @Option(help: "Draw so many samples.")
  var random: Int?

  @Option(help: "The key of the draw.")
  var seed: UInt64 = 1

  @Option(
    parsing: .upToNextOption, help: "What the data set was converted from, to be shown beside it.")
  var raw: [String] = []

  @Option(parsing: .upToNextOption, help: "Other data sets with the same samples, to be shown beside it.")
  var beside: [String] = []

  @Option(help: "What classes are called: official, none, or a file with a name a line, from class 0 on.")
  var classNames = "official"

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if !sample.isEmpty && (label != nil || random != nil) {
      throw ValidationError("give names of samples, or --class and --random")
    }
    if let random, random < 1 { throw ValidationError("--random is at least 1") }
  }

  func run() throws {
    let choice: SampleChoice =
      if !sample.isEmpty {
        .named(sample)
      } else if let random {
        .random(random, seed: seed, label: label)
      } else {
        .few(label: label)
      }
    let viewing = Viewing(
      dataset: dataset, choice: choice, raw: raw, beside: beside,
      classNames: try ClassNames(argument: classNames))
    common.say(try viewing.write(to: output, isReplacing: force))
  }
}
