import Batches
import Foundation
import Encoders
import NN
import Recipes
import Shards
import Skeleton
import Training

extension EvaluationTask {
  /// Raised when the same settings on the same data come to mean other numbers, so that results of before are measured
  /// again where they would be kept. A task that changes by itself declares its own.
  public static var version: Int { 1 }

  /// What of the task decides a result: kind, version, settings.
  var parts: [String] { [Self.kind, "version \(Self.version)", keyText] }

  /// SHA-256 of all that decides the task's result on a subject: the task, the encoders, and on each side the data and
  /// the names of the samples.
  public func key(on subject: EvaluationSubject) -> String {
    let sides =
      [("train", subject.train), ("test", subject.test)]
      + subject.variants.flatMap { [("\($0.name): train", $0.train), ("\($0.name): test", $0.test)] }
    return SHA256Digest.hex(
      ofParts: ["evaluation 1"] + parts + subject.encoders.map(\.identity)
        + sides.flatMap { [$0, $1.digest, $1.entries.map(\.name).joined(separator: "\n")] }
        + [subject.lists.fewShot.map { "\($0)" } ?? ""])
  }
}

extension FrozenEncoder {
  /// SHA-256 of all that decides the features of samples.
  public func key(on source: SampleSource) -> String {
    SHA256Digest.hex(
      ofParts: ["features 1", identity, source.digest, source.entries.map(\.name).joined(separator: "\n")])
  }

  /// What decides how the encoder's arrays are used, for people too: `joint, 64 frames, stepwise, encoder_q`.
  var reading: String {
    let kind = record.encoder[as: GRUEncoderSettings.self]?.mode.rawValue ?? record.encoder.text
    return "\(stream.rawValue), \(frames) frames, \(kind), \(scope)"
  }

  /// SHA-256 of all that decides the encoder's features, and what results say of it: its arrays, also those of an
  /// untrained one, which depend on the program that drew them; the recipe, and which of its encoders it is; and what it
  /// was trained on.
  var identity: String {
    SHA256Digest.hex(
      ofParts: [
        "encoder 1", start, digest, reading, recipe.keyText, trainingData ?? "", origin.map { "\($0)" } ?? "",
      ])
  }
}

extension SHA256Digest {
  /// The digest of texts in their order, each with its length, so that no two lists have the same.
  static func hex(ofParts parts: [String]) -> String {
    var digest = SHA256Digest()
    for part in parts {
      digest.update(part.utf8.count)
      digest.update(part)
    }
    return digest.hex
  }
}
