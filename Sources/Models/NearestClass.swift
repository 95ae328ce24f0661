import TensorCore

/// How near each class is to each query: the cosine of the class's nearest sample in a gallery.
///
/// - Parameters:
///   - queries: features, (N, D).
///   - gallery: features, (G, D).
///   - labels: the gallery's classes, (G).
///   - classCount: the number of classes, C.
/// - Returns: (N, C); −2, which no cosine is, for a class that the gallery does not have.
public func nearestClassScores(
  _ queries: Tensor, gallery: Tensor, labels: [Int], classCount: Int
) -> [Float] {
  precondition(
    queries.shape.count == 2 && gallery.shape == [labels.count, queries.shape[1]]
      && labels.allSatisfy { (0..<classCount).contains($0) },
    "queries \(queries.shape), a gallery \(gallery.shape) of \(labels.count) labels, \(classCount) classes")
  let count = queries.shape[0]
  let (queries, gallery) = (queries.normalizedRows(), gallery.normalizedRows())
  var scores = [Float](repeating: -2, count: count * classCount)  // (N, C)
  // Some queries at a time, so that the cosines of all pairs are never in memory.
  let block = 1024
  for start in stride(from: 0, to: count, by: block) {
    let rows = Array(start..<min(start + block, count))
    let cosines = queries.rows(rows).matmul(gallery, transposed: true).values  // (block, G)
    for (index, row) in rows.enumerated() {
      for (column, label) in labels.enumerated() {
        let at = row * classCount + label
        scores[at] = max(scores[at], cosines[index * labels.count + column])
      }
    }
  }
  return scores
}
