import TensorCore

/// How much of the learning rate each layer of a pre-trained encoder gets: the further from the head, the less.
///
/// With d blocks and a factor γ, what stands before the blocks learns at γ^(d + 1) of the rate, block i at γ^(d - i),
/// and everything else, the last norm and the head, at the rate itself. Clark et al., "ELECTRA", 2020, appendix B; Bao et
/// al., "BEiT", 2022, from where the masked methods have it.
public struct LayerRates: Sendable, Equatable {
  /// γ: what is left of the rate a block further down.
  public let factor: Float
  /// What the names of the blocks' parameters start with, before their numbers: `encoder_q.blocks.`.
  public let blocks: String
  /// d: how many blocks there are.
  public let depth: Int
  /// What the names of parameters before the blocks start with: embeddings and position tables.
  public let first: [String]

  /// Rates for `depth` blocks.
  public init(factor: Float, blocks: String, depth: Int, first: [String]) {
    precondition(factor > 0 && depth >= 0, "\(depth) blocks, each at \(factor) of the rate above")
    (self.factor, self.blocks, self.depth, self.first) = (factor, blocks, depth, first)
  }

  /// The share of the rate that the parameter of this name gets.
  public func share(of name: String) -> Float { power(depth + 1 - level(of: name)) }

  /// How many steps up from what stands before the blocks, 0, to the head, d + 1.
  private func level(of name: String) -> Int {
    if first.contains(where: name.hasPrefix) { return 0 }
    guard name.hasPrefix(blocks), let block = Int(name.dropFirst(blocks.count).prefix { $0.isNumber }) else {
      return depth + 1
    }
    precondition(block < depth, "\(name) is not one of \(depth) blocks")
    return block + 1
  }

  private func power(_ exponent: Int) -> Float { (0..<exponent).reduce(1) { product, _ in product * factor } }
}

extension Optimizer {
  /// `step`, each parameter at its layer's share of the rate.
  public mutating func step(
    parameters: [Parameter], gradients: Gradients, rate: Float, scale: Float, layers: LayerRates
  ) {
    let groups = Dictionary(grouping: parameters) { layers.share(of: $0.name) }
    for (share, parameters) in groups.sorted(by: { $0.key < $1.key }) {
      step(parameters: parameters, gradients: gradients, rate: rate * share, scale: scale)
    }
  }
}
