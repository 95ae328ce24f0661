import CHDF5

/// What a dataset looks like before its values are read.
public struct DatasetLayout: Sendable, Equatable {
  /// What its values are.
  public enum ValueClass: Sendable, Equatable {
    /// Floating-point numbers.
    case float
    /// Signed whole numbers.
    case signed
    /// Unsigned whole numbers.
    case unsigned
    /// Texts of a fixed length.
    case text
    /// Anything else.
    case other
  }

  /// What its values are.
  public var valueClass: ValueClass
  /// Bytes of a value.
  public var valueSize: Int
  /// Its extents.
  public var shape: [Int]
  /// Whether its values are stored in chunks in this file.
  public var isChunked: Bool
  /// The extents of a chunk; empty when it is not chunked.
  public var chunk: [Int]
  /// The numbers of its filters, in order: 1 deflate, 2 shuffle, 3 Fletcher32.
  public var filters: [Int]
  /// Files outside this one that hold its values.
  public var externalFiles: Int
  /// Bytes that its values take in the file.
  public var storedBytes: Int
}

extension HDF5File {
  /// Whether something of this name is there.
  public func exists(_ path: String) -> Bool {
    HDF5Library.call { unsafe H5Lexists(handle.id, path, chdf5_default()) } > 0
  }

  /// The names in a group, in their order.
  public func names(in group: String) throws(HDF5Error) -> [String] {
    let opened = try Handle(
      "open the group \(group)", unsafe H5Gopen2(handle.id, group, chdf5_default()), release: H5Gclose)
    var info = H5G_info_t()
    try HDF5Library.check("count the group \(group)", unsafe H5Gget_info(opened.id, &info))
    var names: [String] = []
    for index in 0..<info.nlinks {
      let length = HDF5Library.call {
        unsafe H5Lget_name_by_idx(
          opened.id, ".", H5_INDEX_NAME, H5_ITER_INC, index, nil, 0, chdf5_default())
      }
      guard length >= 0 else { throw HDF5Error("read a name of the group \(group)") }
      var buffer = [CChar](repeating: 0, count: length + 1)
      _ = HDF5Library.call {
        unsafe H5Lget_name_by_idx(
          opened.id, ".", H5_INDEX_NAME, H5_ITER_INC, index, &buffer, buffer.count, chdf5_default())
      }
      names.append(String(decoding: buffer.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
    return names
  }

  /// Whether a name is a hard link, which stays in this file; soft and external links lead elsewhere.
  public func isHardLink(_ path: String) -> Bool {
    var info = H5L_info_t()
    let status = HDF5Library.call { unsafe H5Lget_info(handle.id, path, &info, chdf5_default()) }
    return status >= 0 && info.type == H5L_TYPE_HARD
  }

  /// A dataset's type, extents and storage.
  public func layout(of path: String) throws(HDF5Error) -> DatasetLayout {
    let dataset = try open(path)
    let type = try Handle("read the type of \(path)", H5Dget_type(dataset.id), release: H5Tclose)
    let creation = try Handle("read the storage of \(path)", H5Dget_create_plist(dataset.id), release: H5Pclose)
    let shape = try shape(of: dataset, path)
    let isChunked = HDF5Library.call { H5Pget_layout(creation.id) } == H5D_CHUNKED
    var chunk = [hsize_t](repeating: 0, count: shape.count)
    if isChunked, !shape.isEmpty {
      let rank = HDF5Library.call { unsafe H5Pget_chunk(creation.id, Int32(shape.count), &chunk) }
      guard rank == shape.count else { throw HDF5Error("read the chunks of \(path)") }
    }
    let filterCount = HDF5Library.call { H5Pget_nfilters(creation.id) }
    let filters = (0..<max(filterCount, 0)).map { index in
      HDF5Library.call {
        var flags: UInt32 = 0
        var count = 0
        return Int(unsafe H5Pget_filter2(creation.id, UInt32(index), &flags, &count, nil, 0, nil, nil))
      }
    }
    return DatasetLayout(
      valueClass: Self.valueClass(type.id), valueSize: HDF5Library.call { H5Tget_size(type.id) }, shape: shape,
      isChunked: isChunked, chunk: isChunked ? chunk.map { Int(clamping: $0) } : [], filters: filters,
      externalFiles: Int(HDF5Library.call { H5Pget_external_count(creation.id) }),
      storedBytes: Int(clamping: HDF5Library.call { H5Dget_storage_size(dataset.id) }))
  }

  private static func valueClass(_ type: hid_t) -> DatasetLayout.ValueClass {
    HDF5Library.call {
      switch H5Tget_class(type) {
      case H5T_FLOAT: .float
      case H5T_INTEGER: H5Tget_sign(type) == H5T_SGN_2 ? .signed : .unsigned
      case H5T_STRING: H5Tis_variable_str(type) > 0 ? .other : .text
      default: .other
      }
    }
  }

  private func open(_ path: String) throws(HDF5Error) -> Handle {
    try Handle(
      "open the dataset \(path)", unsafe H5Dopen2(handle.id, path, chdf5_default()), release: H5Dclose)
  }

  private func shape(of dataset: borrowing Handle, _ path: String) throws(HDF5Error) -> [Int] {
    let id = dataset.id
    let space = try Handle("read the shape of \(path)", H5Dget_space(id), release: H5Sclose)
    let rank = HDF5Library.call { H5Sget_simple_extent_ndims(space.id) }
    guard rank >= 0 else { throw HDF5Error("read the shape of \(path)") }
    var extents = [hsize_t](repeating: 0, count: Int(rank))
    if rank > 0 {
      _ = HDF5Library.call { unsafe H5Sget_simple_extent_dims(space.id, &extents, nil) }
    }
    return extents.map { Int(clamping: $0) }
  }

  /// A whole dataset, converted to a number type. The caller checks its size first where the file is not trusted.
  public func values<Element: HDF5Element>(
    _ path: String, as type: Element.Type
  ) throws(HDF5Error) -> (values: [Element], shape: [Int]) {
    let dataset = try open(path)
    let shape = try shape(of: dataset, path)
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow, product < 1 << 40 else { throw HDF5Error("read \(path)", "its shape is \(shape)") }
      count = product
    }
    var values = [Element](repeating: .zero, count: count)
    if count > 0 {
      let id = dataset.id
      try HDF5Library.check(
        "read \(path)",
        // The buffer has exactly as many elements of the memory type as the dataset.
        unsafe values.withUnsafeMutableBytes {
          unsafe H5Dread(id, Element.memoryType, chdf5_all(), chdf5_all(), chdf5_default(), $0.baseAddress)
        })
    }
    return (values, shape)
  }

  /// A whole dataset as floats.
  public func floats(_ path: String) throws(HDF5Error) -> (values: [Float], shape: [Int]) {
    try values(path, as: Float.self)
  }

  /// A whole dataset as doubles.
  public func doubles(_ path: String) throws(HDF5Error) -> (values: [Double], shape: [Int]) {
    try values(path, as: Double.self)
  }

  /// A whole dataset as 64-bit whole numbers.
  public func integers(_ path: String) throws(HDF5Error) -> (values: [Int64], shape: [Int]) {
    try values(path, as: Int64.self)
  }

  /// A dataset of texts of a fixed length, without their padding.
  public func strings(_ path: String) throws(HDF5Error) -> [String] {
    let dataset = try open(path)
    let id = dataset.id
    let type = try Handle("read the type of \(path)", H5Dget_type(id), release: H5Tclose)
    let typeID = type.id
    guard Self.valueClass(typeID) == .text else { throw HDF5Error("read \(path)", "it has no texts of fixed length") }
    let size = HDF5Library.call { H5Tget_size(typeID) }
    let count = try shape(of: dataset, path).reduce(1, *)
    guard size > 0, size <= 1 << 16, count < 1 << 32 else { throw HDF5Error("read \(path)", "its texts are too long") }
    var bytes = [UInt8](repeating: 0, count: count * size)
    if count > 0 {
      try HDF5Library.check(
        "read \(path)",
        unsafe bytes.withUnsafeMutableBytes {
          unsafe H5Dread(id, typeID, chdf5_all(), chdf5_all(), chdf5_default(), $0.baseAddress)
        })
    }
    return (0..<count).map { index in
      String(decoding: bytes[(index * size)..<((index + 1) * size)].prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
