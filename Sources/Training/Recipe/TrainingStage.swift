import Recipes
import Skeleton

/// A stage of a run behind the first: how long it is, what is set otherwise in it, and what crosses into it.
///
/// At its border the method is made anew, and parameters, statistics, memory and what the optimizer remembers come to it
/// by name.
public struct TrainingStage: RecipeSettings {
  /// Passes over the data.
  public var epochs = 0
  /// Settings that are read over those of the stage before.
  public var settings = RecipePart()
  /// Scopes that start as what another scope was: `encoder_k: encoder_q`.
  public var renamed: [String] = []
  /// Whether queues and other memory cross.
  public var keepsMemory = true
  /// Whether what the optimizer remembers crosses.
  public var keepsOptimizer = true

  /// A stage of no epochs.
  public init() {}

  /// The name of such entries.
  public static let kind = "stage"
  /// What they are.
  public static let summary = "A stage of a pre-training run."
  /// Their settings.
  public static let settings: [Setting<TrainingStage>] = [
    .integer("epochs", \.epochs, 1...100_000, "passes over the data"),
    .part("settings", \.settings, "settings of the recipe that are other ones from here on"),
    .texts(
      "weights", \.renamed,
      "scopes that start as what another one was at the end of the stage before, such as \"encoder_k=encoder_q\""
    ),
    .flag("memory", \.keepsMemory, "whether queues and other memory are kept from the stage before"),
    .flag("optimizer", \.keepsOptimizer, "whether what the optimizer remembers is kept"),
  ]

  /// Refuses a stage without epochs, and renamings that are none.
  public func checkConsistency(in file: String) throws {
    guard epochs > 0 else {
      throw InputError(file, at: "epochs", found: "none", expected: "at least one")
    }
    for text in renamed where text.split(separator: "=").count != 2 {
      throw InputError(file, at: "weights", found: text, expected: "to=from, such as encoder_k=encoder_q")
    }
  }

  /// The scopes that start as others, each with what it was.
  var scopes: [(to: String, from: String)] {
    renamed.map { text in
      let parts = text.split(separator: "=").map(String.init)
      return (parts[0], parts[1])
    }
  }
}

extension PretrainRecipe {
  /// A stage of the run with all of its settings.
  struct ResolvedStage {
    /// The settings; `epochs` are the stage's own.
    var recipe: PretrainRecipe
    /// Its epochs, counted over the run.
    var epochs: Range<Int>
    /// How it begins; nil for the first.
    var border: TrainingStage?
    /// The rates, and the epoch that they are counted from.
    var rates: (plan: RatePlan, first: Int)
  }

  /// The number of all epochs, of all stages.
  public var totalEpochs: Int { epochs + stages.reduce(0) { $0 + $1.epochs } }

  /// All stages. A stage that sets a rate begins a plan of its own; another one goes on in the plan before.
  ///
  /// - Throws: an `InputError` for settings that cannot be read over those before.
  func resolvedStages() throws -> [ResolvedStage] {
    var first = self
    first.stages = []
    var plan = (plan: rates.plan(epochs: epochs), first: 0)
    var resolved: [ResolvedStage] = []
    if epochs > 0 {
      resolved.append(ResolvedStage(recipe: first, epochs: 0..<epochs, border: nil, rates: plan))
    }
    var (recipe, start) = (first, epochs)
    for stage in stages {
      recipe.epochs = stage.epochs
      let hasRate = stage.settings.text.contains("optimizer")
      // A warm-up is of the stage that asks for it.
      if hasRate { recipe.rates.warmup = 0 }
      try stage.settings.read(over: &recipe)
      if hasRate { plan = (recipe.rates.plan(epochs: stage.epochs), start) }
      let end = start + stage.epochs
      resolved.append(
        ResolvedStage(
          recipe: recipe, epochs: start..<end, border: resolved.isEmpty ? nil : stage, rates: plan))
      start = end
    }
    return resolved
  }
}
