import TensorCore

/// The nearest samples of a gallery to each query, found in blocks: beside the two sets of features no more than a block
/// of similarities is in memory, whatever their sizes.
public struct NearestNeighbours: Equatable, Sendable {
  /// How far apart two features are.
  public enum Metric: String, CaseIterable, Sendable {
    /// The angle between them.
    case cosine
    /// The straight line between them.
    case euclidean
  }

  /// Neighbours of each query.
  public let count: Int
  /// The rows of the gallery, nearest first, of equals the lower row first, (Q, count).
  public let rows: [Int32]
  /// How near the nearest sample of each class is, (Q, C); higher is nearer, and −∞ a class without samples.
  public let classes: [Float]

  /// Queries and samples of the gallery in a block: products are large enough to be fast, and similarities take 4 MB.
  private static let (queryBlock, galleryBlock) = (256, 4096)

  /// Finds the neighbours of all queries.
  ///
  /// - Parameters:
  ///   - queries: (Q, D); of length 1 each where angles are compared.
  ///   - gallery: (G, D), alike.
  ///   - labels: the classes of the gallery's samples from 0, (G).
  ///   - count: how many neighbours; no more than there are.
  ///   - same: the row of the gallery that is the very sample of a query, which is no neighbour; −1 for none, (Q). Empty
  ///     if no sample is on both sides.
  public init(
    of queries: Tensor, in gallery: Tensor, labels: [Int], classCount: Int, count: Int = 1,
    metric: Metric = .cosine, same: [Int32] = []
  ) {
    precondition(
      queries.shape.count == 2 && gallery.shape == [labels.count, queries.shape[1]]
        && labels.allSatisfy { (0..<classCount).contains($0) },
      "queries \(queries.shape), a gallery \(gallery.shape) of \(labels.count) labels, \(classCount) classes")
    let (total, width) = (queries.shape[0], gallery.shape[0])
    self.count = count
    var rows = [Int32](repeating: -1, count: total * count)  // (Q, count)
    var near = [Float](repeating: -.infinity, count: total * count)  // (Q, count)
    var classes = [Float](repeating: -.infinity, count: total * classCount)  // (Q, C)
    // A block of the gallery is made once, and the queries' smaller blocks once for each.
    for first in stride(from: 0, to: width, by: Self.galleryBlock) {
      let features = gallery.rows(Array(first..<min(first + Self.galleryBlock, width)))
      let columns = features.shape[0]
      // −|g|² / 2, so that the greatest q·g − |g|² / 2 is the nearest by the straight line.
      let offsets = metric == .euclidean ? features.rowDot(features).values.map { -$0 / 2 } : []
      for start in stride(from: 0, to: total, by: Self.queryBlock) {
        let block = queries.rows(Array(start..<min(start + Self.queryBlock, total)))
        let products = block.matmul(features, transposed: true).values  // (block, columns)
        for row in 0..<block.shape[0] {
          let query = start + row
          let own = (same.isEmpty ? -1 : Int(same[query])) - first
          let similarities = products.span.extracting((row * columns)..<((row + 1) * columns))
          var nearest = classes[(query * classCount)..<((query + 1) * classCount)]  // (C)
          var worst = near[(query + 1) * count - 1]
          var best = nearest.mutableSpan
          for column in 0..<columns {
            let value = offsets.isEmpty ? similarities[column] : similarities[column] + offsets[column]
            if column == own { continue }
            let label = labels[first + column]
            if value > best[label] { best[label] = value }
            guard value > worst else { continue }
            var at = (query + 1) * count - 1
            while at > query * count, near[at - 1] < value {
              (near[at], rows[at]) = (near[at - 1], rows[at - 1])
              at -= 1
            }
            (near[at], rows[at]) = (value, Int32(first + column))
            worst = near[(query + 1) * count - 1]
          }
          classes.replaceSubrange((query * classCount)..<((query + 1) * classCount), with: nearest)
        }
      }
    }
    (self.rows, self.classes) = (rows, classes)
  }

  /// The class that most of a query's first `k` neighbours have; of equal numbers the class that is met first.
  public func vote(query: Int, k: Int, labels: [Int]) -> Int {
    let nearest = rows[(query * count)..<(query * count + k)].map { labels[Int($0)] }
    var best = (label: -1, votes: 0)
    for (index, label) in nearest.enumerated() where nearest.firstIndex(of: label) == index {
      let votes = nearest.count { $0 == label }
      if votes > best.votes { best = (label, votes) }
    }
    return best.label
  }

  /// The share of a query's first `k` neighbours that have a class.
  public func precision(query: Int, k: Int, of label: Int, labels: [Int]) -> Double {
    let right = rows[(query * count)..<(query * count + k)].count { labels[Int($0)] == label }
    return Double(right) / Double(k)
  }
}
