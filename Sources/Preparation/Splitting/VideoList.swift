import Foundation
import Shards
import Skeleton

/// A list of training and test recordings in the form of PKU-MMD's own files.
///
/// A line `Training videos:` is followed by names, and `Validataion videos:` (so spelled) by the others. Names are
/// separated by commas, blanks or line breaks; commas too many are passed over.
struct VideoList {
  /// The file's name, for messages.
  let file: String
  /// SHA-256 of its bytes.
  let digest: String
  /// The side of each recording.
  private let sides: [VideoName: EvaluationProtocol.Part]

  /// Reads a list for a data set.
  ///
  /// - Throws: ``InputError`` with the line: a name of the other part of PKU-MMD, a name that is none, one that comes
  ///   twice, or a side without names.
  init(contentsOf path: String, for dataset: SkeletonDataset) throws {
    let data: Data
    do {
      data = try Disk.read(URL(fileURLWithPath: path))
    } catch {
      throw InputError(path, found: "a list that cannot be read", kind: .noInput)
    }
    try self.init(data, file: path, for: dataset)
  }

  init(_ data: Data, file: String, for dataset: SkeletonDataset) throws {
    guard let expected = dataset.videoPart else {
      throw InputError("--list", found: "given for \(dataset.rawValue)", expected: "pkummd1 or pkummd2")
    }
    var sides: [VideoName: EvaluationProtocol.Part] = [:]
    var side: EvaluationProtocol.Part?
    let lines = try ListFile.text(data, file).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      if let heading = VideoList.side(ofHeading: line) {
        side = heading
        continue
      }
      for word in line.split(whereSeparator: ListFile.parts) {
        func fail(_ found: String, _ expected: String, hint: String = "") -> InputError {
          InputError(file, at: "line \(index + 1)", found: found, expected: expected, hint: hint)
        }
        guard let name = VideoName(word) else {
          throw fail("\"\(word.prefix(40))\"", "names as \(dataset.exampleName)")
        }
        guard name.part == expected else {
          throw fail(
            "\(name), a recording of PKU-MMD part \(name.part == .one ? "I" : "II")",
            "recordings of part \(expected == .one ? "I" : "II"), as \(dataset.exampleName)",
            hint:
              "the files that circulate as …_v1.txt are copies of part II's lists; part I's is cross-subject.txt"
          )
        }
        guard let side else { throw fail("\(name) before any heading", "the line Training videos:") }
        guard sides.updateValue(side, forKey: name) == nil else {
          throw fail("\(name) for the second time", "each recording once")
        }
      }
    }
    for part in EvaluationProtocol.Part.allCases where !sides.values.contains(part) {
      throw InputError(
        file, found: "no \(part == .train ? "training" : "test") recordings",
        expected: "the lines Training videos: and Validataion videos:, each followed by names")
    }
    self.file = file
    self.sides = sides
    digest = SHA256Digest.hex(of: data)
  }

  /// The side of a recording; nil if it is not on the list.
  func part(of video: VideoName) -> EvaluationProtocol.Part? { sides[video] }

  /// The recordings that the official list has on another side or not at all, and those that it has alone, in order.
  func differences(from scheme: EvaluationProtocol, of dataset: SkeletonDataset) -> [VideoName] {
    Set(dataset.officialVideos).union(sides.keys).filter { sides[$0] != scheme.part(of: $0) }.sorted()
  }

  /// `Training videos:`, and `Validataion videos:` or what it is meant to say.
  private static func side(ofHeading line: Substring) -> EvaluationProtocol.Part? {
    let text = line.trimmingCharacters(in: .whitespaces).lowercased()
    guard text.hasSuffix(":") else { return nil }
    if text.hasPrefix("train") { return .train }
    return text.hasPrefix("valid") || text.hasPrefix("test") ? .test : nil
  }
}
