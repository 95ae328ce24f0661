import Formats
import Shards
import Skeleton

/// Somebody's own recordings: poses in files, and rows of a table that say what is done in them.
extension RecordingConversion {
  /// The samples of a recording: one for each row that the table has of it, or one.
  func actions(
    of source: ConversionPlan.Source, _ text: SourceTexts.Text, _ recordings: OwnRecordings
  ) -> Result {
    let own: OwnRecording
    do {
      own = try OwnRecording(text, recordings.data)
    } catch {
      return Result(rows: [ReportRow(text.file, sample: source.name, error)])
    }
    let recording = own.recording
    let isWhole = source.actions.count <= 1 && source.actions.allSatisfy { $0.start == nil && $0.end == nil }
    var result = Result()
    var repairs: Set<Repair> = []
    for (index, action) in (source.actions.isEmpty ? [nil] : source.actions.map { $0 }).enumerated() {
      let name = isWhole ? source.name : "\(source.name)#\(index)"
      let frames = (action?.start ?? 0)..<max(action?.start ?? 0, action?.end ?? recording.frameCount)
      func refuse(_ reason: String, _ detail: String) {
        result.rows.append(
          ReportRow(
            text.file.label, sample: name, isWhole ? .dropped : .droppedAction, reason: reason,
            line: action?.line, detail: detail))
      }
      guard !frames.isEmpty, frames.upperBound <= recording.frameCount else {
        refuse(
          "outside",
          "frames \(frames.lowerBound) to \(action?.end ?? recording.frameCount) of \(recording.frameCount)")
        continue
      }
      let normalized = options.profile.normalize(recording.frames(frames))
      guard normalized.clip.presentBodies > 0 else {
        refuse("no-body", "no body in any of frames \(frames.lowerBound) to \(frames.upperBound - 1)")
        continue
      }
      guard name.utf8.count <= 255 else {
        refuse("misnamed", "a name of \(name.utf8.count) bytes, where a shard takes 255")
        continue
      }
      result.samples.append(
        Sample(
          record: record(name, action, isWhole ? -1 : index, normalized.clip, text.digest, recordings.data),
          clip: normalized.clip, intervals: [], loops: normalized.loops))
      repairs.formUnion(normalized.repairs)
    }
    // Joints that the layout does not have are no loss.
    if own.unseen == 0 { repairs.remove(.lostJoints) }
    if !result.samples.isEmpty || result.rows.isEmpty || !isWhole {
      result.rows.append(
        ReportRow(
          text.file.label, sample: source.name, repairs.isEmpty ? .kept : .repaired,
          repairs: repairs.isEmpty ? nil : repairs.sorted(), detail: own.note, unit: own.scale.unit.rawValue))
    }
    return result
  }

  private func record(
    _ name: String, _ action: LabelTable.Row?, _ row: Int, _ clip: Clip, _ digest: String, _ data: OwnData
  ) -> SampleRecord {
    func number(_ word: String?, in words: [String]) -> Int {
      word.flatMap { words.firstIndex(of: $0) }.map { $0 + 1 } ?? -1
    }
    let action = (number(action?.label, in: data.classes), action)
    return SampleRecord(
      name: name, label: action.0 > 0 ? action.0 - 1 : -1, camera: number(action.1?.camera, in: data.cameras),
      subject: number(action.1?.subject, in: data.subjects), action: action.0, row: row,
      bodies: clip.presentBodies, digest: digest)
  }
}

/// A recording of somebody's own, as Kinect v2 would have seen it.
struct OwnRecording {
  /// Metres, y up.
  let recording: Recording
  /// What its coordinates counted.
  let scale: PoseScale
  /// Joints that the layout tells and that were not seen.
  let unseen: Int
  /// What a reader of the report should know; nil for nothing.
  let note: String?

  /// Reads a file of a layout.
  init(_ text: SourceTexts.Text, _ data: OwnData) throws(PoseFileError) {
    let (poses, ignored) = try PoseFile.read(text.bytes, extension: text.file.fileExtension, data.form)
    let mapped = poses.recording(data.form.layout, in: data.space)
    (recording, scale, unseen) = (mapped.recording, mapped.scale, mapped.unseen)
    var notes: [String] = []
    if !ignored.isEmpty {
      let shown = ignored.prefix(4).map { $0.prefix(40) }.joined(separator: ", ")
      notes.append("passed over: \(shown)\(ignored.count > 4 ? " and \(ignored.count - 4) more" : "")")
    }
    if scale.isImplausible, let ratio = scale.ratio {
      let times = Int((ratio * scale.metres * 100).rounded())
      notes.append("bones of \(times) % of a person's in \(scale.unit.rawValue): is --units right?")
    }
    note = notes.isEmpty ? nil : notes.joined(separator: "; ")
  }
}

extension ReportRow {
  /// The rows of further frames of a recording whose frames are files: they go the way of the first.
  static func frames(_ files: [RawFile], of sample: String, following rows: [ReportRow]) -> [ReportRow] {
    let isUsed = rows.contains { $0.outcome == .kept || $0.outcome == .repaired }
    return files.map {
      isUsed
        ? ReportRow($0.label, sample: sample, .kept)
        : ReportRow(
          $0.label, sample: sample, .dropped, reason: rows.first(where: \.isBad)?.reason ?? "conflict",
          detail: "a frame of a recording that cannot be used")
    }
  }

  /// The row of a file that holds no poses.
  init(_ file: RawFile, sample: String, _ error: PoseFileError) {
    self.init(
      file.label, sample: sample, .dropped, reason: error.kind, line: error.line, byte: error.byte,
      detail: error.sentence)
  }
}
