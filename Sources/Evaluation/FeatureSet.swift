import Foundation
import HDF5
import Skeleton
import TensorCore

/// The features of some samples.
public struct FeatureSet: Sendable {
  /// The samples' names, (N).
  public let names: [String]
  /// Their classes from 0, (N).
  public let labels: [Int]
  /// Their features, (N, D).
  public let values: Tensor

  /// Where each name's row is.
  private let places: [String: Int]

  /// Features of named samples.
  public init(names: [String], labels: [Int], values: Tensor) {
    precondition(
      values.shape.count == 2 && values.shape[0] == names.count && labels.count == names.count,
      "\(names.count) names, \(labels.count) labels, features \(values.shape)")
    self.names = names
    self.labels = labels
    self.values = values
    places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element, $0.offset) })
  }

  /// The row of a sample, or nil.
  func row(named name: String) -> Int? { places[name] }

  /// The features of samples that must be there, (names, D).
  func rows(named names: [String]) -> [Float] {
    let rows = names.map { name in
      guard let row = places[name] else { preconditionFailure("no feature of \(name)") }
      return row
    }
    return values.rows(rows).values
  }

  /// Numbers in a feature, D.
  public var featureCount: Int { values.shape[1] }

  /// The number of classes: one more than the highest label.
  public var classCount: Int { (labels.max() ?? -1) + 1 }
}
