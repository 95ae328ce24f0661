import NN
import Skeleton
import TensorCore
import Testing

@testable import Encoders
@testable import Methods

/// How many parameters models of the published sizes have, and what they start from.
@Suite struct PublishedSizeTests {
  /// The numbers of all parameters of a model, of which no memory is taken.
  static func count(_ model: (Scope) -> Void) -> Int {
    let store = ParameterStore(seed: 1) { _, _ in nil }
    model(store.root)
    let parameters = Set(store.parameters.map(\.name))
    return store.lacking.filter { parameters.contains($0.name) }.reduce(0) { $0 + $1.shape.reduce(1, *) }
  }

  private static let gl = GLTransformer.Size(
    joints: Kinect25.jointCount, bodies: Kinect25.bodyCount, root: 20)

  @Test func parametersOfGLTransformer() {
    #expect(Self.count { _ = GLTransformer($0, Self.gl) } == 198_885_600)
    #expect(
      Self.count {
        _ = GLTransformer($0 / "transformer", Self.gl)
        _ = DisplacementHeads($0, features: Self.gl.features, tokens: Self.gl.tokens, intervals: 3)
      } == 214_372_050)
  }

  @Test func parametersOfDSTformer() {
    #expect(Self.count { _ = DSTformer($0, DSTformer.Size(joints: 17)) } == 42_466_317)
    #expect(Self.count { _ = DSTformer($0, .lite(joints: 17)) } == 16_001_549)
  }

  @Test func parametersOfHiTRS() {
    let size = HiTRS.Size(joints: Kinect25.jointCount)
    #expect(
      Self.count {
        _ = HiTRS($0, size)
        _ = HiTRSHeads($0, size)
      } == 7_051_143)
  }

  /// Of poses in the plane, along whichever graph.
  @Test func parametersOfGraphAutoencoder() {
    let chain = SkeletonGraph.neighbours(parents: [1, 1, 1])
    #expect(chain.matrices.values == [0, 1, 0, 1, 0, 1, 0, 1, 0])
    #expect(Self.count { _ = GraphAutoencoder($0, chain) } == 38_535)
  }

  /// MAMP with 3 and 5 blocks in its decoder, and with the head of fine-tuning for 60 classes.
  @Test func parametersOfVisionTransformer() {
    for (depth, expected) in [(3, 8_789_004), (5, 10_368_524)] {
      var decoder = TokenDecoder.Size()
      decoder.depth = depth
      let found = Self.count {
        let encoder = VisionTransformer($0)
        _ = TokenDecoder($0, of: encoder.size, decoder)
      }
      #expect(found == expected)
    }
    let tuned = Self.count {
      let encoder = VisionTransformer($0)
      _ = JointHead($0 / "head", joints: encoder.size.joints, width: encoder.size.width, classes: 60)
    }
    #expect(tuned == 19_572_284)
  }

  /// The largest number of a parameter.
  static func largest(_ store: ParameterStore, _ name: String) throws -> Float {
    try #require(store[name], "\(name)").value.values.map(abs).max() ?? 0
  }

  /// Expects numbers of a linear layer of so many inputs: up to 1 / √inputs.
  static func expectLinear(_ store: ParameterStore, _ name: String, inputs: Int) throws {
    let (found, bound) = (try largest(store, name), 1 / Float(inputs).squareRoot())
    #expect(found <= bound && found > 0.8 * bound, "\(name) reaches \(found) of \(bound)")
  }

  /// Expects N(0, 0.02²).
  static func expectSmallNormal(_ store: ParameterStore, _ name: String) throws {
    let values = try #require(store[name], "\(name)").value.values
    let deviation = (values.reduce(0) { $0 + $1 * $1 } / Float(values.count)).squareRoot()
    #expect(abs(deviation - 0.02) < 0.002, "\(name) deviates by \(deviation)")
  }

  /// Expects one number throughout.
  static func expectAll(_ store: ParameterStore, _ name: String, _ value: Float) throws {
    let values = try #require(store[name], "\(name)").value.values
    #expect(values.allSatisfy { $0 == value }, "\(name)")
  }

  @Test func startOfGLTransformer() throws {
    let store = ParameterStore(seed: 1)
    var size = GLTransformer.Size(joints: 3, bodies: 2, root: 1)
    (size.width, size.depth, size.frames) = (16, 1, 4)
    _ = GLTransformer(store.root, size)
    let (space, time) = ("encoder_blocks.0.attention_sp", "encoder_blocks.0.attention_tm")
    for name in ["\(space).qkv", "\(space).proj"] {
      try Self.expectLinear(store, "\(name).weight", inputs: 16)
      try Self.expectLinear(store, "\(name).bias", inputs: 16)
    }
    for name in ["\(time).qkv", "\(time).proj", "encoder_blocks.0.feedforward.fc1", "mlp.0", "mlp.3"] {
      try Self.expectLinear(store, "\(name).weight", inputs: 96)
      try Self.expectLinear(store, "\(name).bias", inputs: 96)
    }
    try Self.expectAll(store, "encoder_blocks.0.positional_emb", 0)
    try Self.expectAll(store, "pred_token_emb", 0)
    #expect(
      store.buffers.map { [$0.name.hasPrefix("encoder_blocks.0.tm") ? 0 : 1] + $0.value.shape } == [
        [0, 1, 4, 96], [1, 1, 6, 16],
      ])
    try Self.expectAll(store, "mlp.2.weight", 1)
  }

  @Test func startOfDSTformer() throws {
    let store = ParameterStore(seed: 1)
    var size = DSTformer.Size(joints: 5)
    (size.width, size.depth, size.frames, size.inner, size.representation) = (64, 1, 40, 128, 32)
    _ = DSTformer(store.root, size)
    for name in [
      "blocks_st.0.attn_s.qkv.weight", "blocks_ts.0.attn_t.proj.weight", "blocks_st.0.mlp_t.fc1.weight",
      "temp_embed", "pos_embed", "pre_logits.fc.weight",
    ] {
      try Self.expectSmallNormal(store, name)
    }
    for name in [
      "joints_embed.bias", "blocks_st.0.attn_s.qkv.bias", "blocks_ts.0.mlp_s.fc2.bias", "head.bias",
    ] {
      try Self.expectAll(store, name, 0)
    }
    try Self.expectAll(store, "ts_attn.0.weight", 0)
    try Self.expectAll(store, "ts_attn.0.bias", 0.5)
  }

  @Test func startOfHiTRS() throws {
    let store = ParameterStore(seed: 1)
    var size = HiTRS.Size(joints: 5)
    (size.width, size.depth, size.window, size.headWidth) = (64, 1, 3, 16)
    _ = HiTRS(store.root, size)
    for (level, width) in [("s_enc", 64), ("c_enc", 128), ("v_enc", 256)] {
      let block = "\(level).layer_stack.0"
      for name in ["w_qs", "w_ks", "w_vs"] {
        try Self.expectLinear(store, "\(block).slf_attn.\(name).weight", inputs: width)
      }
      try Self.expectLinear(store, "\(block).slf_attn.fc.weight", inputs: 128)
      try Self.expectLinear(store, "\(block).pos_ffn.w_1.bias", inputs: width)
    }
    #expect(try #require(store["s_pe.pe"]).value.values == sinusoids(positions: 5, width: 64).values)
    #expect(try #require(store["v_pe.pe"]).value.values == sinusoids(positions: 200, width: 256).values)
    // Of frame 2 and joint 3: the joint's waves, then the frame's.
    let clip = try #require(store["c_pe.pe"]).value.values[(2 * 5 + 3) * 128..<(2 * 5 + 4) * 128]
    let (joints, frames) = (
      sinusoids(positions: 5, width: 64).values, sinusoids(positions: 3, width: 64).values
    )
    #expect(Array(clip) == Array(joints[3 * 64..<4 * 64]) + Array(frames[2 * 64..<3 * 64]))
    let token = try #require(store["video_fuse_token"]).value.values
    #expect(token.allSatisfy { $0 >= 0 && $0 < 1 } && (token.max() ?? 0) > 0.9 && (token.min() ?? 1) < 0.1)
  }

  /// Seven frames, every second, from every seventh on; beyond the end the last frame.
  @Test func windowsOfHiTRS() {
    let size = HiTRS.Size(joints: 5)
    #expect(size.padding == 6)
    #expect(size.windows(frames: 20) == [[0, 2, 4, 6, 8, 10, 12], [7, 9, 11, 13, 15, 17, 19]])
    #expect(size.windows(frames: 26).count == 2)
    #expect(size.windows(frames: 27).last == [14, 16, 18, 20, 22, 24, 26])
    #expect(size.windows(frames: 5) == [[0, 2, 4, 4, 4, 4, 4]])
    let bodies = Tensor((0..<2 * 2 * 9 * 5 * 3).map { Float($0 % 17) / 17 }, shape: [2, 2, 9, 5, 3])
    var small = size
    (small.width, small.depth) = (8, 1)
    let backbone = HiTRS(ParameterStore(seed: 1).root, small)
    let feature = backbone(bodies, .evaluation)
    #expect(feature.shape == [2, 32])
    let pass = Pass(seed: 1, epoch: 1, batch: 1, view: "query")
    #expect(backbone(bodies, pass).values == backbone(bodies, pass).values)
    #expect(backbone(bodies, pass).values != feature.values)
  }

  @Test func startOfGraphAutoencoder() throws {
    let store = ParameterStore(seed: 1)
    _ = GraphAutoencoder(store.root, .neighbours(parents: [1, 1, 1]))
    for name in ["encoder.0.lin1", "encoder.2.lin2", "decoder.lin2"] {
      try Self.expectLinear(store, "\(name).weight", inputs: 64)
      try Self.expectLinear(store, "\(name).bias", inputs: 64)
    }
    try Self.expectLinear(store, "embed.weight", inputs: 2)
    try Self.expectLinear(store, "encoder_to_decoder.weight", inputs: 64)
    try Self.expectAll(store, "mask_token", 0)
    try Self.expectAll(store, "encoder.1.act2.weight", 0.25)
    try Self.expectAll(store, "decoder.bn1.weight", 1)
    #expect(store["decoder.bn2.weight"] == nil)
  }

  @Test func startOfJointHead() throws {
    let store = ParameterStore(seed: 1)
    _ = JointHead(store.root / "head", joints: 5, width: 8, hidden: 64, classes: 32)
    // Xavier's bounds, √(6 / (inputs + outputs)): √(6 / 104) and √(6 / 96).
    for (name, bound) in [("fc1", Float(0.2402)), ("fc2", 0.25)] {
      let found = try Self.largest(store, "head.\(name).weight")
      #expect(found <= bound && found > 0.9 * bound, "\(name) reaches \(found) of \(bound)")
      try Self.expectAll(store, "head.\(name).bias", 0)
    }
    try Self.expectAll(store, "head.bn.weight", 1)
  }
}
