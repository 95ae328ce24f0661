import CZip
import Skeleton

/// A zip archive that is open for reading. Not for two threads at once: each opens its own.
@safe final class ZipArchive {
  /// An entry of the archive's directory. All of it is a claim of the archive.
  struct Member {
    let index: UInt64
    let name: String
    let claimedBytes: UInt64
    let checksum: UInt32
  }

  private let path: String
  // libzip hands out an opaque pointer. It is owned here alone, never leaves, and is closed once, in deinit.
  private let archive: OpaquePointer
  /// The entry being read, as it is stored.
  private var packed: [UInt8] = []

  /// Opens the archive and reads its directory, whose consistency libzip checks.
  ///
  /// - Throws: ``InputError`` if it is not there or not a zip archive.
  init(path: String) throws {
    self.path = path
    var code: Int32 = 0
    // The address of `code` is used during the call only.
    guard let opened = unsafe zip_open(path, ZIP_RDONLY, &code) else {
      throw InputError(
        path, found: "a zip archive that cannot be opened: \(ZipArchive.message(code))",
        hint: "compare its size or checksum with the source; a download that broke off looks like this")
    }
    unsafe archive = opened
  }

  deinit {
    // Opened for reading, so there is nothing to write and discard cannot lose anything.
    unsafe zip_discard(archive)
  }

  /// The entries in the order of the directory.
  func members() throws -> [Member] {
    let count = unsafe zip_get_num_entries(archive, 0)
    var members: [Member] = []
    for index in 0..<UInt64(max(0, count)) {
      var status = unsafe zip_stat_t()
      // libzip fills `status`; its name points into the archive's directory, which lives as long as we do.
      guard unsafe zip_stat_index(archive, index, 0, &status) == 0, let name = unsafe status.name else {
        throw InputError(path, at: "entry \(index)", found: "an entry that cannot be read")
      }
      members.append(
        Member(
          index: index, name: unsafe String(cString: name), claimedBytes: unsafe status.size,
          checksum: unsafe status.crc))
    }
    return members
  }

  /// Unpacks an entry into the buffer, replacing what it held.
  ///
  /// Memory grows with what is really there and not with the sizes that the archive claims. The checksum is compared.
  ///
  /// - Throws: ``SkeletonTextError`` if there is more than `limit` bytes, ``InputError`` for broken data.
  func read(_ index: UInt64, into buffer: inout [UInt8], limit: Int) throws {
    var status = unsafe zip_stat_t()
    guard unsafe zip_stat_index(archive, index, 0, &status) == 0 else { throw failure(at: 0) }
    let known = UInt64(ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_CRC | ZIP_STAT_ENCRYPTION_METHOD)
    guard
      unsafe status.valid & known == known && status.comp_method == ZIP_CM_DEFLATE
        && status.encryption_method == ZIP_EM_NONE
    else { return try read(index, flags: 0, into: &buffer, limit: limit) }
    try read(index, flags: UInt32(ZIP_FL_COMPRESSED), into: &packed, limit: limit)
    switch unsafe Inflation.inflate(
      packed, into: &buffer, claimedBytes: status.size, checksum: status.crc, limit: limit)
    {
    case .done: return
    case .tooLarge: throw SkeletonTextError(.tooLarge(limit: limit), at: limit)
    case .damaged(let reason):
      throw InputError(
        path, at: unsafe "the entry \(String(cString: status.name))", found: reason,
        expected: "deflated data with the stated size and checksum")
    }
  }

  /// Reads an entry in pieces; libzip unpacks it and compares the checksum when the end is reached, or with
  /// `ZIP_FL_COMPRESSED` gives the bytes as they are stored.
  private func read(_ index: UInt64, flags: UInt32, into buffer: inout [UInt8], limit: Int) throws {
    buffer.removeAll(keepingCapacity: true)
    guard let file = unsafe zip_fopen_index(archive, index, flags) else { throw failure(at: 0) }
    defer { unsafe zip_fclose(file) }
    while true {
      let before = buffer.count
      if before > limit { throw SkeletonTextError(.tooLarge(limit: limit), at: limit) }
      let got = unsafe buffer.append(addingPiece: PieceSize.after(before, limit: limit)) {
        // libzip writes at most as many bytes as there is room.
        Int(unsafe zip_fread(file, $0.baseAddress, UInt64($0.count)))
      }
      if got < 0 { throw failure(at: before) }
      if got == 0 { return }
    }
  }

  private func failure(at offset: Int) -> InputError {
    InputError(
      path, at: "byte \(offset) of an entry",
      found: unsafe String(cString: zip_strerror(archive)), expected: "deflated data with the stated checksum"
    )
  }

  private static func message(_ code: Int32) -> String {
    var error = unsafe zip_error_t()
    unsafe zip_error_init_with_code(&error, code)
    defer { unsafe zip_error_fini(&error) }
    return unsafe String(cString: zip_error_strerror(&error))
  }
}
