import CHDF5
import Foundation

/// Builds a file in memory: `let bytes = try HDF5Writer.image { writer in … }`.
///
/// The library never writes to a disk here. It can report success on a full one, and crash when the program ends
/// after one; a file in memory has no such failures, and its bytes are then written by code that checks every
/// step. The file is of version 1.10, whose metadata carry checksums; every dataset is chunked with Fletcher32;
/// nothing in it depends on the time. The same calls give the same bytes with the same library.
public struct HDF5Writer: ~Copyable {
  let file: Handle

  private init(_ image: UnsafeMutablePointer<chdf5_image>, expecting byteCount: Int) throws(HDF5Error) {
    LibraryLock.enter()
    defer { LibraryLock.leave() }
    let operation = "create a file in memory"
    let access = try Handle("make a property list", chdf5_file_access_list(), release: H5Pclose)
    try check(operation, H5Pset_libver_bounds(access.id, H5F_LIBVER_V110, H5F_LIBVER_V110))
    try check(operation, unsafe chdf5_keep_image(access.id, image, byteCount + 1 << 20))
    let create = try Handle("make a property list", chdf5_file_create_list(), release: H5Pclose)
    try check(operation, H5Pset_obj_track_times(create.id, false))
    // Attributes stay in the root's header, which has one checksum.
    try check(operation, H5Pset_attr_phase_change(create.id, 32, 16))
    file = try Handle(
      operation, unsafe H5Fcreate(ImageName.next(), chdf5_truncate(), create.id, access.id), release: H5Fclose
    )
  }

  /// The bytes of the file that `body` describes.
  ///
  /// - Parameter byteCount: about how many its datasets have: room for them is set aside at once, and as much again
  ///   whenever it is used up.
  public static func image(
    expecting byteCount: Int = 0, _ body: (borrowing HDF5Writer) throws(HDF5Error) -> Void
  ) throws(HDF5Error) -> Data {
    let image = UnsafeMutablePointer<chdf5_image>.allocate(capacity: 1)
    unsafe image.initialize(to: chdf5_image())
    // The file's handle is gone before this runs, whatever happens, so nobody writes through the pointer later.
    defer {
      unsafe free(image.pointee.bytes)
      unsafe image.deallocate()
    }
    try unsafe build(image, expecting: byteCount, body)
    let count = try unsafe length(of: image.pointee)
    guard let bytes = unsafe image.pointee.bytes else {
      throw HDF5Error("finish a file in memory", reason: "it has no bytes")
    }
    // From here on the bytes are the data's, which frees them.
    unsafe image.pointee.bytes = nil
    return unsafe Data(bytesNoCopy: bytes, count: count, deallocator: .free)
  }

  /// Opens, fills and closes the file.
  private static func build(
    _ image: UnsafeMutablePointer<chdf5_image>, expecting byteCount: Int,
    _ body: (borrowing HDF5Writer) throws(HDF5Error) -> Void
  ) throws(HDF5Error) {
    let writer = try unsafe HDF5Writer(image, expecting: byteCount)
    try body(writer)
    try writer.file.close("close a file in memory")
  }

  /// The end of the file, which its superblock (version 3) gives at byte 28; the buffer may be longer.
  private static func length(of image: chdf5_image) throws(HDF5Error) -> Int {
    let size = unsafe image.size
    guard let bytes = unsafe image.bytes, size >= 48 else {
      throw HDF5Error("finish a file in memory", reason: "it has \(size) bytes")
    }
    let buffer = unsafe UnsafeRawBufferPointer(start: bytes, count: size)
    let end = unsafe Int(
      clamping: UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: 28, as: UInt64.self)))
    guard unsafe buffer[8] == 3, (48...size).contains(end) else {
      throw HDF5Error("finish a file in memory", reason: "its superblock is not as expected")
    }
    return end
  }

  /// Makes a group; its parent exists.
  public func group(_ path: String) throws(HDF5Error) {
    LibraryLock.enter()
    defer { LibraryLock.leave() }
    let create = try Handle("make a property list", chdf5_group_create_list(), release: H5Pclose)
    try check("create the group \(path)", H5Pset_obj_track_times(create.id, false))
    let group = try Handle(
      "create the group \(path)",
      unsafe H5Gcreate2(file.id, path, defaultList, create.id, defaultList), release: H5Gclose)
    try group.close("create the group \(path)")
  }

  /// Makes a dataset for chunks to be stored in. The whole of it must then be stored.
  ///
  /// - Parameters:
  ///   - shape: the extents, slowest first.
  ///   - chunkRows: the extent of a chunk along the first axis; along the others it is the dataset's.
  ///   - deflate: deflate's level, after shuffling; nil to store the bytes as they are.
  public func dataset(
    _ path: String, _ element: ElementType, shape: [Int], chunkRows: Int, deflate: Int? = nil
  ) throws(HDF5Error) -> HDF5Dataset {
    precondition(!shape.isEmpty && shape.dropFirst().allSatisfy { $0 >= 1 }, "the shape \(shape)")
    LibraryLock.enter()
    defer { LibraryLock.leave() }
    let operation = "create the dataset \(path)"
    let create = try Handle("make a property list", chdf5_dataset_create_list(), release: H5Pclose)
    try check(operation, H5Pset_obj_track_times(create.id, false))
    var extents = shape.map { hsize_t($0) }
    let chunk = [hsize_t(max(1, min(chunkRows, shape[0])))] + extents.dropFirst()
    try check(operation, unsafe H5Pset_chunk(create.id, Int32(chunk.count), chunk))
    if let deflate {
      try check(operation, H5Pset_shuffle(create.id))
      try check(operation, H5Pset_deflate(create.id, UInt32(deflate)))
    }
    try check(operation, H5Pset_fletcher32(create.id))
    var limits = extents
    limits[0] = max(1, limits[0])  // A chunk is never longer than the limit, and never empty.
    let space = try Handle(
      operation, unsafe H5Screate_simple(Int32(extents.count), &extents, limits), release: H5Sclose)
    let type = try element.fileType()
    return try HDF5Dataset(
      try Handle(
        operation,
        unsafe H5Dcreate2(file.id, path, type.id, space.id, defaultList, create.id, defaultList),
        release: H5Dclose),
      path: path, fileSize: 0)
  }

  /// Writes a dataset of numbers in chunks of about a megabyte.
  public func floats(
    _ path: String, _ values: [Float], shape: [Int], deflate: Int? = nil
  ) throws(HDF5Error) {
    try whole(path, .float32, shape, deflate, values, as: chdf5_native_float())
  }

  /// Writes a dataset of numbers in chunks of about a megabyte.
  public func doubles(
    _ path: String, _ values: [Double], shape: [Int], deflate: Int? = nil
  ) throws(HDF5Error) {
    try whole(path, .float64, shape, deflate, values, as: chdf5_native_double())
  }

  /// Writes a dataset of whole numbers, each of which fits the element type.
  public func integers(
    _ path: String, _ values: [Int64], as element: ElementType, shape: [Int], deflate: Int? = nil
  ) throws(HDF5Error) {
    try whole(path, element, shape, deflate, values, as: chdf5_native_int64())
  }

  /// Writes a list of ASCII texts, as wide as the longest of them.
  public func strings(_ path: String, _ values: [String]) throws(HDF5Error) {
    let width = max(1, values.map(\.utf8.count).max() ?? 1)
    let bytes = values.flatMap { Array($0.utf8) + [UInt8](repeating: 0, count: width - $0.utf8.count) }
    LibraryLock.enter()
    defer { LibraryLock.leave() }
    let type = try ElementType.fixedString(width).fileType()
    try whole(path, .fixedString(width), [values.count], nil, bytes, as: type.id)
  }

  private func whole<Value: BitwiseCopyable>(
    _ path: String, _ element: ElementType, _ shape: [Int], _ deflate: Int?, _ values: [Value],
    as type: hid_t
  ) throws(HDF5Error) {
    LibraryLock.enter()
    defer { LibraryLock.leave() }
    let rowBytes = shape.dropFirst().reduce(element.byteCount, *)
    let dataset = try dataset(
      path, element, shape: shape, chunkRows: max(1, (1 << 20) / max(1, rowBytes)), deflate: deflate)
    try dataset.write(values, as: type)
    try dataset.close()
  }
}
