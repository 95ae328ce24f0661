import CHDF5
import Foundation

/// An open HDF5 file: read from disk or from bytes in memory, or built in memory.
///
/// Files are never written by the library itself: it can report success after a full disk, and crash at exit after
/// one. A file is built in memory, and its bytes are written by somebody who sees every error.
public struct HDF5File: ~Copyable {
  let handle: Handle

  /// Opens a file for reading.
  public init(reading path: String) throws(HDF5Error) {
    let access = try Handle("make access properties", H5Pcreate(chdf5_file_access()), release: H5Pclose)
    handle = try Handle(
      "open \(path)", unsafe H5Fopen(path, chdf5_read_only(), access.id), release: H5Fclose)
  }

  /// Opens the bytes of a file for reading, as if they were one.
  public init(image: [UInt8]) throws(HDF5Error) {
    let access = try HDF5File.memoryAccess()
    var bytes = image
    try HDF5Library.check(
      "take the file's bytes",
      // The library copies the bytes; the pointer is not kept.
      unsafe bytes.withUnsafeMutableBytes {
        unsafe H5Pset_file_image(access.id, UnsafeMutableRawPointer($0.baseAddress), $0.count)
      })
    handle = try Handle(
      "open the file's bytes", unsafe H5Fopen(HDF5File.uniqueName(), chdf5_read_only(), access.id), release: H5Fclose)
  }

  /// Starts an empty file in memory: format bounds V110, whose metadata is checksummed, and no times.
  public init(building name: String) throws(HDF5Error) {
    let access = try HDF5File.memoryAccess()
    try HDF5Library.check(
      "set the format", H5Pset_libver_bounds(access.id, H5F_LIBVER_V110, H5F_LIBVER_V110))
    let creation = try Handle("make creation properties", H5Pcreate(chdf5_file_create()), release: H5Pclose)
    try HDF5Library.check("leave times out", H5Pset_obj_track_times(creation.id, false))
    handle = try Handle(
      "start \(name)", unsafe H5Fcreate(HDF5File.uniqueName(), chdf5_truncate(), creation.id, access.id), release: H5Fclose)
  }

  /// A name for a file in memory: the library takes two of one name for the same file.
  private static func uniqueName() -> String { "memory-" + UUID().uuidString }

  private static func memoryAccess() throws(HDF5Error) -> Handle {
    let access = try Handle("make access properties", H5Pcreate(chdf5_file_access()), release: H5Pclose)
    try HDF5Library.check("keep the file in memory", H5Pset_fapl_core(access.id, 1 << 20, false))
    return access
  }

  /// The file's bytes as they would stand on disk.
  ///
  /// The library clears the "open for writing" flag in the bytes it hands out but leaves the superblock's checksum as
  /// it was with the flag set, so that the bytes would not open; the checksum is made right here.
  public func image() throws(HDF5Error) -> [UInt8] {
    try HDF5Library.check("flush", H5Fflush(handle.id, H5F_SCOPE_GLOBAL))
    let size = HDF5Library.call { H5Fget_file_image(handle.id, nil, 0) }
    guard size >= 48 else { throw HDF5Error("measure the file") }
    var bytes = [UInt8](repeating: 0, count: size)
    let written = HDF5Library.call {
      unsafe bytes.withUnsafeMutableBytes { unsafe H5Fget_file_image(handle.id, $0.baseAddress, $0.count) }
    }
    guard written == size, bytes[8] == 3 else { throw HDF5Error("copy the file", "\(written) of \(size) bytes") }
    let checksum = Lookup3.hash(bytes[0..<44])
    for byte in 0..<4 { bytes[44 + byte] = UInt8(truncatingIfNeeded: checksum >> (8 * UInt32(byte))) }
    return bytes
  }
}
