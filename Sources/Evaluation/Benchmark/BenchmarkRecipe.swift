import Recipes
import Skeleton

/// What a benchmark compares: checkpoints × tasks × data.
public struct BenchmarkRecipe: RecipeSettings {
  /// What the page is called.
  public var title = "Benchmark"
  /// The folder that relative paths of checkpoints and data start from; empty for the working folder.
  public var root = ""
  /// The recipe of the untrained encoder that everything is compared with; empty for that of the first checkpoint.
  public var untrained = ""
  /// The split of data that name none.
  public var split = ""
  /// Whose published figures stand beside data that do not say it.
  public var published = ""
  /// The encoders.
  public var checkpoints: [BenchmarkCheckpoint] = []
  /// The data sets.
  public var data: [BenchmarkData] = []
  /// The tasks.
  public var tasks: [BenchmarkTask] = []
  /// The most samples in a map of features; 0 for no maps.
  public var mapSamples = 800

  /// Nothing to compare.
  public init() {}

  /// The recipe's kind.
  public static let kind = "benchmark"
  /// What the recipe is for.
  public static let summary = "A benchmark: every task on every data set with every checkpoint, in one table."

  /// All settings with their ranges.
  public static let settings: [Setting<BenchmarkRecipe>] = [
    .text("title", \.title, "what the page is called"),
    .text("root", \.root, "the folder that relative paths of checkpoints and data start from"),
    .text(
      "untrained", \.untrained,
      "the pretrain recipe of the untrained encoder; empty for that of the first checkpoint"),
    .text("split", \.split, "the split of data that name none"),
    .text(
      "published", \.published,
      "the data set whose published figures stand beside data that name none; empty for what the data says"),
    .integer("map_samples", \.mapSamples, 0...20000, "the most samples in a map of features; 0 for no maps"),
    .items("checkpoints", \.checkpoints, "the encoders; the untrained one is always added"),
    .items("data", \.data, "the data sets"),
    .items("tasks", \.tasks, "the tasks"),
  ]

  /// Names are the keys of the table, so they are there, and different.
  public func checkConsistency(in file: String) throws {
    for (key, names) in [
      ("checkpoints", [BenchmarkRecipe.untrainedName] + checkpoints.map(\.name)), ("data", data.map(\.name)),
      ("tasks", tasks.map(\.title)),
    ] {
      if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
        throw InputError(file, at: key, found: "the name \(twice) twice", expected: "a name for each entry")
      }
    }
    for task in tasks {
      for (key, chosen, names) in [
        ("data", task.data, data.map(\.name)), ("checkpoints", task.checkpoints, checkpoints.map(\.name)),
      ] {
        if let unknown = chosen.first(where: { !names.contains($0) }) {
          throw InputError(
            file, at: "tasks: \(task.title): \(key)", found: unknown,
            expected: "one of " + names.joined(separator: ", "))
        }
      }
    }
    try BenchmarkData.check(published: published, in: file)
    if let one = data.first(where: { split.isEmpty && $0.split.isEmpty }) {
      throw InputError(
        file, at: "data: \(one.name): split", found: "nothing",
        expected: "a split, here or for the whole recipe")
    }
    if data.isEmpty || tasks.isEmpty {
      throw InputError(
        file, at: data.isEmpty ? "data" : "tasks", found: "[]", expected: "at least one entry")
    }
    if checkpoints.isEmpty && untrained.isEmpty {
      throw InputError(file, at: "checkpoints", found: "[]", expected: "at least one entry, or untrained")
    }
  }

  /// What the untrained encoder is called in the table.
  public static let untrainedName = "untrained"
}

/// A row of the table: an encoder, or one for each stream.
public struct BenchmarkCheckpoint: RecipeSettings {
  /// What it is called.
  public var name = ""
  /// Run folders or `.safetensors` files; several are an ensemble, at the logits.
  public var runs: [String] = []

  /// A checkpoint without a file.
  public init() {}
  /// The entry's kind.
  public static let kind = "checkpoint"
  /// What the entry is for.
  public static let summary = "An encoder."
  /// All settings.
  public static let settings: [Setting<BenchmarkCheckpoint>] = [
    .text("name", \.name, "what it is called in the table"),
    .texts("runs", \.runs, "a run folder or .safetensors file; several are an ensemble of streams"),
  ]
  /// Both settings are needed.
  public func checkConsistency(in file: String) throws {
    if name.isEmpty { throw InputError(file, at: "name", found: "nothing", expected: "a name") }
    if runs.isEmpty { throw InputError(file, at: "runs", found: "[]", expected: "a run folder or a file") }
  }
}

/// A data set that is measured on.
public struct BenchmarkData: RecipeSettings {
  /// What it is called.
  public var name = ""
  /// The folder of `skelprep convert`.
  public var from = ""
  /// The split.
  public var split = ""
  /// Folders of occluded variants of its test side.
  public var occluded: [String] = []
  /// Whose published figures stand beside: a data set such as `nwucla`; empty for what the manifest says.
  public var published = ""
  /// Whether encoders that were trained on data of another profile read it all the same.
  public var isAccepted = false

  /// No data.
  public init() {}
  /// The entry's kind.
  public static let kind = "data"
  /// What the entry is for.
  public static let summary = "A data set."
  /// All settings.
  public static let settings: [Setting<BenchmarkData>] = [
    .text("name", \.name, "what it is called in the table"),
    .text("from", \.from, "the folder of skelprep convert"),
    .text("split", \.split, "the split: a name in the folder's splits/; empty for the recipe's"),
    .texts("occluded", \.occluded, "folders of skelprep occlude, for the task occluded"),
    .text(
      "published", \.published,
      "the data set whose published figures stand beside: ntu60, ntu120, pkummd1, pkummd2, nwucla or none; empty for the recipe's"
    ),
    .flag(
      "accept_other_profile", \.isAccepted,
      "whether encoders that were trained on data of another profile read it all the same, which is recorded"),
  ]
  /// Name and folder are needed.
  public func checkConsistency(in file: String) throws {
    for (key, value) in [("name", name), ("from", from)] where value.isEmpty {
      throw InputError(file, at: key, found: "nothing", expected: "a text")
    }
    try Self.check(published: published, in: file)
  }

  static func check(published: String, in file: String) throws {
    let known = Set(PublishedFigure.all.map(\.data)).union(["", "none"])
    if !known.contains(published) {
      throw InputError(
        file, at: "published", found: published,
        expected: "one of " + known.subtracting([""]).sorted().joined(separator: ", "))
    }
  }
}

/// A task with its settings.
public struct BenchmarkTask: RecipeSettings {
  /// The task: a kind of `skeltrain evaluate`.
  public var task = ""
  /// What it is called; empty for the task.
  public var name = ""
  /// A recipe of the task's kind; empty for its defaults.
  public var recipe = ""
  /// Settings over those of the recipe.
  public var settings = RecipePart()
  /// The data that it is for; empty for all.
  public var data: [String] = []
  /// The checkpoints that it is for, besides the untrained one; empty for all.
  public var checkpoints: [String] = []

  /// No task.
  public init() {}
  /// The entry's kind.
  public static let kind = "task"
  /// What the entry is for.
  public static let summary = "A task."
  /// All settings.
  public static let settings: [Setting<BenchmarkTask>] = [
    .text("task", \.task, "a kind of skeltrain evaluate, such as linear"),
    .text("name", \.name, "what it is called in the table; empty for the task"),
    .text("recipe", \.recipe, "a recipe file of the task's kind; empty for its defaults"),
    .part("settings", \.settings, "settings of the task over those of the recipe"),
    .texts("data", \.data, "names of the data that it is for; empty for all"),
    .texts("checkpoints", \.checkpoints, "names of the checkpoints that it is for; empty for all"),
  ]
  /// The task is one that there is, and its settings are its own.
  public func checkConsistency(in file: String) throws { _ = try evaluation(in: file) }

  /// The column's title.
  public var title: String { name.isEmpty ? task : name }
}
