import Formats
import Shards
import Skeleton

/// Reads and normalizes samples, and collects them to shards.
struct ShardConversion {
  let options: ConversionOptions
  let attributes: ShardAttributes

  /// A sample that is ready to be stored, or why there is none.
  struct Prepared: Sendable {
    /// What became of the sample's files.
    var rows: [ReportRow]
    /// Nil if none of them could be used.
    var content: (record: SampleRecord, clip: Clip)?
  }

  /// What is left of a run.
  struct Result: Sendable {
    var shard: ShardBuilder
    var rows: [ReportRow] = []
  }

  /// The result of a run of which nothing has been read yet.
  func emptyResult() -> Result {
    Result(shard: ShardBuilder(attributes: attributes, compression: options.compression))
  }

  /// Reads and normalizes a sample. Unusable files are rows and not errors.
  ///
  /// - Parameter reader: the thread's reader.
  func prepare(_ sample: ConversionPlan.Sample, reader: RawFileReader) -> Prepared {
    let (source, rows) = read(sample, with: reader)
    guard let source else { return Prepared(rows: rows) }
    let (clip, row) = normalize(source)
    guard let clip else { return Prepared(rows: rows + [row]) }
    return Prepared(
      rows: rows + [row], content: (record(of: sample.name, clip, digest: source.digest), clip))
  }

  /// Adds a sample to a run's result.
  ///
  /// - Returns: the chunks that it fills; somebody has to compress them.
  /// - Throws: what the shard's builder throws.
  func add(_ sample: Prepared, to result: inout Result) throws -> [ShardChunk] {
    var filled: [ShardChunk] = []
    if let (record, clip) = sample.content {
      try result.shard.append(record, frames: clip.joints, visible: clip.visible) { filled.append($0) }
    }
    result.rows += sample.rows
    return filled
  }

  /// A sample's text, and which file it is from.
  private struct Source {
    let file: RawFile
    let sample: String
    let text: [UInt8]
    let digest: String
  }

  /// Reads all files that claim to be the sample; they must agree, byte for byte.
  private func read(_ sample: ConversionPlan.Sample, with reader: RawFileReader) -> (Source?, [ReportRow]) {
    let name = "\(sample.name)"
    var sources: [Source] = []
    var rows: [ReportRow] = []
    for file in sample.files {
      do {
        var text: [UInt8] = []
        try reader.read(file, into: &text)
        let digest = SHA256Digest.hex(of: text)
        // Of more than one file only the digests are compared, so a single text is held.
        if sources.isEmpty {
          sources.append(Source(file: file, sample: name, text: text, digest: digest))
        } else {
          sources.append(Source(file: file, sample: name, text: [], digest: digest))
        }
      } catch let error as SkeletonTextError {
        rows.append(ReportRow(file, sample: name, error))
      } catch {
        rows.append(ReportRow(file.label, sample: name, .dropped, reason: "unreadable", detail: "\(error)"))
      }
    }
    guard let first = sources.first else { return (nil, rows) }
    if sources.contains(where: { $0.digest != first.digest }) {
      rows += sources.map {
        ReportRow(
          $0.file.label, sample: name, .dropped, reason: "conflict",
          detail: "several files of this name differ; SHA-256 here \($0.digest)")
      }
      return (nil, rows)
    }
    rows += sources.dropFirst().map {
      ReportRow(
        $0.file.label, sample: name, .duplicate, reason: "same-bytes",
        detail: "the same as \(first.file.label)")
    }
    return (first, rows)
  }

  private func normalize(_ source: Source) -> (Clip?, ReportRow) {
    let label = source.file.label
    let recording: Recording
    do {
      recording = try NTUSkeletonText.parse(source.text.span)
    } catch {
      return (nil, ReportRow(source.file, sample: source.sample, error))
    }
    let clip = options.profile.normalize(recording)
    if clip.presentBodies == 0 {
      let row = ReportRow(
        label, sample: source.sample, .dropped, reason: "no-body",
        detail: "no body in any of \(recording.frameCount) frames")
      return (nil, row)
    }
    return (clip, ReportRow(label, sample: source.sample, .kept))
  }

  private func record(of name: SampleName, _ clip: Clip, digest: String) -> SampleRecord {
    SampleRecord(
      name: "\(name)", label: name.label, setup: name.setup, camera: name.camera, subject: name.subject,
      replication: name.replication, action: name.action, bodies: clip.presentBodies, digest: digest)
  }
}

extension ReportRow {
  /// The row of a file that is not a recording.
  init(_ file: RawFile, sample: String, _ error: SkeletonTextError) {
    self.init(
      file.label, sample: sample, .dropped, reason: error.kind, byte: error.offset,
      detail: error.sentence)
  }
}
