import CHDF5

/// What a file says about a dataset before any value is read.
public struct DatasetDescription: Sendable, Equatable {
  /// A filter of the library, by its registered number.
  public enum Filter {
    /// zlib.
    public static let deflate = 1
    /// Bytes of equal weight side by side.
    public static let shuffle = 2
    /// Fletcher's checksum, four bytes at the end of each chunk.
    public static let fletcher32 = 3
  }

  /// The type of the elements; everything but `other` is little-endian.
  public var element: ElementType
  /// The extents, slowest first; empty for a single value.
  public var shape: [Int]
  /// The extents of a chunk, or empty where the dataset is stored in one piece.
  public var chunk: [Int]
  /// The filters of each chunk, in the order in which they were applied.
  public var filters: [Int]
  /// Whether every chunk is stored; where one is not, the library makes values up.
  public var isAllocated: Bool
  /// The number of elements, or nil where it exceeds `Int`.
  public var count: Int? {
    var product = 1
    for extent in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      if overflow { return nil }
      product = next
    }
    return product
  }

  /// Asks an open dataset; refuses data outside of the file.
  init(of dataset: borrowing Handle, _ path: String) throws(HDF5Error) {
    let list = try Handle(
      "read the properties of \(path)", H5Dget_create_plist(dataset.id), release: H5Pclose)
    guard H5Pget_external_count(list.id) == 0 else {
      throw HDF5Error("read \(path)", reason: "its values are in another file (external storage)")
    }
    let layout = H5Pget_layout(list.id)
    guard layout != H5D_VIRTUAL else {
      throw HDF5Error("read \(path)", reason: "its values are in other files (virtual dataset)")
    }
    let space = try Handle("read the shape of \(path)", H5Dget_space(dataset.id), release: H5Sclose)
    shape = try extents(of: space, path)
    let type = try Handle("read the type of \(path)", H5Dget_type(dataset.id), release: H5Tclose)
    element = ElementType(of: type)
    chunk = []
    if layout == H5D_CHUNKED {
      var extents = [hsize_t](repeating: 0, count: 32)
      let rank = unsafe H5Pget_chunk(list.id, 32, &extents)
      try check("read the chunks of \(path)", rank)
      chunk = extents.prefix(Int(rank)).map { Int(clamping: $0) }
    }
    filters = []
    for index in 0..<UInt32(max(0, H5Pget_nfilters(list.id))) {
      var flags: UInt32 = 0
      var values = 0
      var configuration: UInt32 = 0
      let filter = unsafe H5Pget_filter2(list.id, index, &flags, &values, nil, 0, nil, &configuration)
      try check("read the filters of \(path)", filter)
      filters.append(Int(filter))
    }
    if layout == H5D_CHUNKED {
      var stored: hsize_t = 0
      try check("count the chunks of \(path)", unsafe H5Dget_num_chunks(dataset.id, space.id, &stored))
      isAllocated = DatasetDescription.chunkCount(shape, chunk).map { stored == hsize_t($0) } ?? false
    } else {
      var status = H5D_SPACE_STATUS_ERROR
      try check("read the storage of \(path)", unsafe H5Dget_space_status(dataset.id, &status))
      isAllocated = status == H5D_SPACE_STATUS_ALLOCATED || shape.contains(0)
    }
  }

  /// The number of chunks that make up the shape, or nil where it exceeds `Int`.
  ///
  /// The library's own account of a dataset's storage compares bytes, so that compressed chunks all seem partial.
  private static func chunkCount(_ shape: [Int], _ chunk: [Int]) -> Int? {
    var product = 1
    for (extent, size) in zip(shape, chunk) {
      guard size >= 1 else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(
        by: extent / size + (extent % size == 0 ? 0 : 1))
      if overflow { return nil }
      product = next
    }
    return product
  }
}

/// The extents of a data space, slowest first.
func extents(of space: borrowing Handle, _ path: String) throws(HDF5Error) -> [Int] {
  let rank = H5Sget_simple_extent_ndims(space.id)
  try check("read the shape of \(path)", rank)
  guard H5Sget_simple_extent_type(space.id) != H5S_NULL else {
    throw HDF5Error("read \(path)", reason: "it holds nothing")
  }
  var sizes = [hsize_t](repeating: 0, count: Int(rank))
  try check("read the shape of \(path)", unsafe H5Sget_simple_extent_dims(space.id, &sizes, nil))
  guard sizes.allSatisfy({ $0 <= hsize_t(Int.max) }) else {
    throw HDF5Error("read \(path)", reason: "its shape \(sizes) cannot be right")
  }
  return sizes.map { Int($0) }
}
