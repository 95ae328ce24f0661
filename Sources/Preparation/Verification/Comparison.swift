import Foundation
import Reporting
import Shards
import Skeleton

/// A data set beside somebody's array of the same samples.
public struct Comparison: Sendable, Encodable {
  /// With what, and how.
  public struct Options: Sendable {
    /// The npy, npz or HDF5 file.
    public var file: String
    /// Which of the file's arrays; nil for the only one.
    public var path: String?
    /// A file of the names in the array's order; nil for the order of the data set.
    public var names: String?
    /// A label file: 2s-AGCN's pickle, or an npy of whole numbers.
    public var labels: String?
    /// The split whose samples the array has; nil for all samples.
    public var split: String?
    /// The side of the split; nil for both, one after the other.
    public var part: EvaluationProtocol.Part?
    /// The order of a split's samples, where nothing gives their names.
    public var order: SampleOrdering
    /// Differences up to this are none.
    public var tolerance: Float

    /// A comparison with a file.
    public init(
      file: String, path: String? = nil, names: String? = nil, labels: String? = nil, split: String? = nil,
      part: EvaluationProtocol.Part? = nil, order: SampleOrdering = .dataset, tolerance: Float = 1e-5
    ) {
      self.file = file
      self.path = path
      self.names = names
      self.labels = labels
      self.split = split
      self.part = part
      self.order = order
      self.tolerance = tolerance
    }
  }

  /// One number in both.
  public struct Place: Sendable, Encodable {
    /// The sample that it is of.
    public let sample: String
    /// The frame, from 0.
    public let frame: Int
    /// The body, 0 or 1.
    public let body: Int
    /// The joint's name.
    public let joint: String
    /// `x`, `y` or `z`.
    public let coordinate: String
    /// What the data set has.
    public let ours: Float
    /// What the array has.
    public let theirs: Float
    /// Infinite where theirs is not a number.
    public let difference: Float
  }

  /// What the array is called.
  public let array: String
  /// The extents of the array, slowest first.
  public let shape: [Int]
  /// Where the order of its samples is from.
  public let order: String
  /// Differences up to this are none.
  public let tolerance: Float
  /// Samples that are in both.
  public internal(set) var compared = 0
  /// Those with a difference of more than the tolerance within their frames.
  public internal(set) var differing = 0
  /// The largest difference; nil if all is equal.
  public internal(set) var largest: Place?
  /// Samples of the array that the data set does not have.
  public internal(set) var unknown: [String] = []
  /// Samples of the data set that the array does not have.
  public internal(set) var absent = 0
  /// Those of them that are in the part of the split that was asked for, so that the array should have them.
  public internal(set) var missing = 0
  /// Samples that are longer than the array, and were compared up to its end.
  public internal(set) var shortened = 0
  /// How the frames after a sample's last are filled: samples by rule.
  public internal(set) var padding: [String: Int] = [:]
  /// Samples for which it is neither by looping nor by zeros.
  public internal(set) var otherPadding: [String] = []
  /// Samples whose class is another one.
  public internal(set) var otherLabels: [String] = []
  /// Ragged samples of another number of frames, which are not compared.
  public internal(set) var otherLengths: [String] = []
  /// What else may be tried where it does not agree.
  public internal(set) var advice: String?

  /// Whether the array has the same samples with the same values.
  public var agrees: Bool {
    differing == 0 && unknown.isEmpty && missing == 0 && otherPadding.isEmpty && otherLabels.isEmpty
      && otherLengths.isEmpty
  }
}

extension Comparison: CustomStringConvertible {
  /// The result in a few lines.
  public var description: String {
    var lines = ["\(array): (\(shape.map(String.init).joined(separator: ", "))), samples in \(order)"]
    lines.append("\(compared) samples compared, \(differing) differ by more than \(tolerance)")
    if let largest {
      lines.append(
        "largest difference \(largest.difference): \(largest.sample), frame \(largest.frame), body \(largest.body), "
          + "\(largest.joint), \(largest.coordinate): here \(largest.ours), there \(largest.theirs)")
    } else {
      lines.append("no difference in any number")
    }
    if !padding.isEmpty {
      let counts = padding.sorted { $0.key < $1.key }.map { "\($0.value) by \($0.key)" }
      lines.append("after their last frame samples go on: " + counts.joined(separator: ", "))
    }
    if shortened > 0 {
      lines.append("\(shortened) samples are longer than the array, and were compared to its end")
    }
    for (names, what) in [
      (otherPadding, "go on after their last frame in another way"), (otherLabels, "have another class"),
      (otherLengths, "have another number of frames"), (unknown, "are in the array only"),
    ] where !names.isEmpty {
      let some = names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
      lines.append("\(names.count) samples \(what): \(some)")
    }
    if absent > 0 {
      lines.append(
        "\(absent) samples are in the data set only" + (missing > 0 ? ", \(missing) of the part" : ""))
    }
    if let advice { lines.append(advice) }
    lines.append(agrees ? "the array agrees" : "the array DOES NOT agree")
    return lines.joined(separator: "\n")
  }
}
