import Encoders
import Methods
import NN
import TensorCore
import Testing

@Suite struct TwoStreamTests {
  @Test func publishedParameterCountOfUmURL() {
    let store = ParameterStore(seed: 1)
    let encoder = UmURLEncoder(store.root, bodies: 2, joints: 25)
    #expect(store.parameterCount == 22_067_200)
    #expect(encoder.featureCount == 2048)
  }

  @Test(arguments: [
    (HiCoEncoderSettings.Reader.transformer, 3_867_648), (.gru, 3_077_120), (.lstm, 3_865_600),
  ])
  func publishedParameterCountsOfHiCo(reader: HiCoEncoderSettings.Reader, expected: Int) {
    let store = ParameterStore(seed: 1)
    var settings = HiCoEncoderSettings()
    settings.reader = reader
    let encoder = HiCoEncoder(store.root, settings, bodies: 2, joints: 25)
    #expect(store.parameterCount == expected)
    #expect(encoder.featureCount == 4096)
  }

  @Test func firstValues() throws {
    let store = ParameterStore(seed: 1)
    _ = UmURLEncoder(store.root, bodies: 2, joints: 25)
    _ = HiCoEncoder(store.root, bodies: 2, joints: 25)
    func largest(_ name: String) throws -> Float {
      try #require(store[name]).value.values.map(abs).max() ?? 0
    }
    func expectBound(_ name: String, _ bound: Float) throws {
      let found = try largest(name)
      #expect(found <= bound && found > 0.9 * bound, "\(name): \(found), not \(bound)")
    }
    try expectBound("m_emb.t_embedding.0.weight", 1 / (150 as Float).squareRoot())
    try expectBound("j_emb.s_embedding.0.bias", 1 / (192 as Float).squareRoot())
    try expectBound("mm_fusion.s_fusion.0.weight", 1 / 32)
    try expectBound("ma_encoder.t_tr.layers.0.self_attn.in_proj_weight", (6 / 4096 as Float).squareRoot())
    try expectBound("t_downsample.conv.dw_conv.weight", 1 / (5 as Float).squareRoot())
    try expectBound("t_downsample.conv.dw_conv.bias", 1 / (5 as Float).squareRoot())
    #expect(try largest("ma_encoder.s_tr.layers.0.self_attn.in_proj_bias") == 0)
    // Both of HiCo's transformers are copies of one, neither its embeddings nor UmURL's are.
    func areEqual(_ a: String, _ b: String) throws -> Bool {
      try #require(store[a]).value.values == #require(store[b]).value.values
    }
    for name in store.names where name.hasPrefix("t_encoder") {
      #expect(try areEqual(name, "s" + name.dropFirst()), "\(name)")
    }
    #expect(try !areEqual("t_embedding.3.weight", "s_embedding.3.weight"))
    #expect(
      try !areEqual("ma_encoder.t_tr.layers.0.linear1.weight", "ma_encoder.s_tr.layers.0.linear1.weight"))
  }

  /// HiCo's second granularity, made from the first's tokens number by number.
  @Test(arguments: HiCoEncoderSettings.Reader.allCases)
  func halvedTokens(reader: HiCoEncoderSettings.Reader) throws {
    // Three bodies of four joints in seven frames.
    var settings = HiCoEncoderSettings()
    (settings.frames, settings.coordinates, settings.width) = (7, 2, 8)
    (settings.heads, settings.granularities, settings.reader) = (2, 2, reader)
    let store = ParameterStore(seed: 1)
    let encoder = HiCoEncoder(store.root, settings, bodies: 3, joints: 4)
    let x = sampleClips([2, 3, 7, 4, 2])
    let (clips, parts) = encoder.vectors(x, .evaluation)
    let tokens = TokenStreams(of: x)
    for (kind, found, raw) in [("t", clips, tokens.temporal), ("s", parts, tokens.spatial)] {
      let copy = ParameterStore(seed: 2) { name, _ in store["\(kind)_\(name)"]?.value.values }
      let (first, second) = (
        Linear(copy.root / "embedding" / "0", from: raw.shape[2], to: 8),
        Linear(copy.root / "embedding" / "3", from: 8, to: 8)
      )
      let embedded = second(LayerNorm(copy.root / "embedding" / "1", features: 8)(first(raw)).relu())
      let read: (Tensor) -> Tensor
      let place = copy.root / "encoder"
      switch reader {
      case .transformer:
        let block = PostNormBlock(place / "layers" / "0", width: 8, heads: 2, inner: 8)
        read = { block($0, .evaluation) }
      case .gru: read = GRU(place, input: 8, hidden: 4, layers: 1, mode: .bidirectional).callAsFunction
      case .lstm: read = LSTM(place, input: 8, hidden: 4, layers: 1, mode: .bidirectional).callAsFunction
      }
      let halved = try halved(embedded, store, kind)
      #expect(halved.shape == [2, raw.shape[1] / 2, 8])
      let expected = [embedded, halved].map { read($0).max(axes: [1], keepingAxes: true) }
      #expect(copy.lacking.isEmpty)
      expectNear(found, .concatenated(expected, axis: 1), 1e-5, "\(kind), \(reader)")
    }
    expectNear(
      encoder(x, .evaluation), Tensor.concatenated([clips, parts], axis: 1).reshaped([2, 32]), 0, "feature")
  }

  /// max(relu(norm(w * x + b))) of each two tokens.
  private func halved(_ x: Tensor, _ store: ParameterStore, _ kind: String) throws -> Tensor {
    func value(_ name: String) throws -> Tensor { try #require(store["\(kind)_downsample.\(name)"]).value }
    let (weight, bias) = (try value("conv.dw_conv.weight").values, try value("conv.dw_conv.bias").values)
    let (count, length, width) = (x.shape[0], x.shape[1], x.shape[2])
    let values = x.values
    var mixed = [Float](repeating: 0, count: values.count)  // (N, L, D)
    for place in 0..<count * length * width {
      let (token, channel) = (place / width % length, place % width)
      mixed[place] = bias[channel]
      for tap in 0..<5 where (0..<length).contains(token + tap - 2) {
        mixed[place] += weight[channel * 5 + tap] * values[place + (tap - 2) * width]
      }
    }
    let normal = Tensor(mixed, shape: x.shape).layerNormalized(
      weight: try value("norm.weight"), bias: try value("norm.bias"), epsilon: 1e-5
    ).values
    let pairs = (0..<count).flatMap { sample in
      (0..<length / 2).flatMap { pair in
        (0..<width).map { channel -> Float in
          let first = (sample * length + 2 * pair) * width + channel
          return max(0, max(normal[first], normal[first + width]))
        }
      }
    }
    return Tensor(pairs, shape: [count, length / 2, width])
  }

  @Test func trainingDropsAnewForEachGranularity() {
    var settings = HiCoEncoderSettings()
    (settings.frames, settings.width, settings.granularities) = (8, 8, 2)
    settings.dropout = 0.5
    let encoder = HiCoEncoder(ParameterStore(seed: 1).root, settings, bodies: 1, joints: 4)
    let x = sampleClips([2, 1, 8, 4, 3])
    let pass = Pass(seed: 1, epoch: 1, batch: 1, view: "query")
    let first = encoder(x, pass).values
    #expect(encoder(x, pass).values == first)
    #expect(encoder(x, Pass(seed: 1, epoch: 1, batch: 2, view: "query")).values != first)
    #expect(encoder(x, .evaluation).values != first)
  }
}
