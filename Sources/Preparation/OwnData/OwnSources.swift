import Formats
import Skeleton

/// Which files are which recording, where names follow no rule.
enum OwnSources {
  /// The recordings of some files, ordered by name.
  ///
  /// A recording is called as its file is, without extension, with the folders below the input in front: what a folder
  /// holds keeps its name wherever the folder is. Files of one frame each, as OpenPose writes them
  /// (`walk_000000000012_keypoints.json`), are one recording.
  static func sources(of files: [RawFile]) -> [ConversionPlan.Source] {
    Dictionary(grouping: files, by: { name(of: $0) }).sorted { $0.key < $1.key }.map {
      ConversionPlan.Source(name: $0.key, files: $0.value)
    }
  }

  /// The name of the recording that a file is, or is a frame of: printable ASCII, without blanks and `#`.
  static func name(of file: RawFile) -> String {
    let place = place(of: file)
    return shown(frame(place)?.recording ?? place)
  }

  /// Which frame of which recording a file is, `walk_000000000012_keypoints`; nil for one that is a recording.
  static func frame(of file: RawFile) -> Int? {
    file.fileExtension == "json" ? frame(place(of: file))?.number : nil
  }

  private static func frame(_ place: String) -> (recording: String, number: Int)? {
    guard let match = place.wholeMatch(of: #/(.+)_([0-9]{6,15})_keypoints/#) else { return nil }
    return Int(match.2).map { (String(match.1), $0) }
  }

  /// The file's path below the input, without extension.
  private static func place(of file: RawFile) -> String {
    let folders = file.label.split(separator: "/").dropLast().dropFirst()
    return (folders + [Substring(file.stem)]).joined(separator: "/")
  }

  /// What a shard can hold; other bytes are written as in addresses, `%20`.
  private static func shown(_ name: String) -> String {
    var text = ""
    for byte in name.utf8 {
      if (33...126).contains(byte) && byte != UInt8(ascii: "#") && byte != UInt8(ascii: "%") {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        text += "%" + (digits.count < 2 ? "0" : "") + digits
      }
    }
    return text
  }

  /// Gives each recording the rows that a table has of it.
  ///
  /// A row may name its recording with or without folders and extension, as long as that is one.
  ///
  /// - Returns: the recordings that are named; what became of the others, and of rows of no recording.
  static func labelled(
    _ sources: [ConversionPlan.Source], by recordings: OwnRecordings
  ) -> (sources: [ConversionPlan.Source], rows: [ReportRow]) {
    guard let table = recordings.table else { return (sources, []) }
    let file = recordings.labels.map { String($0.split(separator: "/").last ?? "") } ?? "labels"
    var places: [String: Set<Int>] = [:]
    for (index, source) in sources.enumerated() {
      for name in names(of: source) { places[name, default: []].insert(index) }
    }
    var own: [Int: [LabelTable.Row]] = [:]
    var rows: [ReportRow] = []
    for row in table.rows {
      let found = places[row.name] ?? places[row.name.replacing("\\", with: "/")] ?? []
      if let index = found.first, found.count == 1 {
        own[index, default: []].append(row)
        continue
      }
      rows.append(
        ReportRow(
          file, sample: shown(row.name), .droppedAction,
          reason: found.isEmpty ? "no-recording" : "ambiguous-name",
          line: row.line,
          detail: found.isEmpty
            ? "line \(row.line): no recording is called \(row.name)"
            : "line \(row.line): \(found.count) recordings are called \(row.name), such as "
              + "\(found.sorted().prefix(2).map { sources[$0].name }.joined(separator: " and ")); name the folder too"
        ))
    }
    var named: [ConversionPlan.Source] = []
    for (index, source) in sources.enumerated() {
      if let actions = own[index] {
        named.append(ConversionPlan.Source(name: source.name, files: source.files, actions: actions))
      } else {
        rows += source.files.map {
          ReportRow(
            $0.label, sample: source.name, .dropped, reason: "no-label",
            detail: "\(file) does not name this recording")
        }
      }
    }
    return (named, rows)
  }

  /// All that a table may call a recording.
  private static func names(of source: ConversionPlan.Source) -> Set<String> {
    var names: Set<String> = [source.name]
    for file in source.files {
      let place = place(of: file)
      let recording = frame(place)?.recording ?? place
      let last = String(recording.split(separator: "/").last ?? "")
      names.formUnion([
        recording, last, "\(recording).\(file.fileExtension)", "\(last).\(file.fileExtension)",
      ])
    }
    return names
  }
}
