import Formats
import Skeleton

extension FuzzTarget {
  static let ntu = FuzzTarget(name: "ntu", isText: true, words: numbers) { bytes, _ in
    let recording: Recording
    do { recording = try NTUSkeletonText.parse(bytes.span) } catch { return .refused }
    try hold(recording)
    let filler = String(repeating: " 0", count: 9)
    var text = "\(recording.frameCount)\n"
    for frame in 0..<recording.frameCount {
      let bodies = recording.bodies(inFrame: frame)
      text += "\(bodies.count)\n"
      for body in bodies {
        text += "\(recording.bodyIDs[body])\(filler)\n25\n"
        for joint in stride(from: body * 75, to: (body + 1) * 75, by: 3) {
          text += words(of: joint / 3, in: recording).joined(separator: " ") + filler + "\n"
        }
      }
    }
    guard try NTUSkeletonText.parse(Array(text.utf8).span) == recording else {
      throw Contradiction(description: "written again, it is read as another recording")
    }
    return .read
  }

  static let pku = FuzzTarget(name: "pku", isText: true, words: numbers) { bytes, _ in
    let recording: Recording
    do { recording = try PKUSkeletonText.parse(bytes.span) } catch { return .refused }
    try hold(recording)
    var text = ""
    for frame in 0..<recording.frameCount {
      let bodies = recording.bodies(inFrame: frame)
      let joints = (bodies.lowerBound * 25)..<(bodies.upperBound * 25)
      let absent = [String](repeating: "0", count: 150 - 3 * joints.count)
      text += (joints.flatMap { words(of: $0, in: recording) } + absent).joined(separator: " ") + "\n"
    }
    guard try PKUSkeletonText.parse(Array(text.utf8).span) == recording else {
      throw Contradiction(description: "written again, it is read as another recording")
    }
    return .read
  }

  static let labels = FuzzTarget(name: "labels", isText: true, words: numbers) { bytes, _ in
    let rows: [PKULabelText.Row]
    do { rows = try PKULabelText.parse(bytes.span) } catch { return .refused }
    func same(_ row: PKULabelText.Row, line: Int) -> PKULabelText.Row {
      PKULabelText.Row(
        line: line, label: row.label, start: row.start, end: row.end, confidence: row.confidence)
    }
    let text = rows.map { "\($0.label),\($0.start),\($0.end),\($0.confidence)\n" }.joined()
    let again = try PKULabelText.parse(Array(text.utf8).span)
    guard again == rows.enumerated().map({ same($0.element, line: $0.offset + 1) }) else {
      throw Contradiction(description: "written again, it is read as other rows")
    }
    // Every row is an action within the recording, or refused; none is lost.
    for convention in IntervalConvention.allCases {
      let actions = ActionRows(rows, frameCount: 1000, convention: convention)
      guard actions.actions.count + actions.refused.count == rows.count,
        actions.actions.allSatisfy({
          0 <= $0.start && $0.start < $0.end && $0.end <= 1000 && 0..<51 ~= $0.label
        })
      else { throw Contradiction(description: "an action beyond the recording, or a row lost") }
    }
    return .read
  }

  /// A joint's coordinates as a text has them; those of one that was at no place are no numbers.
  private static func words(of joint: Int, in recording: Recording) -> [String] {
    recording.lostJoints.contains(joint)
      ? ["nan", "0", "0"] : recording.joints[(3 * joint)..<(3 * joint + 3)].map { "\($0)" }
  }

  /// Checks what every recording keeps to.
  private static func hold(_ recording: Recording) throws {
    guard recording.joints.allSatisfy(\.isFinite), recording.frameCount <= Recording.frameLimit,
      recording.joints.count == recording.bodyIDs.count * 75,
      recording.frameStarts.last == recording.bodyIDs.count,
      recording.lostJoints.allSatisfy({ $0 < recording.bodyIDs.count * 25 })
    else { throw Contradiction(description: "a recording that contradicts itself") }
  }
}
