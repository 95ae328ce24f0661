import Formats
import Foundation
import Numpy
import Skeleton

/// Poses in npy and npz files.
enum PoseArrays {
  /// What an npz file calls its places, in the order in which they are looked for, and its confidences.
  private static let places = [
    "keypoints", "keypoints_3d", "keypoint", "joints", "poses", "pose", "skeletons", "skeleton", "positions",
    "frames",
    "data", "x",
  ]
  private static let confidences = [
    "keypoint_scores", "keypoint_score", "confidences", "confidence", "scores",
  ]
  /// The most numbers of an array: twenty minutes of two people of many joints.
  private static let mostNumbers = 64 << 20

  /// The array of an npy file.
  static func npy(_ bytes: [UInt8], _ form: PoseForm) throws(PoseFileError) -> Poses {
    let array = try told { try NumpyInput(Data(bytes), name: "the array") }
    return try PoseArray.poses(shape: array.header.shape, values: try numbers(array), form)
  }

  /// The array of an npz file that is called as places are, or the only one of numbers with two axes or more.
  static func npz(_ bytes: [UInt8], _ form: PoseForm) throws(PoseFileError) -> Poses {
    // libzip reads files; this one is gone as soon as it is read.
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "skelprep-\(UUID().uuidString).npz")
    defer { try? FileManager.default.removeItem(at: url) }
    let names = try told {
      try Data(bytes).write(to: url)
      return try NumpyInput.members(ofNPZ: url)
    }
    guard let name = places.first(where: names.contains) ?? (names.count == 1 ? names.first : nil) else {
      throw PoseFileError(
        "shape", found: "the arrays \(names.prefix(8).map { $0.prefix(40) }.joined(separator: ", "))",
        expected: "one called keypoints, joints or poses")
    }
    func array(_ name: String) throws(PoseFileError) -> NumpyInput {
      try told { try NumpyInput(npz: url, member: name) }
    }
    let own = try array(name)
    var scores: [Float]?
    if let score = confidences.first(where: names.contains) { scores = try numbers(try array(score)) }
    return try PoseArray.poses(shape: own.header.shape, values: try numbers(own), confidences: scores, form)
  }

  private static func numbers(_ array: NumpyInput) throws(PoseFileError) -> [Float] {
    guard array.header.count <= mostNumbers else {
      throw PoseFileError(
        "too-long", found: "\(array.header.count) numbers", expected: "at most \(mostNumbers)")
    }
    return try told { try array.floats(0..<array.header.count) }
  }

  /// What the reader of arrays says, as this module says it.
  private static func told<Value>(_ body: () throws -> Value) throws(PoseFileError) -> Value {
    do { return try body() } catch let error as InputError {
      throw PoseFileError(
        "array", at: error.place, found: error.found, expected: error.expected, hint: error.hint)
    } catch {
      throw PoseFileError("array", found: "\(error)")
    }
  }
}
