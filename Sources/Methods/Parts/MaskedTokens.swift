import Batches
import Encoders
import NN
import TensorCore

/// Clips with their bodies in the batch, and which patches of each are seen: what masked methods on patches work with.
public struct MaskedTokens {
  /// The bodies, (B, T, V, C).
  public let bodies: Tensor
  /// The patches that are seen of each body, (B).
  public let kept: [[Int]]

  /// The bodies that an encoder reads, with the first of as many lists as clips have bodies.
  init(_ clips: Clips, _ lists: [[Int]], _ encoder: any TokenEncoder) {
    bodies = encoder.bodies(clips)
    let (read, all) = (bodies.shape[0] / clips.count, lists.count / clips.count)
    kept = lists.indices.filter { $0 % all < read }.map { lists[$0] }
  }

  /// 0 for all numbers of a hidden patch and 1 for a seen one's, (B, L, width): a mask of `maskedMSE`.
  func seen(of tokens: Int, width: Int) -> Tensor {
    var values = [Float](repeating: 0, count: kept.count * tokens)
    for (body, places) in kept.enumerated() {
      for place in places { values[body * tokens + place] = 1 }
    }
    return Tensor(values, shape: [kept.count, tokens, 1]).repeated(to: [kept.count, tokens, width])
  }

  /// The numbers of hidden patches among all of all bodies, (B · L).
  func hidden(of tokens: Int) -> [Int] {
    kept.enumerated().flatMap { body, places -> [Int] in
      let seen = Set(places)
      return (0..<tokens).filter { !seen.contains($0) }.map { body * tokens + $0 }
    }
  }
}
