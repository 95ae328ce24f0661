import TensorCore

/// Which joints send to which, by kinds of neighbours: matrices (K, V, V), row the source and column the target.
public struct SkeletonGraph: Sendable {
  /// (K, V, V)
  public let matrices: Tensor

  /// How many joints there are, axis V.
  public var joints: Int { matrices.shape[1] }
  /// How many kinds of neighbours, axis K.
  public var kinds: Int { matrices.shape[0] }

  /// ST-GCN's partition by the distance from a centre, as its released code computes it: each target takes the mean of
  /// itself and its neighbours, split into itself, neighbours that are no nearer to the centre than it, and nearer ones.
  /// Only the centre's own neighbours have a distance; all further joints count as equally far.
  ///
  /// - Parameter parents: for each joint the joint its bone starts from; the root names itself.
  public static func spatial(parents: [Int], centre: Int) -> SkeletonGraph {
    let count = parents.count
    func isBone(_ a: Int, _ b: Int) -> Bool { a != b && (parents[a] == b || parents[b] == a) }
    func distance(_ joint: Int) -> Int { joint == centre ? 0 : isBone(joint, centre) ? 1 : .max }
    var values = [Float](repeating: 0, count: 3 * count * count)
    for target in 0..<count {
      let sources = (0..<count).filter { $0 == target || isBone($0, target) }
      for source in sources {
        let kind = source == target ? 0 : distance(source) >= distance(target) ? 1 : 2
        values[(kind * count + source) * count + target] = 1 / Float(sources.count)
      }
    }
    return SkeletonGraph(matrices: Tensor(values, shape: [3, count, count]))
  }

  /// Itself, from parents to their children, and from children to their parents, each target taking the mean of what it
  /// receives: the graphs of 2s-AGCN and CTR-GCN.
  ///
  /// - Parameter parents: for each joint the joint its bone starts from; the root names itself.
  public static func directed(parents: [Int]) -> SkeletonGraph {
    let count = parents.count
    var values = [Float](repeating: 0, count: 3 * count * count)
    for (child, parent) in parents.enumerated() {
      values[child * count + child] = 1
      guard child != parent else { continue }
      let children = parents.indices.count { $0 != parents[$0] && parents[$0] == parent }
      values[(count + parent) * count + child] = 1
      values[(2 * count + child) * count + parent] = 1 / Float(children)
    }
    return SkeletonGraph(matrices: Tensor(values, shape: [3, count, count]))
  }

  /// Both ways along each bone, each neighbour counting 1: one graph, without the joint itself.
  ///
  /// - Parameter parents: for each joint the joint its bone starts from; the root names itself.
  public static func neighbours(parents: [Int]) -> SkeletonGraph {
    let count = parents.count
    var values = [Float](repeating: 0, count: count * count)
    for (child, parent) in parents.enumerated() where child != parent {
      values[child * count + parent] = 1
      values[parent * count + child] = 1
    }
    return SkeletonGraph(matrices: Tensor(values, shape: [1, count, count]))
  }

  /// The graphs between some joints alone, as they are: nothing is divided anew.
  public func keeping(_ joints: [Int]) -> SkeletonGraph {
    SkeletonGraph(matrices: matrices.gathered(axis: 1, joints).gathered(axis: 2, joints))
  }
}
