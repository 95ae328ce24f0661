import Formats
import Shards
import Skeleton

/// The text of a recording, and that of its labels, agreed on by all files that claim to be it.
struct SourceTexts {
  /// A file's bytes.
  struct Text {
    let file: RawFile
    let bytes: [UInt8]
    let digest: String
  }

  /// The recording; nil if no file of it can be read, or two differ.
  var recording: Text?
  /// The labels of an untrimmed recording; nil likewise.
  private(set) var labels: Text?
  /// What became of the files that are neither.
  var rows: [ReportRow] = []
  /// The files of further frames, where each frame is a file, which go the way of the first.
  var frames: [RawFile] = []

  /// Reads all files of a source. Of files that should be equal the first is held, and of the others the digest.
  ///
  /// PKU-MMD gives a recording and its labels the same name; a file's first line tells which of the two it is. A file
  /// with nothing in it is whichever of the two is not there otherwise: beside a recording, labels without a row.
  init(reading source: ConversionPlan.Source, of format: RecordingFormat, with reader: RawFileReader)
    throws
  {
    if format == .poses, source.files.contains(where: { OwnSources.frame(of: $0) != nil }) {
      try readFrames(of: source, with: reader)
      return
    }
    var texts: [Text] = []
    var labelTexts: [Text] = []
    var emptyTexts: [Text] = []
    for file in source.files {
      do {
        var bytes: [UInt8] = []
        try reader.read(file, into: &bytes)
        let digest = SHA256Digest.hex(of: bytes)
        switch format == .pkummd ? PKULabelText.kind(of: bytes.span) : .skeletons {
        case .labels:
          labelTexts.append(Text(file: file, bytes: labelTexts.isEmpty ? bytes : [], digest: digest))
        case .skeletons: texts.append(Text(file: file, bytes: texts.isEmpty ? bytes : [], digest: digest))
        case .nothing: emptyTexts.append(Text(file: file, bytes: bytes, digest: digest))
        }
      } catch let error as SkeletonTextError {
        rows.append(ReportRow(file, sample: source.name, error))
      } catch let error as InputError where error.kind == .inputOutput {
        throw error  // A disk or a system that fails says nothing about the recording.
      } catch {
        rows.append(
          ReportRow(file.label, sample: source.name, .dropped, reason: "unreadable", detail: "\(error)"))
      }
    }
    if labelTexts.isEmpty && !texts.isEmpty {
      labelTexts = emptyTexts
    } else {
      rows += emptyTexts.map { ReportRow($0.file, sample: source.name, SkeletonTextError(.empty, at: 0)) }
    }
    recording = agreed(texts, of: source.name)
    labels = agreed(labelTexts, of: source.name)
  }

  /// The one text of several that claim to be the same; they must agree, byte for byte.
  private mutating func agreed(_ texts: [Text], of name: String) -> Text? {
    guard let first = texts.first else { return nil }
    if texts.contains(where: { $0.digest != first.digest }) {
      rows += texts.map {
        ReportRow(
          $0.file.label, sample: name, .dropped, reason: "conflict",
          detail: "several files of this name differ; SHA-256 here \($0.digest)")
      }
      return nil
    }
    rows += texts.dropFirst().map {
      ReportRow(
        $0.file.label, sample: name, .duplicate, reason: "same-bytes",
        detail: "the same as \(first.file.label)")
    }
    return first
  }
}
