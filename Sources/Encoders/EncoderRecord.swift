import Batches
import Foundation
import Recipes
import Skeleton

/// An encoder of a checkpoint: all that evaluations have to know to make it again, whatever it was trained by.
public struct EncoderRecord: Sendable, Equatable {
  /// Which of two encoders that belong together.
  public enum Branch: String, CaseIterable, Sendable {
    /// The one that was trained.
    case query
    /// Its moving average.
    case key
  }

  /// Where its parameters are: `encoder_q`.
  public var scope: String
  /// Which branch it is.
  public var branch: Branch
  /// What it reads.
  public var stream: SkeletonStream
  /// Frames of its clips, T.
  public var frames: Int
  /// What it is.
  public var encoder: Variant<EncoderFamily>

  /// A record.
  public init(
    scope: String, branch: Branch, stream: SkeletonStream, frames: Int, encoder: Variant<EncoderFamily>
  ) {
    (self.scope, self.branch, self.stream, self.frames) = (scope, branch, stream, frames)
    self.encoder = encoder
  }

  /// What it is made for.
  public var input: EncoderInput { EncoderInput(layout: .kinect25, frames: frames) }
}

/// The encoders of a checkpoint as YAML, a recipe of its own.
public struct EncoderRecords: Sendable, Equatable {
  /// The records, in the order in which a method made the encoders.
  public var records: [EncoderRecord]

  /// Some encoders.
  public init(_ records: [EncoderRecord]) { self.records = records }

  private struct Entry: RecipeSettings {
    var scope = ""
    var branch = EncoderRecord.Branch.query
    var stream = SkeletonStream.joint
    var frames = 64
    var encoder = Variant<EncoderFamily>()

    static let kind = "encoder record"
    static let summary = "An encoder of a checkpoint."
    static let settings: [Setting<Entry>] = [
      .text("scope", \.scope, "where its parameters are"),
      .choice("branch", \.branch, "the trained encoder or its moving average"),
      .choice("stream", \.stream, "what it reads"),
      .integer("frames", \.frames, 1...8192, "frames of its clips"),
      .variant("encoder", \.encoder, "what it is"),
    ]
  }

  /// The texts of the records, each the YAML of one.
  public var texts: [String] {
    records.map { record in
      var entry = Entry()
      (entry.scope, entry.branch, entry.stream) = (record.scope, record.branch, record.stream)
      (entry.frames, entry.encoder) = (record.frames, record.encoder)
      return entry.yaml
    }
  }

  /// The records of a checkpoint's texts; nil for one of an earlier version, which has none.
  ///
  /// - Throws: an `InputError` for what is no record.
  public init?(of texts: [String: String], file: String) throws {
    var own: [String] = []
    while let text = texts["encoder.\(own.count)"] { own.append(text) }
    guard !own.isEmpty else { return nil }
    try self.init(texts: own, file: file)
  }

  /// The records of texts.
  ///
  /// - Throws: an `InputError` for what is no record.
  public init(texts: [String], file: String) throws {
    records = try texts.map { text in
      let entry = try Entry(yaml: text, file: file)
      let record = EncoderRecord(
        scope: entry.scope, branch: entry.branch, stream: entry.stream, frames: entry.frames,
        encoder: entry.encoder)
      try record.encoder.encoder.check(record.input, in: file)
      return record
    }
  }
}
