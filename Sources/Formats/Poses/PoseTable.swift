import Skeleton

/// Poses in a table: CSV, TSV, or words parted by blanks. A row for each body of each frame, with a column for each
/// coordinate of each joint.
///
/// Headings name joints and axes, in the forms that programs write; or a file of columns does. A table without headings
/// has the joints in the order of the layout, x y of each or x y z, each followed by a confidence if there are so many
/// columns; rows of twice that have two bodies. `#` begins a comment. An empty cell is a joint that was not seen.
public struct PoseTable {
  /// Reads a table.
  ///
  /// - Throws: the first thing that does not belong, with its line and column.
  public static func parse(_ text: Span<UInt8>, _ form: PoseForm) throws(PoseFileError) -> Poses {
    try read(text, form).poses
  }

  /// A table, and the headings of its columns that mean nothing here.
  public static func read(
    _ text: Span<UInt8>, _ form: PoseForm
  ) throws(PoseFileError) -> (poses: Poses, ignored: [String]) {
    var lines = try TableCells(text)
    var cells: [Range<Int>] = []
    guard try lines.next(in: text, into: &cells) else { throw PoseFileError("empty", found: "no row") }
    let hasHeadings = cells.contains { lines.number($0, in: text) == nil }
    let headings = cells.enumerated().map {
      hasHeadings ? TableCells.word($0.element, in: text) : "#\($0.offset + 1)"
    }
    var rows = Rows(form)
    var ignored: [String] = []
    let isWide = !hasHeadings && form.columns == nil
    let columns: [TableHeading.Column]
    if isWide {
      columns = try bareColumns(cells.count, form, line: lines.line)
    } else {
      let heading = try TableHeading(headings, form)
      (columns, ignored) = (heading.columns, heading.ignored)
    }
    let isPair = isWide && cells.count > form.layout.jointCount * (form.layout.coordinates + 1)
    let bodyWidth = isPair ? cells.count / 2 : cells.count
    if hasHeadings {
      guard try lines.next(in: text, into: &cells) else {
        throw PoseFileError("empty", found: "headings without a row")
      }
    }
    repeat {
      guard cells.count == columns.count else {
        let isCut = lines.position == text.count && cells.count < columns.count
        throw PoseFileError(
          isCut ? "truncated" : "word-count", at: "line \(lines.line)", line: lines.line,
          found: "\(cells.count) cells", expected: "\(columns.count), as the first line has")
      }
      var row = Row()
      var body = form.nobody
      for (index, (cell, column)) in zip(cells, columns).enumerated() {
        func fail(_ expected: String) -> PoseFileError {
          PoseFileError(
            "bad-token", at: "line \(lines.line), column \(headings[index].prefix(60))", line: lines.line,
            byte: cell.lowerBound, found: "\"\(TableCells.word(cell, in: text).prefix(40))\"",
            expected: expected)
        }
        switch column {
        case .ignored: break
        case .frame:
          guard let number = lines.number(cell, in: text), number.isFinite else { throw fail("a number") }
          if let last = rows.lastFrame, number < last {
            throw PoseFileError(
              "order", at: "line \(lines.line)", line: lines.line, found: "frame \(number) behind \(last)",
              expected: "frames in the order of time")
          }
          row.frame = number
        case .body: row.body = TableCells.word(cell, in: text)
        case .joint(let joint, let axis):
          guard let number = lines.number(cell, in: text) else { throw fail("a number") }
          if axis < form.layout.coordinates {
            body[joint * form.layout.coordinates + axis] = number
          } else if !(number > form.leastConfidence) {
            row.hidden.append(joint)
          }
        }
        if index % bodyWidth == bodyWidth - 1 || index == columns.count - 1 {
          for joint in row.hidden { form.hide(joint, in: &body) }
          row.hidden = []
          row.bodies.append(body)
          body = form.nobody
        }
      }
      if !rows.add(row) {
        throw PoseFileError(
          "too-long", at: "line \(lines.line)", line: lines.line,
          found: "more than \(Recording.frameLimit) frames or \(Poses.mostBodies) bodies",
          expected: "a recording of some minutes")
      }
    } while try lines.next(in: text, into: &cells)
    return (rows.finished(), ignored)
  }

  /// The columns of a table without headings.
  private static func bareColumns(
    _ count: Int, _ form: PoseForm, line: Int
  ) throws(PoseFileError) -> [TableHeading.Column] {
    let (joints, axes) = (form.layout.jointCount, form.layout.coordinates)
    for (bodies, width) in [(1, axes), (1, axes + 1), (2, axes), (2, axes + 1)]
    where count == bodies * joints * width {
      return (0..<count).map { .joint($0 / width % joints, axis: $0 % width) }
    }
    throw PoseFileError(
      "column-count", at: "line \(line)", line: line, found: "\(count) numbers and no headings",
      expected:
        "\(joints * axes) for the \(joints) joints of \(form.layout.name), or \(joints * (axes + 1)) with "
        + "confidences, or twice that for two bodies",
      hint: "is --layout \(form.layout.name) right? --coordinates says whether joints have 2 or 3")
  }

  /// What a row says.
  private struct Row {
    var frame: Double?
    var body: String?
    var bodies: [[Double]] = []
    var hidden: [Int] = []
  }

  /// Rows on their way to frames.
  private struct Rows {
    private var poses: Poses
    private var tracks: [String: UInt64] = [:]
    private var inFrame: Set<UInt64> = []
    private(set) var lastFrame: Double?
    private var isOpen = false

    init(_ form: PoseForm) { poses = form.poses }

    /// Adds a row; false beyond the most frames and bodies.
    mutating func add(_ row: Row) -> Bool {
      let track = row.body.map { tracks[$0] ?? UInt64(tracks.count) }
      if let name = row.body, let track { tracks[name] = track }
      let isNew =
        if let frame = row.frame { frame != lastFrame } else { track.map(inFrame.contains) ?? true }
      if isOpen && isNew { end() }
      if poses.isFull { return false }
      (isOpen, lastFrame) = (true, row.frame)
      for (index, body) in row.bodies.enumerated() {
        let id = track ?? UInt64(inFrame.count + index)
        poses.appendBody(id: id, body)
      }
      inFrame.insert(track ?? UInt64(inFrame.count))
      return true
    }

    private mutating func end() {
      poses.endFrame()
      inFrame = []
    }

    mutating func finished() -> Poses {
      if isOpen { end() }
      return poses
    }
  }
}
