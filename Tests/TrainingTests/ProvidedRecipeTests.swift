import Batches
import Evaluation
import Foundation
import Encoders
import Methods
import Recipes
import Shards
import Skeleton
import TensorCore
import Testing
import Training

/// Each provided pre-training recipe, at a size that takes a moment: it trains, goes on to the bit, and is evaluated.
@Suite struct ProvidedRecipeTests {
  /// The terms that a recipe's log has.
  private static let terms: [String: [String]] = [
    "pcm3pp": PCM3PlusPlus.View.allCases.flatMap { ["nce_\($0)", "kl_\($0)"] } + ["mse"],
    "pcm3": ["base", "mask", "recons", "mix"].flatMap { ["nce_\($0)", "kl_\($0)"] } + ["mse"],
    "moco": ["nce_base"],
    "clip": ["nce_clip", "kl_clip"],
    "masked": ["mse"],
    "autoencoder": ["mse"],
    "cmd": SkeletonStream.allCases.flatMap { ["nce_\($0)", "kl_\($0)"] },
    "skeletonclr": ["nce"],
    "aimclr": ["nce", "ce_extreme", "ce_drop"],
    "crosclr": SkeletonStream.allCases.map { "nce_\($0)" },
    "skelemixclr": ["nce", "nce_pasted", "nce_rest"],
    "pstl": ["bt_frames", "bt_joints"],
    "skeletonbt": ["bt_whole"],
    "hysp": ["cosine"],
    "byol": ["cosine"],
    "predictcluster": ["l1"],
    "context": ["prior_variance", "prior_covariance", "prior_angle", "prior_deviation", "direction", "order"]
      .flatMap { [$0, "accuracy_\($0)", "chance_\($0)"] },
    "ssvi": ["mse"] + ["rotation", "rotation_probe"].flatMap { [$0, "accuracy_\($0)", "chance_\($0)"] },
    "simsiam": ["cosine"],
    "hiclr": ["nce", "ce_strong", "ce_masked"],
    "ascal": ["nce"],
    "halp": ["nce"],
    "pcrp": ["l1", "prototypes"],
    "isc": ["nce_own", "nce_partner"],
    "cpm": ["ce"],
    "eqcontrast": ["nce", "ce_strong", "nce_mix", "nce_order"],
    "nnclr": ["nce"],
    "hico": ["clip", "part", "time", "space", "whole"].map { "nce_\($0)" },
    "umurl": ["intra", "inter", "variance", "covariance"],
    "usdrl": ["", "_frames"].flatMap { ending in
      ["invariance", "variance", "covariance", "barlow"].map { $0 + ending }
    },
    "displacement": ["direction", "length"].flatMap { answered("displacement_\($0)") },
    "jigsaw": answered("jigsaw"),
    "mamp": ["motion"],
    "skeleton2vec": ["latent"],
    "sjepa": ["latent"],
    "compact": ["guess", "spread", "agree"],
  ]

  /// The columns of a question.
  private static func answered(_ term: String) -> [String] { [term, "accuracy_\(term)", "chance_\(term)"] }

  @Test(arguments: terms.keys.sorted())
  func trainsGoesOnAndIsEvaluated(name: String) throws {
    var small = try SmallRun()
    small.recipe = try PretrainRecipe.provided(
      name,
      changing: [
        "batch=4", "epochs=2", "stages=[]", "input.frames=16", "encoder.hidden=8",
        "encoder.layers=2",
        "method.projection=5", "method.decoder.hidden=7", "method.queue=16", "optimizer.milestones=[1]",
        "optimizer.warmup=0", "method.partner.channels=8", "method.negatives=2", "method.clusters=[6, 7]",
      ])
    try small.train("whole")
    while try small.train("parts", resume: true, steps: 3) == .stopped {}
    let losses = try small.losses("whole")
    #expect(try small.losses("parts") == losses)
    #expect(try small.bytes("parts") == (try small.bytes("whole")))

    let columns = try #require(losses.first).map(String.init)
    let present = zip(columns, losses[1]).filter { !$0.1.isEmpty }.map(\.0)
    #expect(Set(present) == Set(["step", "epoch", "loss", "rate"] + (Self.terms[name] ?? [])))

    let source = try SampleSource(
      DatasetFolder(small.folder.appendingPathComponent("data")), split: "xview", part: .test)
    let streams: [SkeletonStream] = ["cmd", "crosclr"].contains(name) ? [.joint, .motion, .bone] : [.joint]
    var seen: [[Float]] = []
    for stream in SkeletonStream.allCases {
      guard streams.contains(stream) else {
        #expect(throws: InputError.self) {
          try FrozenEncoder(checkpoint: small.run("whole").url, stream: stream)
        }
        continue
      }
      let encoder = try FrozenEncoder(checkpoint: small.run("whole").url, stream: stream)
      let features = try encoder.features(of: source)
      let width = ["ascal": 8, "pcrp": 8, "hico": 32][name] ?? 16
      #expect(features.values.shape == [source.entries.count, width] && encoder.stream == stream)
      #expect(features.values.values.allSatisfy { $0.isFinite } && !seen.contains(features.values.values))
      seen.append(features.values.values)
    }
  }
}
