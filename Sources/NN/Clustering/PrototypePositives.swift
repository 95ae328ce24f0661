import Foundation
import Skeleton
import TensorCore

/// Keys that were made of others by a walk towards prototypes, and which of them are still nearest to the same one.
public struct PrototypePositives: Sendable {
  /// (N · G, D), of length 1; those of a key follow each other.
  public let rows: Tensor
  /// For each of them whether the prototype that is nearest to it is that of its key.
  public let isKept: [Bool]
  /// For each the share of the way at which another prototype would become the nearest.
  public let limits: [Float]

  /// Walks along the sphere from each key towards some prototypes, so far that the nearest one stays the nearest.
  ///
  /// With P₀ the nearest prototype, P_j the other one, ω the angle between key and P_j, and
  /// K = (1 - P_j·P₀) / (z·(P₀ - P_j)), both are equally near at t = atan2(sin ω, K + cos ω) / ω; a draw u goes
  /// (1 - u) of that way. Values alone: no gradient flows.
  ///
  /// Source: Shah et al., "HaLP: hallucinating latent positives for skeleton-based self-supervised learning of actions"
  /// (CVPR 2023), and its released code.
  ///
  /// - Parameters:
  ///   - keys: (N, D), of length 1.
  ///   - prototypes: (P, D), of length 1, two at least.
  ///   - picks: (N, G), which prototype, of those but the nearest, from the least similar to the most.
  ///   - draws: (N, G), u.
  public init(keys: Tensor, prototypes: Tensor, picks: [Int], draws: [Float]) {
    let (count, others) = (keys.shape[0], prototypes.shape[0] - 1)
    let number = picks.count / count
    precondition(
      picks.count == count * number && draws.count == picks.count
        && picks.allSatisfy { (0..<others).contains($0) },
      "\(picks.count) picks and \(draws.count) draws for keys of shape \(keys.shape)")
    let similar = keys.matmul(prototypes, transposed: true)  // (N, P)
    let order = similar.largestColumns(others + 1)
    // Of each key its prototypes from the least similar to the most.
    let byKey = (0..<count).map { key -> [Int] in
      let own = similar.values[(key * (others + 1))..<((key + 1) * (others + 1))]
      return order[(key * (others + 1))..<((key + 1) * (others + 1))].sorted {
        (own[own.startIndex + $0], $1) < (own[own.startIndex + $1], $0)
      }
    }
    let nearest = byKey.map { $0[others] }
    let owners = picks.indices.map { $0 / number }
    let targets = picks.indices.map { byKey[owners[$0]][picks[$0]] }
    let z = keys.detached().rows(owners)
    let (own, other) = (prototypes.rows(owners.map { nearest[$0] }), prototypes.rows(targets))
    let (alike, ahead, cosines) = (
      own.rowDot(other).values, z.rowDot(own - other).values, z.rowDot(other).values
    )
    let limits = picks.indices.map { index -> Float in
      let angle = Double(acos(max(-1, min(1, cosines[index]))))
      let balance = Double(1 - alike[index]) / (Double(ahead[index]) + 1e-8)
      return Float(atan2(sin(angle), balance + cos(angle) + 1e-8) / (angle + 1e-8))
    }
    let shares = zip(limits, draws).map { (1 - $1) * $0 }
    rows = sphericalInterpolation(z, other, shares: shares).normalizedRows()
    let found = rows.matmul(prototypes, transposed: true).largestColumns(1)
    isKept = found.indices.map { found[$0] == nearest[owners[$0]] }
    self.limits = limits
  }
}
