import Formats
import Shards
import Skeleton

/// Makes a shard of a run of samples: the work of one thread.
struct ShardConversion {
  let options: ConversionOptions
  let attributes: ShardAttributes

  /// What is left of a run.
  struct Result {
    /// Holds the samples; nil if there are none.
    var shard: ShardBuilder?
    var rows: [ReportRow] = []
  }

  /// Reads, normalizes and collects the run's samples.
  ///
  /// - Parameters:
  ///   - run: the samples.
  ///   - reader: the thread's reader.
  ///   - report: is given the rows of each sample as soon as they are known.
  /// - Throws: what the shard's builder throws. Unusable files are rows and not errors.
  func convert(
    _ run: ConversionPlan.Run, reader: RawFileReader, report: ([ReportRow]) -> Void
  ) throws -> Result {
    var shard = ShardBuilder(attributes: attributes, compression: options.compression)
    var result = Result()
    var kept = 0
    for sample in run.samples {
      let (source, rows) = try read(sample, with: reader)
      var outcome = rows
      if let source {
        let (clip, row) = normalize(source)
        outcome.append(row)
        if let clip {
          try shard.append(
            record(of: sample.name, clip, digest: source.digest), frames: clip.joints, visible: clip.visible)
          kept += 1
        }
      }
      result.rows += outcome
      report(outcome)
    }
    if kept > 0 { result.shard = shard }
    return result
  }

  /// A sample's text, and which file it is from.
  private struct Source {
    let file: RawFile
    let sample: String
    let text: [UInt8]
    let digest: String
  }

  /// Reads all files that claim to be the sample; they must agree, byte for byte.
  private func read(
    _ sample: ConversionPlan.Sample, with reader: RawFileReader
  ) throws -> (Source?, [ReportRow]) {
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
      } catch let error as InputError where error.kind == .inputOutput {
        throw error  // A disk or a system that fails says nothing about the recording.
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
