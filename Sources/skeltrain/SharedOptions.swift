import ArgumentParser
import Batches
import Commands
import Encoders
import Evaluation
import Foundation
import Kernels
import Recipes
import Reporting
import Shards
import Skeleton
import Training

extension EvaluationProtocol.Part: ExpressibleByArgument {}
extension SkeletonStream: ExpressibleByArgument {}

/// Which samples a command reads.
struct DataOptions: ParsableArguments {
  @Option(name: .customLong("from"), help: "The data set: a folder made by `skelprep convert`.")
  var folder: String

  @Option(help: "The split: a name in the data set's splits/, such as xview.")
  var split: String

  @OptionGroup var common: CommonOptions
  @OptionGroup var threads: ThreadOptions

  /// The samples of a part of the split.
  func source(_ part: EvaluationProtocol.Part, memory: Int = 4096) throws -> SampleSource {
    try SampleSource(
      DatasetFolder(URL(fileURLWithPath: folder)), split: split, part: part, memory: memory << 20)
  }
}

/// How many threads a command works with.
struct ThreadOptions: ParsableArguments {
  @Option(
    help: "How many threads work; as many as there are processors unless given. Results do not depend on it.")
  var threads: Int?

  /// Checks the number, and has it hold from now on: what is computed is shared among threads far below the command.
  func validate() throws {
    guard let threads else { return }
    guard (1...1024).contains(threads) else {
      throw ValidationError("--threads is a whole number in 1...1024")
    }
    setThreadCount(threads)
  }
}

/// Which encoder a command evaluates.
struct EncoderOptions: ParsableArguments {
  @Option(
    help: """
      A run folder or a .safetensors file; `untrained` is the encoder that the pretrain recipe given with --recipe \
      starts from. Several are an ensemble, one a stream.
      """)
  var checkpoint: [String]

  @Option(
    name: .customLong("recipe"),
    help: """
      A recipe file, or the name of a provided one; may be given twice. Its `kind` says what it is for: the evaluation's settings, or with \
      --checkpoint untrained or weights from elsewhere the pretrain recipe of the encoder.
      """)
  var recipes: [String] = []

  @Option(
    name: .customLong("stream"),
    help: """
      Which stream's encoder, of a checkpoint that has several (CMD); the first one if not given. Several are an \
      ensemble.
      """)
  var streams: [SkeletonStream] = []

  @Flag(
    help: """
      Read data of another profile than the encoder, the head or the training samples are of. It is said, and \
      recorded in the result.
      """)
  var acceptOtherProfile = false

  /// The files of the recipes, which are given by path or by name.
  private func recipeFiles() throws -> [URL] {
    try recipes.map { try ProvidedRecipes.file($0, of: ["pretrain", "evaluate"]) }
  }

  /// The recipe of a kind among the given files, or its defaults, with what the command line changes.
  func recipe<Recipe: RecipeSettings>(_ type: Recipe.Type, changing overrides: [String]) throws -> Recipe {
    let files = try recipeFiles().filter {
      (RecipeKind.named(in: $0) ?? Recipe.kind) == Recipe.kind
    }
    guard files.count <= 1 else {
      throw InputError("--recipe", found: "\(files.count) \(Recipe.kind) recipes", expected: "one")
    }
    return try Recipe(files.first, changing: overrides)
  }

  /// The encoders, of each checkpoint those of all streams asked for; `branch` is that of the evaluation's recipe.
  func encoders(
    branch: FrozenEncoder.Branch = .query, progress: ProgressMode = .none
  ) throws -> [FrozenEncoder] {
    try silentEncoders(branch: branch).map { encoder in
      var encoder = encoder
      encoder.progress = progress
      return encoder
    }
  }

  private func silentEncoders(branch: FrozenEncoder.Branch) throws -> [FrozenEncoder] {
    let file = try recipeFiles().first {
      RecipeKind.named(in: $0) == PretrainRecipe.kind
    }
    let given = try file.map { try PretrainRecipe(contentsOf: $0) }
    let streams = streams.isEmpty ? [nil] : streams.map(Optional.some)
    return try checkpoint.flatMap { checkpoint in
      try streams.map { stream in
        guard checkpoint == "untrained" else {
          return try FrozenEncoder(
            checkpoint: URL(fileURLWithPath: checkpoint), branch: branch, stream: stream, recipe: given)
        }
        guard let given else {
          throw InputError(
            "--checkpoint untrained", found: "no pretrain recipe",
            expected: "--recipe with a file of kind pretrain",
            hint: "for example --recipe pcm3pp-small")
        }
        return try FrozenEncoder(untrained: given, stream: stream)
      }
    }
  }

  /// Says on standard error what has to be known of the data.
  static func say(_ notes: [String]) {
    for note in notes { FileHandle.standardError.write(Data("note: \(note)\n".utf8)) }
  }

  /// The encoder, where there can be only one.
  func encoder(progress: ProgressMode = .none) throws -> FrozenEncoder {
    let encoders = try encoders(progress: progress)
    guard encoders.count == 1 else {
      throw InputError("--checkpoint", found: "\(encoders.count) encoders", expected: "one")
    }
    return encoders[0]
  }
}
