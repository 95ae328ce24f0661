import Encoders
import Methods
import Recipes

/// Where the settings of earlier recipes are now. They had one flat list for all methods, which checkpoints carry.
extension PretrainRecipe {
  /// The earlier key, the methods that have it, and its place now.
  private static let moves: [(old: String, methods: Set<String>, new: String)] = [
    ("views.stream", ["pcm3pp", "cmd", "autoencoder"], "input.stream"),
    ("views.frames", ["pcm3pp", "cmd", "autoencoder"], "input.frames"),
    ("streams", ["cmd"], "method.streams"),
    ("views.crop", ["pcm3pp", "cmd", "autoencoder"], "method.views.crop"),
    ("views.corruption", ["pcm3pp", "cmd"], "method.views.corruption"),
    ("views.mask_ratio", ["pcm3pp"], "method.views.mask_ratio"),
    ("views.clip", ["pcm3pp"], "method.views.clip"),
    ("views.clip_layout", ["pcm3pp"], "method.views.clip_layout"),
    ("projection", ["pcm3pp", "cmd"], "method.projection"),
    ("decoder.hidden", ["pcm3pp", "autoencoder"], "method.decoder.hidden"),
    ("decoder.fixed", ["autoencoder"], "method.decoder.fixed"),
    ("positives", ["pcm3pp"], "method.positives"),
    ("guidance", ["pcm3pp"], "method.guidance"),
    ("prompts.view", ["pcm3pp"], "method.prompts.view"),
    ("prompts.task", ["pcm3pp"], "method.prompts.task"),
    ("queue", ["pcm3pp", "cmd"], "method.queue"),
    ("temperature.contrast", ["pcm3pp", "cmd"], "method.temperature.contrast"),
    ("temperature.student", ["pcm3pp", "cmd"], "method.temperature.student"),
    ("temperature.teacher", ["pcm3pp", "cmd"], "method.temperature.teacher"),
    ("nearest", ["pcm3pp", "cmd"], "method.nearest"),
    ("weight.distillation", ["pcm3pp", "cmd"], "method.weight.distillation"),
    ("weight.prediction", ["pcm3pp"], "method.weight.prediction"),
    ("key_momentum", ["pcm3pp", "cmd"], "method.key_momentum"),
  ]

  private static let distillation = ["distillation.epochs", "distillation.rate"]

  /// Where an earlier setting is now.
  public static func moved(_ key: String) -> String? {
    if distillation.contains(key) { return "in stages" }
    return moves.first { $0.old == key }?.new
  }

  /// A recipe of the earlier form in today's. What the method of the recipe does not have is left out, as it had no
  /// influence.
  public static func modern(_ tree: RecipeTree) -> RecipeTree {
    let leaves = tree.leaves
    let earlier = Set(moves.map(\.old) + distillation)
    guard leaves.contains(where: { earlier.contains($0.key) }) else { return tree }
    let method = leaves.first { $0.key == "method" }?.value
    let kind = method?.string ?? "pcm3pp"
    var result: [(key: String, value: RecipeTree)] = [("method.kind", method ?? RecipeTree(kind))]
    for leaf in leaves where leaf.key != "method" && !distillation.contains(leaf.key) {
      guard let move = moves.first(where: { $0.old == leaf.key }) else {
        result.append(leaf)
        continue
      }
      if move.methods.contains(kind) { result.append((move.new, leaf.value)) }
    }
    func number(_ key: String, _ otherwise: String) -> String {
      leaves.first { $0.key == key }?.value.string ?? otherwise
    }
    let epochs = number("distillation.epochs", "150")
    // The autoencoder had no second stage.
    if epochs != "0", kind != "autoencoder" {
      result.append(("stages", .list([stage(epochs, rate: number("distillation.rate", "0.002"))])))
    }
    return RecipeTree(leaves: result)
  }

  /// The second stage, without InfoNCE (equation 10 of PCM3++) and at a rate of its own.
  private static func stage(_ epochs: String, rate: String) -> RecipeTree {
    RecipeTree(leaves: [
      ("epochs", RecipeTree(epochs)), ("settings.method.weight.contrast", RecipeTree("0")),
      ("settings.optimizer.rate", RecipeTree(rate)),
      ("settings.optimizer.schedule", RecipeTree(RateSchedule.constant.rawValue)),
    ])
  }
}
