import CZip
import Foundation
import Glibc
import Shards
import Skeleton

/// Members of an npz file, which is a zip archive of npy files.
enum NPZMember {
  /// The names of the arrays, without `.npy`.
  static func names(in url: URL) throws -> [String] {
    let archive = try Archive(url.path)
    return try archive.names().filter { $0.hasSuffix(".npy") }.map { String($0.dropLast(4)) }
  }

  /// The bytes of a member, unpacked into a file that has no name and goes with the mapping.
  ///
  /// They are as many as the array's own header says and no more, so that an archive cannot fill the disk with less
  /// than it states; libzip compares the checksum at the end.
  static func unpack(_ member: String, of url: URL) throws -> Data {
    let archive = try Archive(url.path)
    let name = "\(url.path): \(member)"
    guard let index = try archive.names().firstIndex(of: member + ".npy") else {
      let names = try names(in: url)
      throw InputError(
        url.path, found: "no array \(member)", expected: "one of \(names.prefix(20).joined(separator: ", "))")
    }
    let reader = try archive.open(index, name: name)
    let folder = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/var/tmp"
    let file = try ScratchFile(in: folder)
    var piece = try reader.read()
    let (header, size) = try NPYHeader.parse(piece, name: name)
    var left = size + header.dataBytes
    while !piece.isEmpty {
      guard piece.count <= left else {
        throw InputError(
          name, found: "more bytes than the shape \(header.shape) has", expected: "\(left) more")
      }
      try file.append(piece)
      left -= piece.count
      piece = try reader.read()
    }
    return try file.mapped()
  }
}

/// A zip archive that is open for reading, by one thread.
@safe private final class Archive {
  private let path: String
  // libzip hands out an opaque pointer. It is owned here alone and closed once, in deinit.
  private let archive: OpaquePointer

  init(_ path: String) throws {
    self.path = path
    _ = try OpenFile(URL(fileURLWithPath: path))  // A pipe would be waited for.
    var code: Int32 = 0
    guard let opened = unsafe zip_open(path, ZIP_RDONLY, &code) else {
      throw InputError(
        path, found: "no npz file (error \(code) of libzip)", expected: "a zip archive of npy files")
    }
    unsafe archive = opened
  }

  deinit {
    // Opened for reading, so there is nothing to write.
    unsafe zip_discard(archive)
  }

  func names() throws -> [String] {
    try (0..<UInt64(max(0, unsafe zip_get_num_entries(archive, 0)))).map { index in
      guard let name = unsafe zip_get_name(archive, index, 0) else {
        throw InputError(path, at: "entry \(index)", found: "an entry that cannot be read")
      }
      return unsafe String(cString: name)
    }
  }

  func open(_ index: Int, name: String) throws -> MemberReader {
    guard let file = unsafe zip_fopen_index(archive, UInt64(index), 0) else {
      throw InputError(name, found: unsafe String(cString: zip_strerror(archive)))
    }
    return unsafe MemberReader(file, of: self, name: name)
  }
}

/// The unpacked bytes of one member, in order.
@safe private final class MemberReader {
  private let file: OpaquePointer
  private let archive: Archive  // must outlive the file
  private let name: String
  private static let pieceSize = 1 << 20

  @unsafe init(_ file: OpaquePointer, of archive: Archive, name: String) {
    unsafe self.file = file
    self.archive = archive
    self.name = name
  }

  deinit { unsafe zip_fclose(file) }

  /// The next bytes, a whole piece unless the member ends; none at its end.
  func read() throws -> [UInt8] {
    var piece = [UInt8](repeating: 0, count: MemberReader.pieceSize)
    var count = 0
    while count < piece.count {
      let got = unsafe piece.withUnsafeMutableBytes { buffer in
        // libzip writes at most as many bytes as it is told there is room for.
        unsafe zip_fread(file, buffer.baseAddress?.advanced(by: count), UInt64(buffer.count - count))
      }
      guard got >= 0 else {
        throw InputError(
          name, at: "byte \(count) of a piece", found: "damaged data",
          expected: "data with the checksum that the archive states")
      }
      if got == 0 { break }
      count += Int(got)
    }
    piece.removeLast(piece.count - count)
    return piece
  }
}

/// A file without a name.
private final class ScratchFile {
  private let folder: String
  private let descriptor: Int32

  init(in folder: String) throws {
    self.folder = folder
    var path = Array((folder + "/skelprep-XXXXXX").utf8CString)
    descriptor = unsafe mkstemp(&path)
    guard descriptor >= 0 else {
      throw InputError(
        folder, found: "no file can be made here", hint: "set TMPDIR to a folder with room",
        kind: .cannotCreate)
    }
    _ = unsafe unlink(&path)
  }

  deinit { close(descriptor) }

  func append(_ bytes: [UInt8]) throws {
    var done = 0
    while done < bytes.count {
      let written = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
      }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else {
        throw InputError(
          folder, found: unsafe String(cString: strerror(errno)).lowercased(),
          hint: "set TMPDIR to a folder with room for the array", kind: .inputOutput)
      }
      done += written
    }
  }

  /// All bytes. The mapping keeps the file alive.
  func mapped() throws -> Data {
    do {
      return try Data(
        contentsOf: URL(fileURLWithPath: "/proc/self/fd/\(descriptor)"), options: .alwaysMapped)
    } catch {
      throw InputError(folder, found: "an unpacked array that cannot be read back", kind: .inputOutput)
    }
  }
}
