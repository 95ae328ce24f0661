import Foundation
import Encoders
import Methods
import NN
import Recipes
import Skeleton
import TensorCore
import Testing

@testable import Evaluation
@testable import Training

/// Where learning starts from: the first distribution of every parameter of every method and head, as its source has it.
///
/// The lists are of an encoder of two layers of 32 units (96 gates, features of 64 numbers), embeddings of 20 numbers
/// and a decoder of 28 units (84 gates).
@Suite struct StartValueTests {
  /// A distribution.
  enum Start: Equatable {
    /// U(±√(6 / (inputs + outputs))).
    case xavier(_ inputs: Double, _ outputs: Double)
    /// U(±1/√n): PyTorch's default, n being a linear layer's inputs or a GRU's units.
    case pytorch(_ n: Double)
    /// N(μ, σ).
    case normal(_ deviation: Double, mean: Double = 0)
    /// One number.
    case constant(Float)
    /// Numbers that are not drawn.
    case table

    var bound: Double? {
      switch self {
      case .xavier(let inputs, let outputs): (6 / (inputs + outputs)).squareRoot()
      case .pytorch(let n): (1 / n).squareRoot()
      case .normal, .constant, .table: nil
      }
    }

    /// The share of the distribution below a number.
    func share(below x: Double) -> Double {
      if case .normal(let deviation, let mean) = self {
        return 0.5 * erfc((mean - x) / deviation / 2.0.squareRoot())
      }
      guard let bound else { preconditionFailure("a constant has no course") }
      return min(max((x + bound) / (2 * bound), 0), 1)
    }
  }

  private static let norm: [(String, Start)] = [
    ("weight", .constant(1)), ("bias", .constant(0)), ("running_mean", .constant(0)),
    ("running_var", .constant(1)), ("num_batches_tracked", .constant(0)),
  ]
  private static let gruLayers: [(String, Start)] = [
    ("weight_ih_l0", .xavier(150, 96)), ("weight_hh_l0", .xavier(32, 96)),
    ("bias_ih_l0", .pytorch(32)), ("bias_hh_l0", .pytorch(32)),
    ("weight_ih_l0_reverse", .xavier(150, 96)), ("weight_hh_l0_reverse", .xavier(32, 96)),
    ("bias_ih_l0_reverse", .pytorch(32)), ("bias_hh_l0_reverse", .pytorch(32)),
    ("weight_ih_l1", .xavier(64, 96)), ("weight_hh_l1", .xavier(32, 96)),
    ("bias_ih_l1", .pytorch(32)), ("bias_hh_l1", .pytorch(32)),
    ("weight_ih_l1_reverse", .xavier(64, 96)), ("weight_hh_l1_reverse", .xavier(32, 96)),
    ("bias_ih_l1_reverse", .pytorch(32)), ("bias_hh_l1_reverse", .pytorch(32)),
  ]
  /// PCM3's `BIGRU` after `weights_init_gru`; also CMD's.
  private static let encoder = below("input_norm", norm) + below("encoder.gru", gruLayers)
  /// Its `fc`: the initialiser met the last layer alone.
  private static let projector: [(String, Start)] = [
    ("fc.0.weight", .pytorch(64)), ("fc.0.bias", .pytorch(64)),
    ("fc.2.weight", .xavier(64, 20)), ("fc.2.bias", .pytorch(64)),
  ]
  /// What PCM3 makes after its initialiser ran.
  private static let decoder: [(String, Start)] =
    below("linear.1", norm) + [
      ("linear.0.weight", .pytorch(64)), ("linear.0.bias", .pytorch(64)),
      ("linear.3.weight", .pytorch(28)), ("linear.3.bias", .pytorch(28)),
      ("decoder.weight_ih_l0", .pytorch(28)), ("decoder.weight_hh_l0", .pytorch(28)),
      ("decoder.bias_ih_l0", .pytorch(28)), ("decoder.bias_hh_l0", .pytorch(28)),
      ("decoder.weight_ih_l1", .pytorch(28)), ("decoder.weight_hh_l1", .pytorch(28)),
      ("decoder.bias_ih_l1", .pytorch(28)), ("decoder.bias_hh_l1", .pytorch(28)),
      ("reconstruction.weight", .pytorch(28)), ("reconstruction.bias", .pytorch(28)),
    ]
  /// Predict & Cluster's: its initialiser runs over all of the model.
  private static let writer: [(String, Start)] = [
    ("decoder.weight_ih_l0", .xavier(64, 84)), ("decoder.weight_hh_l0", .xavier(28, 84)),
    ("decoder.bias_ih_l0", .pytorch(28)), ("decoder.bias_hh_l0", .pytorch(28)),
    ("reconstruction.weight", .xavier(28, 150)), ("reconstruction.bias", .pytorch(28)),
  ]
  private static let branches = ["q", "k"].flatMap { below("encoder_\($0)", encoder + projector) }
  /// Prompts of shape (1, 1, 150), of which PyTorch counts 150 inputs and as many outputs.
  private static func viewPrompts(_ views: [String]) -> [(String, Start)] {
    views.map { ("\($0)_prompt", .xavier(150, 150)) }
  }

  /// CrosSCLR's norms: its initialiser runs over all of the model.
  private static let smallNorm: [(String, Start)] = [
    ("weight", .normal(0.02, mean: 1)), ("bias", .constant(0)), ("running_mean", .constant(0)),
    ("running_var", .constant(1)), ("num_batches_tracked", .constant(0)),
  ]
  /// A layer of weights N(0, 0.02²), or of PyTorch's for so many inputs.
  private static func layer(_ name: String, _ inputs: Double, small: Bool) -> [(String, Start)] {
    [
      ("\(name).weight", small ? .normal(0.02) : .pytorch(inputs)),
      ("\(name).bias", small ? .constant(0) : .pytorch(inputs)),
    ]
  }
  /// An ST-GCN of widths 4 to 16 and 16 features, as CrosSCLR starts it or as PyTorch does.
  private static func stgcn(small: Bool) -> [(String, Start)] {
    let widths = [3, 4, 4, 4, 4, 8, 8, 8, 16, 16, 16]
    let norms = small ? smallNorm : norm
    return below("data_bn", norms)
      + (0..<10).flatMap { number -> [(String, Start)] in
        let (inputs, outputs) = (widths[number], widths[number + 1])
        var block = layer("gcn.conv", Double(inputs), small: small) + below("tcn.0", norms)
        block += layer("tcn.2", Double(9 * outputs), small: small) + below("tcn.3", norms)
        if number > 0 && inputs != outputs {
          block += layer("residual.0", Double(inputs), small: small) + below("residual.1", norms)
        }
        return below("st_gcn_networks.\(number)", block) + [("edge_importance.\(number)", .constant(1))]
      }
  }
  /// CrosSCLR's branch.
  private static let graphBranch =
    stgcn(small: true) + layer("fc.0", 16, small: true) + layer("fc.2", 16, small: true)
  /// SkeleMixCLR's, whose head has a norm.
  private static let mixedBranch =
    stgcn(small: true) + layer("fc.0", 16, small: true) + below("fc.1", smallNorm)
    + layer("fc.3", 16, small: true)
  /// PSTL's three layers without biases.
  private static let correlated: [(String, Start)] =
    below("encoder_q", stgcn(small: false))
    + below(
      "projector",
      [("0.weight", .pytorch(16)), ("3.weight", .pytorch(20)), ("6.weight", .pytorch(20))]
        + below("1", norm) + below("4", norm))
  /// HYSP's branches of an encoder and a projector, and its predictor.
  private static func predicting(_ branches: [String]) -> [(String, Start)] {
    branches.flatMap {
      below(
        "encoder_\($0)",
        stgcn(small: false)
          + below("projector", layer("0", 16, small: false) + below("1", norm) + layer("3", 16, small: false))
      )
    } + below("predictor", layer("0", 20, small: false) + below("1", norm) + layer("3", 20, small: false))
  }
  /// A GRU of one direction.
  private static let forwardLayers: [(String, Start)] = [("l0", 150.0), ("l1", 32)].flatMap { layer, inputs in
    [
      ("weight_ih_\(layer)", Start.xavier(inputs, 96)), ("weight_hh_\(layer)", .xavier(32, 96)),
      ("bias_ih_\(layer)", .pytorch(32)), ("bias_hh_\(layer)", .pytorch(32)),
    ]
  }
  /// AS-CAL's LSTM, of PyTorch's defaults.
  private static let lstm: [(String, Start)] = ["l0", "l1"].flatMap { layer in
    ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map { ("\($0)_\(layer)", Start.pytorch(32)) }
  }

  /// An AGCN of 8 to 32 channels, and its projector.
  private static let adaptiveBranch: [(String, Start)] = {
    let widths = [3, 8, 8, 8, 8, 16, 16, 16, 32, 32, 32]
    func convolution(_ name: String, _ fan: Double) -> [(String, Start)] {
      [("\(name).weight", .normal((2 / fan).squareRoot())), ("\(name).bias", .constant(0))]
    }
    let blocks = (0..<10).map { number -> [(String, Start)] in
      let (inputs, outputs) = (widths[number], widths[number + 1])
      var spatial: [(String, Start)] = [("PA", .constant(1e-6))]
      spatial += below("bn", [("weight", .constant(1e-6))] + norm.dropFirst())
      for kind in 0..<3 {
        spatial += convolution("conv_a.\(kind)", Double(outputs / 4))
        spatial += convolution("conv_b.\(kind)", Double(outputs / 4))
        spatial += convolution("conv_d.\(kind)", Double(outputs * inputs * 3))
      }
      if inputs != outputs { spatial += convolution("down.0", Double(outputs)) + below("down.1", norm) }
      var block = below("gcn1", spatial)
      block += below("tcn1", convolution("conv", Double(9 * outputs)) + below("bn", norm))
      if number > 0 && inputs != outputs {
        block += below("residual", convolution("conv", Double(outputs)) + below("bn", norm))
      }
      return below("l\(number + 1)", block)
    }
    return below("data_bn", norm) + blocks.joined() + layer("fc.0", 32, small: false) + [
      ("fc.2.weight", .xavier(32, 20)), ("fc.2.bias", .pytorch(32)),
    ]
  }()
  /// Tokens of 8 numbers, of frames or of joints.
  private static func embedding(_ name: String, _ inputs: Double) -> [(String, Start)] {
    below(
      name,
      layer("0", inputs, small: false) + [("1.weight", .constant(1)), ("1.bias", .constant(0))]
        + layer("3", 8, small: false))
  }
  /// A block of PyTorch's transformer of 8 numbers.
  private static let block: [(String, Start)] =
    [
      ("self_attn.in_proj_weight", .xavier(8, 24)), ("self_attn.in_proj_bias", .constant(0)),
      ("self_attn.out_proj.weight", .pytorch(8)), ("self_attn.out_proj.bias", .constant(0)),
    ] + layer("linear1", 8, small: false) + layer("linear2", 8, small: false)
    + ["norm1", "norm2"].flatMap { [("\($0).weight", Start.constant(1)), ("\($0).bias", Start.constant(0))] }
  /// HiCo's branch of 2 granularities of 8 numbers.
  private static let granularBranch: [(String, Start)] =
    embedding("t_embedding", 150) + embedding("s_embedding", 192)
    + ["t", "s"].flatMap { stream in
      below(
        "\(stream)_downsample",
        layer("conv.dw_conv", 5, small: false) + [("norm.weight", .constant(1)), ("norm.bias", .constant(0))])
        + below("\(stream)_encoder.layers.0", block)
    }
    + [("clip", 8.0), ("part", 8), ("time", 16), ("space", 16), ("whole", 32)].flatMap { level, width in
      below(level, layer("fc.0", width, small: false) + layer("fc.2", width, small: false))
    }
  /// UmURL's encoder of 8 numbers and its projectors.
  private static let unified: [(String, Start)] =
    below(
      "encoder_q",
      ["j_emb", "b_emb", "m_emb"].flatMap {
        below($0, embedding("t_embedding", 150) + embedding("s_embedding", 192))
      } + ["t_fusion", "s_fusion"].map { ("mm_fusion.\($0).0.weight", Start.pytorch(8)) }
        + [("ma_encoder.pe.pe", .table)]
        + ["t_tr", "s_tr"].flatMap { below("ma_encoder.\($0).layers.0", block) })
    + ["joint", "bone", "motion"].flatMap { below("projector.\($0)", layers(16)) }
  /// Three layers with norms between them, to 20 numbers.
  private static func layers(_ inputs: Double, hidden: Double? = nil) -> [(String, Start)] {
    let hidden = hidden ?? inputs
    return layer("0", inputs, small: false) + below("1", norm) + layer("3", hidden, small: false)
      + below("4", norm) + layer("6", hidden, small: false)
  }

  /// MAMP's blocks, of tokens of `width` numbers; a block may begin with small factors for its branches.
  private static func blocks(
    _ list: String, _ count: Int, width: Double, factor: Float? = nil
  ) -> [(String, Start)] {
    func norm(_ name: String) -> [(String, Start)] {
      [("\(name).weight", .constant(1)), ("\(name).bias", .constant(0))]
    }
    func layer(_ name: String, _ inputs: Double, _ outputs: Double) -> [(String, Start)] {
      [("\(name).weight", .xavier(inputs, outputs)), ("\(name).bias", .constant(0))]
    }
    var block = norm("norm1") + norm("norm2") + layer("attn.qkv", width, 3 * width)
    block += layer("attn.proj", width, width) + layer("mlp.fc1", width, 4 * width)
    block += layer("mlp.fc2", 4 * width, width)
    if let factor { block += [("gamma_1", .constant(factor)), ("gamma_2", .constant(factor))] }
    return (0..<count).flatMap { below("\(list).\($0)", block) }
  }
  /// MAMP's encoder of two blocks of 16 numbers, of patches of so many numbers.
  private static func transformer(patch: Double = 12, factor: Float? = nil) -> [(String, Start)] {
    [
      ("joints_embed.proj.weight", .pytorch(patch)), ("joints_embed.proj.bias", .pytorch(patch)),
      ("pos_embed", .normal(0.02)), ("temp_embed", .normal(0.02)), ("norm.weight", .constant(1)),
      ("norm.bias", .constant(0)),
    ] + blocks("blocks", 2, width: 16, factor: factor)
  }
  /// MAMP's decoder of a block of 8 numbers, which guesses so many of each patch.
  private static func tokenDecoder(outputs: Double, factor: Float? = nil) -> [(String, Start)] {
    [
      ("decoder_embed.weight", .xavier(16, 8)), ("decoder_embed.bias", .constant(0)),
      ("mask_token", .normal(0.02)), ("decoder_pos_embed", .normal(0.02)),
      ("decoder_temp_embed", .normal(0.02)), ("decoder_norm.weight", .constant(1)),
      ("decoder_norm.bias", .constant(0)), ("decoder_pred.weight", .xavier(8, outputs)),
      ("decoder_pred.bias", .constant(0)),
    ] + blocks("decoder_blocks", 1, width: 8, factor: factor)
  }
  /// The encoder and its copy.
  private static func twoTransformers(factor: Float? = nil) -> [(String, Start)] {
    ["q", "k"].flatMap { below("encoder_\($0)", transformer(factor: factor)) }
  }
  /// The networks of targets of 32 numbers, by 128 numbers, of windows of so many patches of 24 numbers and their motion.
  private static let scaleTargets: [(String, Start)] = [1.0, 2, 4].enumerated().flatMap { number, scale in
    below(
      "targets.\(number)", layer("0", scale * 48, small: false) + layer("2", 128, small: false))
  }

  /// A head of a task, on the 64 numbers of a feature.
  private static func taskHead(_ name: String, hidden: Double = 256) -> [(String, Start)] {
    below("task.\(name)", layer("0", 64, small: false) + layer("2", hidden, small: false))
  }
  /// Those of the four statistics of motion, with what each was so far.
  private static let priorHeads: [(String, Start)] =
    taskHead("prior.variance", hidden: 512) + taskHead("prior.covariance", hidden: 512)
    + layer("task.prior.angle", 64, small: false) + layer("task.prior.deviation", 64, small: false)
    + ["variance", "covariance", "angle", "deviation"].flatMap {
      below("task.prior.\($0)", Array(norm.suffix(3)))
    }

  private static let methods: [String: [(String, Start)]] = [
    "skeletonclr": ["q", "k"].flatMap { below("encoder_\($0)", graphBranch) },
    "aimclr": ["q", "k"].flatMap { below("encoder_\($0)", graphBranch) },
    "crosclr": ["", "_motion", "_bone"].flatMap { stream in
      ["q", "k"].flatMap { below("encoder_\($0)\(stream)", graphBranch) }
    },
    "skelemixclr": ["q", "k"].flatMap { below("encoder_\($0)", mixedBranch) },
    "pstl": correlated,
    "skeletonbt": correlated,
    "hysp": predicting(["q", "k"]),
    "byol": predicting(["q", "k"]),
    "simsiam": predicting(["q"]),
    "hiclr": ["q", "k"].flatMap { below("encoder_\($0)", graphBranch) }
      + [("joint_mask.fill", .constant(0))],
    "ascal": ["q", "k"].flatMap { below("encoder_\($0)", lstm) },
    "halp": branches,
    "isc": ["q", "k"].flatMap {
      below("encoder_\($0)", below("encoder.gru", gruLayers) + projector)
        + below("encoder_\($0)_partner", adaptiveBranch)
    },
    "cpm": ["q", "k"].flatMap { below("encoder_\($0)", graphBranch) }
      + below("predictor", layer("fc.0", 20, small: false) + layer("fc.2", 20, small: false)),
    "eqcontrast": ["q", "k"].flatMap { below("encoder_\($0)", graphBranch) },
    "nnclr": ["q", "k"].flatMap { below("encoder_\($0)", graphBranch) },
    "hico": ["q", "k"].flatMap { below("encoder_\($0)", granularBranch) },
    "umurl": unified,
    "pcrp": below("encoder_q.encoder.gru", forwardLayers) + [
      ("decoder.weight_ih_l0", .xavier(32, 84)), ("decoder.weight_hh_l0", .xavier(28, 84)),
      ("decoder.bias_ih_l0", .pytorch(28)), ("decoder.bias_hh_l0", .pytorch(28)),
      ("reconstruction.weight", .xavier(28, 150)), ("reconstruction.bias", .pytorch(28)),
    ],
    "usdrl": below("encoder_q", encoder)
      + ["projector", "frames"].flatMap {
        below($0, layers(64, hidden: 20))
      },
    "pcm3pp": branches + below("decoder", decoder) + viewPrompts(["base", "mask", "recons", "mix", "clip"]),
    "pcm3": branches + below("decoder", decoder) + viewPrompts(["base", "mask", "recons", "mix"])
      + [("cl_prompt", .xavier(8, 1)), ("mp_prompt", .xavier(8, 1))],
    "moco": branches,
    "clip": branches,
    "masked": below("encoder_q", encoder) + below("decoder", decoder),
    "cmd": ["", "_motion", "_bone"].flatMap { stream in
      ["q", "k"].flatMap { below("encoder_\($0)\(stream)", encoder + projector) }
    },
    "autoencoder": below("encoder_q", encoder) + writer,
    "predictcluster": below("encoder_q", encoder) + [
      ("decoder.gru.weight_ih_l0", .xavier(150, 192)), ("decoder.gru.weight_hh_l0", .xavier(64, 192)),
      ("decoder.gru.bias_ih_l0", .pytorch(64)), ("decoder.gru.bias_hh_l0", .pytorch(64)),
      ("decoder.out.weight", .xavier(64, 150)), ("decoder.out.bias", .pytorch(64)),
    ],
    "context": below("encoder_q", encoder) + priorHeads + taskHead("order.head")
      + layer("task.direction.head", 64, small: false),
    "ssvi": below("encoder_q", encoder) + writer + taskHead("rotation.head") + taskHead("rotation.probe"),
    "displacement": below("encoder_q", encoder)
      + ["dir", "mag"].flatMap { list in
        (0..<3).flatMap { layer("task.displacement.\(list)_pred_list.\($0).linear.0", 64, small: false) }
      },
    "jigsaw": below("encoder_q", encoder)
      + below(
        "task.jigsaw.head", layer("0", 64, small: false) + below("1", norm) + layer("3", 2048, small: false)),
    "mamp": below("encoder_q", transformer()) + tokenDecoder(outputs: 12),
    "skeleton2vec": twoTransformers(factor: 0.0001) + tokenDecoder(outputs: 16, factor: 0.0001),
    "sjepa": twoTransformers() + tokenDecoder(outputs: 16),
    "compact": below("encoder_q", transformer(patch: 24)) + tokenDecoder(outputs: 96) + scaleTargets
      + below("projector", layer("0", 16, small: false) + below("1", norm) + layer("3", 32, small: false)),
  ]

  private static func below(_ path: String, _ names: [(String, Start)]) -> [(String, Start)] {
    names.map { ("\(path).\($0.0)", $0.1) }
  }

  @Test(arguments: methods.keys.sorted()) func everyParameterStartsAsItsSourceHasIt(name: String) throws {
    let recipe = try PretrainRecipe.provided(
      name,
      changing: [
        "encoder.hidden=32", "encoder.layers=2", "method.projection=20", "method.decoder.hidden=28",
        "batch=4", "method.queue=16", "method.partner.channels=8", "stages=[]",
      ])
    let stores = try (1...3).map { try LearningModel(recipe, seed: $0).store }
    try expect(stores, start: Self.methods[name] ?? [])
    // Keys start as their queries, and all else for itself.
    var seen: [[Float]: String] = [:]
    for parameter in stores[0].parameters where parameter.value.values.count > 1 {
      let values = parameter.value.values
      // HiCo's reader of joints starts as that of frames.
      let query = parameter.name.replacing("encoder_k", with: "encoder_q")
        .replacing("s_encoder", with: "t_encoder")
      #expect(values == stores[0][query]?.value.values, "\(parameter.name)")
      guard query == parameter.name, Set(values).count > 1 else { continue }
      #expect(seen.updateValue(query, forKey: Array(values.prefix(4))) == nil, "\(query) starts as another")
    }
  }

  /// No recipe is provided whose method this file does not know.
  @Test func everyProvidedRecipeIsOfAKnownMethod() throws {
    let folder = RecipeTests.root.appendingPathComponent("pipelines/pretrain")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    // Those of other sizes are of the method whose name theirs starts with, or of PCM3++.
    let names = files.map {
      $0.replacing(".yaml", with: "").replacing("-small", with: "").replacing("-demo", with: "")
    }
    #expect(Set(names) == Set(Self.methods.keys))
  }

  @Test func headsStartAsTheirSourcesHaveThem() throws {
    var recipe = PretrainRecipe()
    (recipe.gru.hidden, recipe.gru.layers) = (32, 1)
    let encoder = try FrozenEncoder(untrained: recipe)
    // CMD's script sets deviation 0.01 and no bias.
    let linear: [(String, Start)] = [("fc.weight", .normal(0.01)), ("fc.bias", .constant(0))]
    for normalizes in [false, true] {
      let stores = (1...3).map { seed in
        var settings = HeadSettings()
        (settings.seed, settings.normalizes) = (seed, normalizes)
        return LinearProbe(settings, on: encoder, classCount: 10).store
      }
      try expect(stores, start: linear + (normalizes ? Self.below("norm", Self.norm) : []))
    }
    for seed in 1...3 as ClosedRange<UInt64> {
      let layer = TunedClassifier(TuningSettings(), from: encoder, classCount: 10, seed: seed).layer
      expect(layer.weight.value.values, start: .normal(0.01), "tuned weight")
      expect(layer.bias.value.values, start: .constant(0), "tuned bias")
    }
    // The released detection leaves its layer as PyTorch makes it.
    let heads = (1...3).map { seed in
      var settings = DetectionRecipe()
      settings.seed = seed
      return FrameClassifier(settings, encoder: encoder, outputs: 53).head
    }
    for part in [\Linear.weight, \Linear.bias] {
      expect(heads.flatMap { $0[keyPath: part].value.values }, start: .pytorch(64), "detection")
    }
  }

  /// At their published size, since small ones are too few numbers to tell much.
  @Test func taskPromptsStartAsPCM3HasThem() {
    let store = ParameterStore(seed: 1)
    _ = TaskPrompt(store.root, "cl_prompt", hidden: 1024)
    expect(store.all.flatMap(\.value.values), start: .xavier(256, 1), "cl_prompt")
    #expect(store.names == ["cl_prompt"] && store.all[0].value.shape == [1, 256])
  }

  @Test func queuesStartAsRandomDirections() {
    let store = ParameterStore(seed: 1)
    let rows = FeatureQueue(store.root, "queue", count: 256, size: 128).rows
    for row in 0..<256 {
      let length = rows.rows([row]).values.reduce(0) { $0 + Double($1) * Double($1) }
      #expect(abs(length - 1) < 1e-5)
    }
    // A coordinate of a random direction is nearly normal.
    expect(rows.values, start: .normal((1 / 128.0).squareRoot()), "queue")
    let raw = FeatureQueue(store.root, "memory", count: 256, size: 48, start: .uniform).rows
    expect(raw.values, start: .pytorch(16), "memory of raw features")
    #expect(FeatureQueue(store.root, "queue_bone", count: 256, size: 128).rows.values != rows.values)
  }

  /// Compares stores of several seeds, taken together, with a list that has every one of their names.
  private func expect(_ stores: [ParameterStore], start list: [(String, Start)]) throws {
    #expect(Set(list.map(\.0)).symmetricDifference(stores[0].names) == [])
    for (name, start) in list {
      let parameters = try stores.map { try #require($0[name], "\(name)") }
      expect(parameters.flatMap(\.value.values), start: start, name)
    }
  }

  /// Compares numbers with a distribution, by the largest distance of the two courses (Kolmogorov and Smirnov), and a
  /// uniform one also by its ends.
  private func expect(_ values: [Float], start: Start, _ name: String) {
    if case .table = start { return }
    if case .constant(let number) = start {
      #expect(values.allSatisfy { $0 == number }, "\(name)")
      return
    }
    let (sorted, count) = (values.sorted().map(Double.init), Double(values.count))
    let distance = sorted.enumerated().map { index, x in
      let share = start.share(below: x)
      return max(abs(share - Double(index) / count), abs(share - Double(index + 1) / count))
    }.max()
    // Exceeded by chance once in 15,000 times.
    #expect((distance ?? 1) < 2.27 / count.squareRoot(), "\(name) does not start from \(start)")
    guard let bound = start.bound, let low = sorted.first, let high = sorted.last else { return }
    #expect(-low <= bound * 1.0001 && high <= bound * 1.0001, "\(name) begins beyond \(bound)")
    // Both ends are reached but for one in 22,000 times.
    #expect(min(-low, high) > bound * (1 - 20 / count), "\(name) ends before \(bound)")
  }
}
