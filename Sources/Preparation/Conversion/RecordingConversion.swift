import Formats
import Shards
import Skeleton

/// Makes samples of a recording's files: the part of a conversion that knows nothing of other recordings.
struct RecordingConversion: Sendable {
  let options: ConversionOptions
  /// Names that a list says to leave out.
  let excluded: Set<String>

  init(_ options: ConversionOptions) {
    self.options = options
    excluded = options.data.published.map { options.exclusion.names(of: $0) } ?? []
  }

  /// A sample as a shard takes it.
  struct Sample {
    let record: SampleRecord
    let clip: Clip
    let intervals: [ActionInterval]
    var loops: BodyLoops?
    /// For each column that is kept its values, (T, M=2, V=25, width), 0 where a body is absent.
    var columns: [JointColumn: [Float]] = [:]
  }

  /// What became of a recording.
  struct Result {
    var samples: [Sample] = []
    /// One row a file, and one for each action that cannot be used.
    var rows: [ReportRow] = []
  }

  /// Reads the files and makes the samples. Unusable files are rows and not errors.
  ///
  /// - Throws: ``InputError`` if the system cannot read a file, which says nothing about the recording.
  func convert(_ source: ConversionPlan.Source, with reader: RawFileReader) throws -> Result {
    let texts = try SourceTexts(reading: source, of: options.data.format, with: reader)
    var result = Result(rows: texts.rows)
    switch options.data {
    case .own(let recordings):
      if let text = texts.recording { result.add(actions(of: source, text, recordings)) }
      result.rows += ReportRow.frames(texts.frames, of: source.name, following: result.rows)
    case .published(let dataset) where dataset.format == .ntu:
      if let text = texts.recording { result.add(performance(named: source.name, text)) }
    case .published(let dataset):
      result.add(video(named: source.name, texts, of: dataset))
    }
    return result
  }

  /// The sample of an NTU recording, which holds one action from beginning to end.
  private func performance(named name: String, _ text: SourceTexts.Text) -> Result {
    guard let name = SampleName(name) else { preconditionFailure("\(name) passed the plan") }
    let recording: Recording
    var columns: [JointColumn: [Float]] = [:]  // (bodies, V, width)
    do {
      recording = try NTUSkeletonText.parse(text.bytes.span)
      for column in options.columns {
        columns[column] = try NTUJointColumns.parse(column, of: text.bytes.span)
      }
    } catch {
      return Result(rows: [ReportRow(text.file, sample: "\(name)", error)])
    }
    let normalized = options.profile.normalize(recording)
    let clip = normalized.clip
    guard clip.presentBodies > 0 else {
      return Result(rows: [.noBody(in: text.file, sample: "\(name)", frames: recording.frameCount)])
    }
    let record = SampleRecord(
      name: "\(name)", label: name.label, setup: name.setup, camera: name.camera, subject: name.subject,
      replication: name.replication, action: name.action, bodies: clip.presentBodies, digest: text.digest)
    return Result(
      samples: [
        Sample(
          record: record, clip: clip, intervals: [], loops: normalized.loops,
          columns: Dictionary(
            uniqueKeysWithValues: columns.map { ($0, normalized.following($1, width: $0.width)) }))
      ],
      rows: [.used(text.file, sample: "\(name)", repairs: normalized.repairs, of: recording)])
  }
}

extension RecordingConversion.Result {
  mutating func add(_ other: RecordingConversion.Result) {
    samples += other.samples
    rows += other.rows
  }
}

extension ReportRow {
  /// The row of a file that is not a recording.
  init(_ file: RawFile, sample: String, _ error: SkeletonTextError) {
    self.init(
      file.label, sample: sample, .dropped, reason: error.kind, byte: error.offset,
      detail: error.sentence)
  }

  /// The row of a recording of which samples were made.
  static func used(_ file: RawFile, sample: String, repairs: [Repair], of recording: Recording) -> ReportRow {
    var detail: String?
    if let first = recording.lostJoints.first, repairs.contains(.lostJoints) {
      let frame = recording.frame(ofBody: first / Kinect25.jointCount)
      detail =
        "joints at no place (no number, or beyond \(Int(Recording.farthest)) m) count as not seen: "
        + "\(recording.lostJoints.count), the first in frame \(frame), \(Kinect25.jointNames[first % Kinect25.jointCount])"
    }
    return ReportRow(
      file.label, sample: sample, repairs.isEmpty ? .kept : .repaired,
      repairs: repairs.isEmpty ? nil : repairs, detail: detail)
  }

  /// The row of a recording that shows nobody.
  static func noBody(in file: RawFile, sample: String, frames: Int) -> ReportRow {
    ReportRow(
      file.label, sample: sample, .dropped, reason: "no-body",
      detail: "no body in any of \(frames) frames")
  }
}
