import Foundation
import Skeleton

/// A regular file that is open for reading. Reads move no position, so any thread may make them.
final class RegularFile: Sendable {
  let path: String
  /// What was true of the file when it was opened.
  let facts: FileFacts
  private let descriptor: Int32

  /// Opens the file; a pipe or a device is refused without waiting for it.
  ///
  /// - Throws: ``InputError`` if it is not there, cannot be read, or is not a regular file.
  init(path: String) throws(InputError) {
    self.path = path
    descriptor = RegularFile.repeated { unsafe open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw RegularFile.failure(path, at: 0) }
    guard let facts = FileFacts(descriptor: descriptor), facts.kind == .file else {
      close(descriptor)
      throw InputError(path, found: "no regular file", kind: .noInput)
    }
    self.facts = facts
  }

  deinit { close(descriptor) }

  /// Appends the bytes from `offset` on to the buffer: `count` of them, or fewer where the file ends.
  ///
  /// In pieces, so that memory grows with what is there.
  func append(at offset: UInt64, count: Int, to buffer: inout [UInt8]) throws(InputError) {
    let end = buffer.count + count
    var place = offset
    while buffer.count < end {
      // Beyond what a file can have: nothing is there.
      guard let position = off_t(exactly: place) else { return }
      let piece = min(PieceSize.next(after: buffer.count), end - buffer.count)
      let got = unsafe buffer.append(addingPiece: piece) {
        // The kernel writes at most as many bytes as there is room.
        let (start, count) = ($0.baseAddress, $0.count)
        return RegularFile.repeated { unsafe pread(descriptor, start, count, position) }
      }
      if got < 0 { throw RegularFile.failure(path, at: place) }
      if got == 0 { return }
      place += UInt64(got)
    }
  }

  /// The bytes of a range; fewer where the file ends.
  func bytes(at offset: UInt64, count: Int) throws(InputError) -> [UInt8] {
    var bytes: [UInt8] = []
    try append(at: offset, count: count, to: &bytes)
    return bytes
  }

  /// Makes a call again as long as it fails because a signal came.
  private static func repeated<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }

  private static func failure(_ path: String, at offset: UInt64) -> InputError {
    InputError(
      path, at: "byte \(offset)", found: FileFacts.lastError,
      hint:
        "the same command goes on from here; to do without this file, name its sample in a list for --exclude",
      kind: .inputOutput)
  }
}
