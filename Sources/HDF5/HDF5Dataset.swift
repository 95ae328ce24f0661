import CHDF5

/// An open dataset: its description, its values, its chunks as they are stored.
public struct HDF5Dataset: ~Copyable, Sendable {
  private let handle: Handle
  private let path: String
  private let fileSize: Int
  /// What the file says about the dataset.
  public let description: DatasetDescription

  /// Deflate makes at most 1032 bytes of one; more than this is not plausible.
  private static let expansion = 1100

  init(_ handle: consuming Handle, path: String, fileSize: Int) throws(HDF5Error) {
    description = try DatasetDescription(of: handle, path)
    self.handle = handle
    self.path = path
    self.fileSize = fileSize
  }

  /// All values as `Float`, whatever kind of number is stored.
  public func floats() throws(HDF5Error) -> [Float] {
    try numbers(as: chdf5_native_float(), filling: 0, [H5T_FLOAT, H5T_INTEGER])
  }

  /// All values as `Double`, whatever kind of number is stored.
  public func doubles() throws(HDF5Error) -> [Double] {
    try numbers(as: chdf5_native_double(), filling: 0, [H5T_FLOAT, H5T_INTEGER])
  }

  /// Some rows as `Float`, whatever kind of number is stored: a part of the first axis, and all of the others.
  public func floats(rows: Range<Int>) throws(HDF5Error) -> [Float] {
    LibraryLock.enter()
    defer { LibraryLock.leave() }
    let type = try Handle("read the type of \(path)", H5Dget_type(handle.id), release: H5Tclose)
    guard [H5T_FLOAT, H5T_INTEGER].contains(H5Tget_class(type.id)) else {
      throw HDF5Error("read \(path)", reason: "it holds \(description.element), not numbers")
    }
    _ = try plausibleCount()
    precondition(
      !description.shape.isEmpty && rows.lowerBound >= 0 && rows.upperBound <= description.shape[0],
      "rows \(rows) of \(description.shape)")
    let extents = [rows.count] + description.shape.dropFirst()
    var values = [Float](repeating: 0, count: extents.reduce(1, *))
    guard !values.isEmpty else { return [] }
    let space = try Handle("read the shape of \(path)", H5Dget_space(handle.id), release: H5Sclose)
    let first = [hsize_t(rows.lowerBound)] + [hsize_t](repeating: 0, count: extents.count - 1)
    let counts = extents.map { hsize_t($0) }
    try check(
      "read rows of \(path)",
      unsafe H5Sselect_hyperslab(space.id, H5S_SELECT_SET, first, nil, counts, nil))
    let memory = try Handle(
      "read rows of \(path)", unsafe H5Screate_simple(Int32(counts.count), counts, nil), release: H5Sclose)
    let status = unsafe values.withUnsafeMutableBytes { bytes in
      unsafe H5Dread(
        handle.id, chdf5_native_float(), memory.id, space.id, defaultList, bytes.baseAddress)
    }
    try check("read rows of \(path)", status)
    return values
  }

  /// All values as whole numbers; refuses floating point.
  public func integers() throws(HDF5Error) -> [Int64] {
    try numbers(as: chdf5_native_int64(), filling: 0, [H5T_INTEGER])
  }

  /// The bytes of all values in the file's own order of bytes, for types of fixed size.
  public func bytes() throws(HDF5Error) -> [UInt8] {
    LibraryLock.enter()
    defer { LibraryLock.leave() }
    let count = try plausibleCount()
    guard count > 0 else { return [] }
    let type = try Handle("read the type of \(path)", H5Dget_type(handle.id), release: H5Tclose)
    var bytes = [UInt8](repeating: 0, count: count * H5Tget_size(type.id))
    let status = unsafe bytes.withUnsafeMutableBytes { buffer in
      unsafe H5Dread(handle.id, type.id, 0, 0, defaultList, buffer.baseAddress)
    }
    try check("read \(path)", status)
    return bytes
  }

  /// All texts.
  public func strings() throws(HDF5Error) -> [String] {
    LibraryLock.enter()
    defer { LibraryLock.leave() }
    let count = try plausibleCount()
    let type = try Handle("read the type of \(path)", H5Dget_type(handle.id), release: H5Tclose)
    let space = try Handle("read the shape of \(path)", H5Dget_space(handle.id), release: H5Sclose)
    return try unsafe texts(type: type, space: space, count: count, path) { memory, buffer in
      unsafe H5Dread(handle.id, memory, 0, 0, defaultList, buffer)
    }
  }

  /// A chunk as it is stored, and the filters that were skipped for it, as bits.
  ///
  /// - Parameter offset: the index of the chunk's first element, one number for each axis.
  public func storedChunk(at offset: [Int]) throws(HDF5Error) -> (bytes: [UInt8], skipped: UInt32) {
    precondition(offset.count == description.shape.count, "offset \(offset) of \(description.shape)")
    LibraryLock.enter()
    defer { LibraryLock.leave() }
    let place = offset.map { hsize_t($0) }
    var size: hsize_t = 0
    try check(
      "find a chunk of \(path)", unsafe H5Dget_chunk_storage_size(handle.id, place, &size))
    guard size > 0, size <= hsize_t(fileSize) else {
      throw HDF5Error("read \(path)", reason: "the chunk at \(offset) has \(size) bytes")
    }
    var bytes = [UInt8](repeating: 0, count: Int(size))
    var skipped: UInt32 = 0
    try check(
      "read a chunk of \(path)",
      unsafe H5Dread_chunk(handle.id, defaultList, place, &skipped, &bytes))
    return (bytes, skipped)
  }

  /// Stores a chunk to which the dataset's filters have already been applied.
  public func storeChunk(_ bytes: [UInt8], at offset: [Int]) throws(HDF5Error) {
    precondition(offset.count == description.shape.count, "offset \(offset) of \(description.shape)")
    LibraryLock.enter()
    defer { LibraryLock.leave() }
    let place = offset.map { hsize_t($0) }
    try check(
      "write a chunk of \(path)",
      unsafe H5Dwrite_chunk(handle.id, defaultList, 0, place, bytes.count, bytes))
  }

  /// Closes the dataset, and reports what closing had left to write.
  public consuming func close() throws(HDF5Error) {
    let path = path
    try handle.close("close the dataset \(path)")
  }

  /// Writes all values; `type` is theirs in memory.
  func write<Value: BitwiseCopyable>(_ values: [Value], as type: hid_t) throws(HDF5Error) {
    precondition(
      description.count == values.count || MemoryLayout<Value>.size == 1,
      "\(values.count) values for the shape \(description.shape)")
    guard !values.isEmpty else { return }
    let status = unsafe values.withUnsafeBytes { bytes in
      unsafe H5Dwrite(handle.id, type, 0, 0, defaultList, bytes.baseAddress)
    }
    try check("write \(path)", status)
  }

  /// Reads all values; the library converts between kinds of numbers.
  private func numbers<Value: BitwiseCopyable>(
    as memory: hid_t, filling zero: Value, _ classes: [H5T_class_t]
  ) throws(HDF5Error) -> [Value] {
    LibraryLock.enter()
    defer { LibraryLock.leave() }
    let type = try Handle("read the type of \(path)", H5Dget_type(handle.id), release: H5Tclose)
    guard classes.contains(H5Tget_class(type.id)) else {
      throw HDF5Error("read \(path)", reason: "it holds \(description.element), not such numbers")
    }
    let count = try plausibleCount()
    guard count > 0 else { return [] }
    var values = [Value](repeating: zero, count: count)
    let status = unsafe values.withUnsafeMutableBytes { bytes in
      unsafe H5Dread(handle.id, memory, 0, 0, defaultList, bytes.baseAddress)
    }
    try check("read \(path)", status)
    return values
  }

  /// The number of elements, if the file can hold so many.
  private func plausibleCount() throws(HDF5Error) -> Int {
    guard let count = description.count, count <= fileSize.multipliedReportingOverflow(by: Self.expansion).0
    else {
      throw HDF5Error(
        "read \(path)", reason: "the shape \(description.shape) does not fit into \(fileSize) bytes")
    }
    guard description.isAllocated else {
      throw HDF5Error("read \(path)", reason: "a part of it was never written")
    }
    return count
  }
}
