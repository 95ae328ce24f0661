import Foundation
import Skeleton

/// Reads raw files one after another, keeping their archives open.
///
/// Each thread has one of its own.
public final class RawFileReader {
  /// The most bytes that a file may have: a recording of an hour has less.
  public static let sizeLimit = 64 << 20

  private var archives: [String: ZipArchive] = [:]

  /// A reader that has nothing open yet.
  public init() {}

  /// Reads a file into the buffer, replacing what it held.
  ///
  /// - Throws: ``SkeletonTextError`` if it is larger than ``sizeLimit``, ``InputError`` if it cannot be read.
  public func read(_ file: RawFile, into buffer: inout [UInt8]) throws {
    switch file.origin {
    case .file(let path):
      try readFile(path, into: &buffer)
    case .member(let path, let index):
      let archive = try archives[path] ?? ZipArchive(path: path)
      archives[path] = archive
      try archive.read(index, into: &buffer, limit: RawFileReader.sizeLimit)
    }
  }

  private func readFile(_ path: String, into buffer: inout [UInt8]) throws {
    buffer.removeAll(keepingCapacity: true)
    let descriptor = RawFileReader.repeated { unsafe open(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw RawFileReader.failure(path, at: 0) }
    defer { close(descriptor) }
    while true {
      let before = buffer.count
      if before > RawFileReader.sizeLimit {
        throw SkeletonTextError(.tooLarge(limit: RawFileReader.sizeLimit), at: RawFileReader.sizeLimit)
      }
      let got = unsafe buffer.append(addingPiece: PieceSize.after(before, limit: RawFileReader.sizeLimit)) {
        // The kernel writes at most as many bytes as there is room.
        let (start, count) = ($0.baseAddress, $0.count)
        return RawFileReader.repeated { unsafe Foundation.read(descriptor, start, count) }
      }
      if got < 0 { throw RawFileReader.failure(path, at: before) }
      if got == 0 { return }
    }
  }

  /// Makes a call again as long as it fails because a signal came.
  private static func repeated<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }

  private static func failure(_ path: String, at offset: Int) -> InputError {
    InputError(
      path, at: "byte \(offset)", found: unsafe String(cString: strerror(errno)).lowercased(),
      hint:
        "the same command goes on from here; to do without this file, name its sample in a list for --exclude",
      kind: .inputOutput)
  }
}
