import Formats
import Shards
import Skeleton

/// Untrimmed recordings: many actions in one text, and a table of them in another.
extension RecordingConversion {
  /// The samples of a PKU-MMD recording: one for each action, or one with the table of its actions.
  func video(named name: String, _ texts: SourceTexts, of dataset: SkeletonDataset) -> Result {
    guard let name = VideoName(name) else { preconditionFailure("\(name) passed the plan") }
    guard let text = texts.recording else {
      return Result(rows: texts.labels.map { [.labelsAlone($0.file, sample: "\(name)")] } ?? [])
    }
    let recording: Recording
    do {
      recording = try PKUSkeletonText.parse(text.bytes.span)
    } catch {
      return Result(rows: [ReportRow(text.file, sample: "\(name)", error)] + used(texts.labels, name))
    }
    var result = Result()
    var actions: [ActionRows.Action] = []
    var rowNumbers: [Int: Int] = [:]  // by line
    if let labels = texts.labels {
      do {
        let rows = try PKULabelText.parse(labels.bytes.span)
        let found = ActionRows(
          rows, frameCount: recording.frameCount, convention: options.intervals,
          classCount: dataset.classCount)
        actions = found.actions
        rowNumbers = Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($0.element.line, $0.offset) })
        result.rows += found.refused.map { .unusableAction($0, of: labels.file, sample: "\(name)") }
        result.rows += used(labels, name)
      } catch  where error.reason == .empty {
        // A recording in which nothing that has a class is done.
        result.rows.append(.emptyLabels(labels.file, sample: "\(name)"))
      } catch {
        result.rows.append(.brokenLabels(labels, sample: "\(name)", error))
      }
    }
    switch options.trimming {
    case .trimmed:
      result.add(trimmed(recording, of: text, name, to: actions, rowNumbers, isLabelled: texts.labels != nil))
    case .untrimmed: result.add(untrimmed(recording, of: text, name, with: actions))
    }
    return result
  }

  private func used(_ labels: SourceTexts.Text?, _ name: VideoName) -> [ReportRow] {
    labels.map { [ReportRow($0.file.label, sample: "\(name)", .kept)] } ?? []
  }

  private func trimmed(
    _ recording: Recording, of text: SourceTexts.Text, _ name: VideoName, to actions: [ActionRows.Action],
    _ rowNumbers: [Int: Int], isLabelled: Bool
  ) -> Result {
    guard !actions.isEmpty else {
      let (reason, detail) =
        isLabelled
        ? ("no-actions", "its labels name no action that can be used")
        : ("no-labels", "no labels of this name")
      return Result(
        rows: [ReportRow(text.file.label, sample: "\(name)", .dropped, reason: reason, detail: detail)])
    }
    var result = Result()
    var repairs: Set<Repair> = []
    for action in actions {
      let sample = "\(TrimmedName(name, index: action.index))"
      if excluded.contains(sample) {
        result.rows.append(ReportRow(text.file.label, sample: sample, .excluded, reason: "given-list"))
        continue
      }
      let normalized = options.profile.normalize(recording.frames(action.start..<action.end))
      let clip = normalized.clip
      guard clip.presentBodies > 0 else {
        result.rows.append(
          ReportRow(
            text.file.label, sample: sample, .droppedAction, reason: "no-body",
            detail: "no body in any of frames \(action.start) to \(action.end - 1)"))
        continue
      }
      var record = record(named: sample, of: name, clip, digest: text.digest)
      record.label = action.label
      record.action = action.label + 1
      record.row = rowNumbers[action.row.line] ?? -1
      result.samples.append(Sample(record: record, clip: clip, intervals: [], loops: normalized.loops))
      repairs.formUnion(normalized.repairs)
    }
    result.rows.append(.used(text.file, sample: "\(name)", repairs: repairs.sorted(), of: recording))
    return result
  }

  private func untrimmed(
    _ recording: Recording, of text: SourceTexts.Text, _ name: VideoName, with actions: [ActionRows.Action]
  ) -> Result {
    guard let profile = options.profile.keepingTime else { preconditionFailure("the options were validated") }
    let normalized = profile.normalize(recording)
    let clip = normalized.clip
    precondition(clip.frameCount == recording.frameCount, "\(profile.name) does not keep time")
    guard clip.presentBodies > 0 else {
      return Result(rows: [.noBody(in: text.file, sample: "\(name)", frames: recording.frameCount)])
    }
    return Result(
      samples: [
        Sample(
          record: record(named: "\(name)", of: name, clip, digest: text.digest), clip: clip,
          intervals: actions.map {
            ActionInterval(start: $0.start, end: $0.end, label: $0.label, confidence: $0.row.confidence)
          })
      ],
      rows: [.used(text.file, sample: "\(name)", repairs: normalized.repairs, of: recording)])
  }

  private func record(
    named sample: String, of name: VideoName, _ clip: Clip, digest: String
  ) -> SampleRecord {
    SampleRecord(
      name: sample, camera: name.camera, subject: name.subject ?? -1, bodies: clip.presentBodies,
      digest: digest)
  }
}

extension ReportRow {
  /// The row of labels without a recording.
  fileprivate static func labelsAlone(_ file: RawFile, sample: String) -> ReportRow {
    ReportRow(
      file.label, sample: sample, .dropped, reason: "no-recording", detail: "labels of no usable recording")
  }

  /// The row of a file of labels without a row.
  fileprivate static func emptyLabels(_ file: RawFile, sample: String) -> ReportRow {
    ReportRow(file.label, sample: sample, .kept, reason: "empty", detail: "no row of labels: no action")
  }

  /// The row of a file of labels that cannot be read, with the line.
  fileprivate static func brokenLabels(
    _ labels: SourceTexts.Text, sample: String, _ error: SkeletonTextError
  ) -> ReportRow {
    let line = 1 + labels.bytes.prefix(error.offset).count { $0 == 0x0a }
    return ReportRow(
      labels.file.label, sample: sample, .dropped, reason: error.kind, line: line, byte: error.offset,
      detail: "labels: line \(line), \(error.sentence); a row is label,start,end,confidence")
  }

  /// The row of a line of labels that is not an action of its recording.
  fileprivate static func unusableAction(
    _ refused: ActionRows.Refusal, of file: RawFile, sample: String
  ) -> ReportRow {
    ReportRow(
      file.label, sample: sample, .droppedAction, reason: refused.reason.rawValue, line: refused.row.line,
      detail:
        "line \(refused.row.line): class \(refused.row.label), frames \(refused.row.start) to \(refused.row.end)"
    )
  }
}
