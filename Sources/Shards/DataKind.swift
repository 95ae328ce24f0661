import Foundation
import Skeleton

/// What decides whether an encoder or a classifier that learned from one data set can read another: which classes there
/// are, how recordings were made comparable, and what a frame is.
public struct DataKind: Codable, Sendable, Equatable {
  /// The data set: `ntu60`.
  public var dataset: String
  /// The normalization profile's name: `agcn300`.
  public var profile: String
  /// SHA-256 of the profile's steps, as the recipe of the conversion has them; empty where it has none.
  public var steps: String
  /// How many bodies a frame has, and which joints.
  public var frame: String

  /// What every frame is in this version of the format.
  public static let frame = "\(Kinect25.bodyCount) bodies of the \(Kinect25.jointCount) joints of Kinect v2"

  /// The kind of data of a name and profile, which other programs may have recorded.
  public init(dataset: String, profile: String, steps: String = "", frame: String = DataKind.frame) {
    (self.dataset, self.profile, self.steps, self.frame) = (dataset, profile, steps, frame)
  }

  /// The kind of data of a data set.
  ///
  /// - Parameter conversion: how it was converted.
  public init(dataset: String, profile: String, conversion: JSONValue) throws {
    self.init(dataset: dataset, profile: profile)
    if case .object(let recipe) = conversion, let profile = recipe["profile"] {
      steps = SHA256Digest.hex(of: Data(try profile.text().utf8))
    }
  }

  /// The kind of data that a manifest describes.
  public init(_ manifest: Manifest) throws {
    try self.init(dataset: manifest.dataset, profile: manifest.profile, conversion: manifest.recipe)
  }

  /// What has to be the same where classes are to mean the same: NTU RGB+D 120 continues the numbers of 60, and the two
  /// parts of PKU-MMD share theirs.
  ///
  /// Of somebody's own data sets each is a family of its own.
  public var family: Substring {
    SkeletonDataset(rawValue: dataset) == nil ? dataset[...] : dataset.prefix(3)
  }

  /// What recordings became here and there, in words, where that is not the same; the data set may be another one.
  public func difference(from other: DataKind) -> (here: String, there: String)? {
    if frame != other.frame { return (frame, other.frame) }
    if profile != other.profile { return ("of the profile \(profile)", "of \(other.profile)") }
    if steps == other.steps { return nil }
    func named(_ steps: String) -> String { steps.isEmpty ? "no steps" : "steps \(steps.prefix(8))" }
    return ("of the profile \(profile) with \(named(steps))", "of one with \(named(other.steps))")
  }
}
