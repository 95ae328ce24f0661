import Foundation
import Skeleton
import Testing

@testable import Evaluation

/// The plane of a feature map, against numpy and by hand.
@Suite struct PrincipalComponentsTests {
  @Test func pointsOnALineHaveOneDirection() {
    // (0, 0), (3, 4), (6, 8): on a line of direction (0.6, 0.8), 5 apart.
    let found = PrincipalComponents([0, 0, 3, 4, 6, 8], count: 3, dimensions: 2)
    for (point, x) in zip(found.points, [-5.0, 0, 5]) {
      #expect(abs(point.x - x) < 1e-12 && abs(point.y) < 1e-12)
    }
    #expect(abs(found.shares.x - 1) < 1e-12 && abs(found.shares.y) < 1e-12)
    let none = PrincipalComponents([1, 2, 1, 2], count: 2, dimensions: 2)
    #expect(none.shares.x == 0 && none.points.allSatisfy { $0.x == 0 && $0.y == 0 })
  }

  @Test func aSmallSymmetricMatrixHasItsEigenvalues() {
    // 2 ± 1 by (1, ±1).
    let (values, vectors) = symmetricEigen([[2, 1], [1, 2]])
    #expect(abs(values[0] - 3) < 1e-12 && abs(values[1] - 1) < 1e-12)
    #expect(abs(abs(vectors[0][0]) - 0.5.squareRoot()) < 1e-12 && vectors[0][0] * vectors[0][1] > 0)
  }

  @Test(arguments: [(60, 5), (40, 90), (300, 64)])
  func agreesWithNumpy(count: Int, dimensions: Int) throws {
    var random = KeyedRandom(seed: 7, sample: "\(count)", view: "pca")
    let values = (0..<(count * dimensions)).map { index in
      random.normal() * (1 + Float(dimensions) / Float(1 + index % dimensions)) + 3
    }
    let found = PrincipalComponents(values, count: count, dimensions: dimensions)
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("points.txt")
    let lines = [
      values.map { "\($0)" }.joined(separator: " "),
      found.points.map { "\($0.x) \($0.y)" }.joined(separator: " "),
    ]
    try Data(lines.joined(separator: "\n").utf8).write(to: file)
    let program = """
      import sys, numpy
      lines = open(sys.argv[1]).read().split("\\n")
      count, dimensions = int(sys.argv[2]), int(sys.argv[3])
      x = numpy.array(lines[0].split(), numpy.float32).astype(float).reshape(count, dimensions)
      ours = numpy.array(lines[1].split(), float).reshape(count, 2)
      x = x - x.mean(0)
      u, s, v = numpy.linalg.svd(x, full_matrices=False)
      theirs = x @ v[:2].T
      for axis in range(2):
          sign = numpy.sign(v[axis][numpy.abs(v[axis]).argmax()])
          assert numpy.abs(ours[:, axis] - sign * theirs[:, axis]).max() < 1e-5 * s[0], axis
      print(f"{s[0]**2 / (s**2).sum():.9f} {s[1]**2 / (s**2).sum():.9f}")
      """
    guard
      let printed = try Python.run(program, needing: "numpy", [file.path, "\(count)", "\(dimensions)"])
    else { return }
    let shares = printed.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    #expect(abs(shares[0] - found.shares.x) < 1e-7 && abs(shares[1] - found.shares.y) < 1e-7)
  }
}
