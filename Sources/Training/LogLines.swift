import Foundation
import Skeleton

/// The lines of a log, of which a run that goes on keeps those of the steps that it has.
enum LogLines {
  /// The lines that are whole: a kill cuts the last one short.
  static func whole(_ data: Data) -> [Data] {
    let newline = UInt8(ascii: "\n")
    guard let end = data.lastIndex(of: newline) else { return [] }
    return data[..<end].split(separator: newline)
  }

  /// The lines of the first steps.
  ///
  /// - Parameters:
  ///   - headings: lines before that of the first step.
  ///   - before: what stands before a line's step, `{"step":`; empty where the line begins with it.
  ///   - after: what stands behind it.
  ///   - end: what a line ends with.
  /// - Throws: an `InputError` that names the first line that is none of a log; nothing is thrown away that could not
  ///   be read.
  static func kept(
    _ data: Data, steps: Int, file: String, headings: Int, before: String, after: Character, end: String
  ) throws -> Data {
    var (kept, last) = (Data(), 0)
    for (index, line) in whole(data).enumerated() {
      // Behind the last of these steps lies what a kill or a loss of power has left, which goes.
      if last >= steps { break }
      let text = String(validating: line, as: UTF8.self)
      if index >= headings {
        guard let text, text.hasPrefix(before), text.hasSuffix(end),
          let step = Int(text.dropFirst(before.count).prefix { $0 != after }), step > last
        else {
          throw InputError(
            file, at: "line \(index + 1)", found: String(decoding: line.prefix(60), as: UTF8.self),
            expected: "the numbers of a step after \(last)",
            hint: "the log is damaged, and is left as it is: mend or delete the line, or move the file away")
        }
        if step > steps { break }
        last = step
      } else if text?.hasPrefix("step,") != true {
        throw InputError(
          file, at: "line 1", found: "no log of a run", expected: "step,epoch,…",
          hint: "the log is damaged, and is left as it is: mend it, or move the file away")
      }
      kept += line + [UInt8(ascii: "\n")]
    }
    return kept
  }
}
