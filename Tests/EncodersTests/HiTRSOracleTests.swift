import Encoders
import Methods
import NN
import TensorCore
import Testing

/// Hi-TRS against its own program: the outputs of all levels, four pretext terms and all gradients.
@Suite(.enabled(if: !BackboneOracles.files("hi_trs").isEmpty, BackboneOracles.missing("hi_trs")))
struct HiTRSOracleTests {
  static let tolerance: Float = 1e-4

  private static func size(_ oracle: BackboneOracle) throws -> HiTRS.Size {
    let table = try oracle.tensor("parameters/c_pe.pe").shape
    var size = HiTRS.Size(joints: table[1])
    (size.window, size.width, size.heads, size.depth) = (table[0], table[2] / 2, 2, 1)
    let parameters = "parameters/s_enc.layer_stack.0.slf_attn.w_qs.weight"
    size.headWidth = try oracle.tensor(parameters).shape[0] / size.heads
    size.clips = try oracle.tensor("parameters/v_pe.pe").shape[0]
    (size.stride, size.dropout) = (3, 0)
    return size
  }

  /// Entries of the second axis in each row's own order: (B, L, W) to (B, L, W).
  private static func reordered(_ x: Tensor, _ order: [Int]) -> Tensor {
    let length = x.shape[1]
    return x.reshaped([order.count, x.shape[2]])
      .rows(order.enumerated().map { $0 / length * length + $1 }).reshaped(x.shape)
  }

  /// The mean of the smooth distance of rows that `mask` (rows) shows, ½ d² below 1 and d - ½ above.
  private static func smooth(_ x: Tensor, _ y: Tensor, mask: Tensor) -> Tensor {
    let rows = mask.values.indices.filter { mask.values[$0] == 1 }
    let width = x.shape[x.shape.count - 1]
    let distance = (x.reshaped([mask.count, width]).rows(rows) - y.reshaped([mask.count, width]).rows(rows))
      .abs()
    let near = distance.clamped(0...1)
    return (near.square() * 0.5 + distance - near).mean()
  }

  @Test(arguments: BackboneOracles.files("hi_trs"))
  func fourTasks(path: String) throws {
    let oracle = try BackboneOracle(path)
    let size = try Self.size(oracle)
    let store = ParameterStore(seed: 1)
    let (backbone, heads) = (HiTRS(store.root, size), HiTRSHeads(store.root, size))
    try oracle.fill(store)
    func windows(_ name: String) throws -> [[Int]] {
      let all = try oracle.integers("draws/\(name)")
      return (0..<all.count / size.window).map { Array(all[$0 * size.window..<($0 + 1) * size.window]) }
    }
    let (original, masked) = (try oracle.tensor("inputs/original"), try oracle.tensor("inputs/masked"))
    let batch = original.shape[0]
    let (own, last) = (try windows("windows"), try windows("last"))
    #expect(size.windows(frames: original.shape[1]) == own + last)

    let frames = backbone.frames(masked, .adapting)
    let pose = Self.smooth(
      heads.pose(frames) * 10, original * 10,
      mask: try oracle.tensor("draws/mask").reshaped([original.count / 3]))

    // Of each sequence a clip of its own, and the same with two frames exchanged: those in order first.
    let pairs = try windows("clips")
    let clips = Tensor.concatenated(
      [0, 1].flatMap { place in
        (0..<batch).map { row in
          backbone.clips(frames.sliced(axis: 0, row..<row + 1), of: [pairs[2 * row + place]], .adapting)
        }
      }, axis: 0
    ).reshaped([2 * batch, 2 * size.width])
    let clipLogits = heads.clipOrder(clips)
    expectNear(clipLogits, try oracle.tensor("outputs/clip_logits"), Self.tolerance, "order of frames")
    let order = [Int](repeating: 1, count: batch) + [Int](repeating: 0, count: batch)
    let valid = try oracle.integers("draws/clip_valid")
    let counted = (0..<2 * batch).filter { valid[$0 % batch] == 1 }
    let clipOrder = softmaxCrossEntropy(clipLogits.rows(counted), labels: counted.map { order[$0] })

    let hidden = try oracle.integers("draws/padded")
    let length = own.count + 1
    let counts = (0..<batch).map { row in
      own.count - hidden[row * length..<(row + 1) * length].reduce(0, +)
    }
    #expect(counts.contains { $0 < own.count })
    let video = backbone.clips(frames, of: own, .adapting)
    let ordered = backbone.videos(video, counts: counts, .adapting)
    let mixed = backbone.videos(
      Self.reordered(video, try oracle.integers("draws/permutation")), counts: counts, .adapting)
    let videoLogits = heads.videoOrder(.concatenated([ordered, mixed], axis: 0))
    expectNear(videoLogits, try oracle.tensor("outputs/video_logits"), Self.tolerance, "order of clips")
    let videoOrder = softmaxCrossEntropy(videoLogits, labels: order)

    let target = backbone.clips(frames, of: last, .adapting).detached().reshaped([batch, 2 * size.width])
    expectNear(target, try oracle.tensor("outputs/next_target"), Self.tolerance, "next clip")
    let prediction = heads.nextClip(ordered)
    expectNear(prediction, try oracle.tensor("outputs/next_prediction"), Self.tolerance, "next clip, guessed")
    let similarity =
      prediction.normalizedRows().matmul(target.normalizedRows(), transposed: true) * (1 / 0.07)
    expectNear(similarity, try oracle.tensor("outputs/similarity"), Self.tolerance, "similarity")
    let nextClip = softmaxCrossEntropy(similarity, labels: Array(0..<batch))

    let terms = ["pose": pose, "clip_order": clipOrder, "video_order": videoOrder, "next_clip": nextClip]
    #expect(Set(terms.keys) == Set(try oracle.names("terms")))
    for (name, term) in terms { expectNear(term, try oracle.tensor("terms/\(name)"), Self.tolerance, name) }
    let loss = pose + clipOrder + videoOrder + nextClip
    expectNear(loss, try oracle.tensor("loss"), Self.tolerance, "loss")
    #expect(Set(try oracle.names("gradients")) == Set(store.names))
    #expect(try oracle.misses(gradients(of: loss), store) == [])
  }
}
