import Foundation
import Shards
import Skeleton
import Training

/// The folder of an evaluation's result, which is this program's from before the work until after it.
public struct EvaluationOutput {
  private let replacement: FolderReplacement
  private let isReplacing: Bool
  private static let name = "result"

  /// Takes the folder, which is made if it is missing.
  ///
  /// - Parameter isReplacing: whether a result that is there is replaced, whatever it is.
  /// - Throws: an `InputError`, of the kind `busy` if another program is writing into the folder.
  public init(_ folder: URL, isReplacing: Bool = false) throws {
    self.isReplacing = isReplacing
    replacement = try FolderReplacement(in: folder, named: Self.name)
  }

  /// The result that is there, if it is whole and of the same work, so that there is nothing to do; nil if nothing is
  /// there, or it is to be replaced.
  ///
  /// - Parameter key: what decides the result, see ``EvaluationTask/key(on:)``.
  /// - Throws: an `InputError` that says what else is there.
  public func kept(_ key: String) throws -> EvaluationResult? {
    do { return isReplacing ? nil : try whole(key) } catch let error as InputError {
      throw InputError.exists(error.file, error.found)
    }
  }

  /// The same, where what is not whole or of other work will be replaced, and the error says why.
  func whole(_ key: String) throws -> EvaluationResult? {
    let folder = replacement.folder
    let (file, head) = (folder.appendingPathComponent("result.json"), TrainedHead.url(in: folder))
    let names = try Set(Disk.names(in: folder))
    guard names.contains(file.lastPathComponent) else {
      guard names.contains(head.lastPathComponent) else { return nil }
      throw InputError(head.path, found: "a head without a result")
    }
    let result = try EvaluationResult(contentsOf: folder)
    guard result.key == key else { throw InputError(file.path, found: "the result of another evaluation") }
    if let digest = result.head_sha256 {
      guard (try? Safetensors.verify(head)) != nil, try Safetensors.metadata(of: head)["sha256"] == digest
      else {
        throw InputError(head.path, found: "not the head that the result is of")
      }
    }
    return result
  }

  /// Puts a result into the folder, in place of one that is there: `result.json`, and `head.safetensors` where
  /// something was learned.
  ///
  /// - Returns: the result as it will be read again.
  @discardableResult
  public func write(_ result: EvaluationResult) throws -> EvaluationResult {
    var result = result
    result.head_sha256 = try result.head?.write(to: replacement.staging)
    result.head = nil
    try AtomicFile.write(JSONSeal.sealed(try result.json), to: replacement.url(of: "result.json"))
    let head = "head.safetensors"
    try replacement.publish(
      result.head_sha256 == nil ? ["result.json"] : [head, "result.json"],
      deleting: result.head_sha256 == nil ? [head] : [])
    return result
  }
}
