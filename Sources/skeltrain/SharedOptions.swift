import ArgumentParser
import Batches
import Evaluation
import Foundation
import Recipes
import Reporting
import Shards
import Skeleton
import Training

extension ProgressMode: ExpressibleByArgument {}
extension EvaluationProtocol.Part: ExpressibleByArgument {}
extension SkeletonStream: ExpressibleByArgument {}

/// Which samples a command reads.
struct DataOptions: ParsableArguments {
  @Option(name: .customLong("from"), help: "The data set: a folder made by `skelprep convert`.")
  var folder: String

  @Option(help: "The split: a name in the data set's splits/, such as xview.")
  var split: String

  @Option(help: "How progress is shown: auto, plain or none.")
  var progress: ProgressMode = .auto

  /// The samples of a part of the split.
  func source(_ part: EvaluationProtocol.Part, memory: Int = 4096) throws -> SampleSource {
    try SampleSource(
      DatasetFolder(URL(fileURLWithPath: folder)), split: split, part: part, memory: memory << 20)
  }
}

/// Which encoder a command evaluates.
struct EncoderOptions: ParsableArguments {
  @Option(
    help: """
      A run folder or a .safetensors file; `untrained` is the encoder that the pretrain recipe given with --recipe \
      starts from.
      """)
  var checkpoint: String

  @Option(
    name: .customLong("recipe"),
    help: """
      A recipe file; may be given twice. Its `kind` says what it is for: the evaluation's settings, or with \
      --checkpoint untrained or weights from elsewhere the pretrain recipe of the encoder.
      """)
  var recipes: [String] = []

  @Option(help: "Which stream's encoder, of a checkpoint that has several (CMD); the first one if not given.")
  var stream: SkeletonStream?

  /// The recipe of a kind among the given files, or its defaults, with what the command line changes.
  func recipe<Recipe: RecipeSettings>(_ type: Recipe.Type, changing overrides: [String]) throws -> Recipe {
    let files = recipes.map { URL(fileURLWithPath: $0) }.filter {
      (RecipeKind.named(in: $0) ?? Recipe.kind) == Recipe.kind
    }
    guard files.count <= 1 else {
      throw InputError("--recipe", found: "\(files.count) \(Recipe.kind) recipes", expected: "one")
    }
    return try Recipe(files.first, changing: overrides)
  }

  /// The encoder; `branch` is that of the evaluation's recipe.
  func encoder(branch: FrozenEncoder.Branch = .query) throws -> FrozenEncoder {
    let file = recipes.map { URL(fileURLWithPath: $0) }.first {
      RecipeKind.named(in: $0) == PretrainRecipe.kind
    }
    let given = try file.map { try PretrainRecipe(contentsOf: $0) }
    guard checkpoint == "untrained" else {
      return try FrozenEncoder(
        checkpoint: URL(fileURLWithPath: checkpoint), branch: branch, stream: stream, recipe: given)
    }
    guard let given else {
      throw InputError(
        "--checkpoint untrained", found: "no pretrain recipe",
        expected: "--recipe with a file of kind pretrain",
        hint: "for example --recipe pipelines/pretrain/pcm3pp-small.yaml")
    }
    return try FrozenEncoder(untrained: given, stream: stream)
  }
}
