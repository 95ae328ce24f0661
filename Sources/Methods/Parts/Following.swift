import NN
import TensorCore

/// A view whose similarities follow another view's, which are a constant to it.
struct Following {
  /// The term's name.
  let name: String
  /// The place of the view that is followed.
  let leader: Int
  /// The place of the view that follows.
  let follower: Int
  /// The term's weight.
  var weight: Float = 0.5
}

extension MomentumContrast {
  /// `nce` of the first of some views, whose cosines with key and queue are (N, 1 + K) each, with the positives that all of
  /// them name, and for each pair H(p(leader), p(follower)) where p(z) = softmax([z·k, z·queue] / τ).
  ///
  /// Guo et al., "Contrastive learning from extremely augmented skeleton sequences for self-supervised action recognition",
  /// 2022.
  ///
  /// - Parameter mined: keys of the queue that each view names as positives.
  func terms(_ logits: [Tensor], mined: Int, _ pairs: [Following]) -> [Term] {
    let temperature = settings.temperature
    let positives = minedPositives(logits, count: mined)
    return [Term("nce", minedInfoNCE(logits[0], positives: positives, temperature: temperature))]
      + pairs.map { pair in
        let target = (logits[pair.leader].detached() * (1 / temperature)).softmax()
        return Term(
          pair.name, softCrossEntropy(logits[pair.follower], target: target, temperature: temperature),
          weight: pair.weight)
      }
  }
}
