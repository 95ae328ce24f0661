import CHDF5

extension HDF5File {
  /// How a dataset is stored: always in chunks with a Fletcher32 checksum each.
  public struct Storage: Sendable {
    /// The extents of a chunk.
    public var chunk: [Int]
    /// The zlib level after shuffling; nil stores the values as they are.
    public var deflate: Int?

    /// Chunks of given extents.
    public init(chunk: [Int], deflate: Int? = nil) {
      self.chunk = chunk
      self.deflate = deflate
    }
  }

  /// A dataset that was made and waits for its chunks.
  public struct Dataset: ~Copyable {
    let handle: Handle
    let path: String

    /// Stores a chunk whose bytes have gone through the dataset's filters already.
    ///
    /// - Parameters:
    ///   - bytes: the filtered bytes.
    ///   - start: the chunk's first element, one number for each axis.
    public func writeFilteredChunk(_ bytes: [UInt8], at start: [Int]) throws(HDF5Error) {
      let offset = start.map { hsize_t($0) }
      let id = handle.id
      try HDF5Library.check(
        "write a chunk of \(path)",
        unsafe H5Dwrite_chunk(id, chdf5_default(), 0, offset, bytes.count, bytes))
    }

    /// Ends the dataset.
    public consuming func close() throws(HDF5Error) {
      let path = self.path
      try handle.close("close \(path)")
    }
  }

  /// Makes a group.
  public func makeGroup(_ path: String) throws(HDF5Error) {
    let creation = try Handle("make properties", H5Pcreate(chdf5_group_create()), release: H5Pclose)
    try HDF5Library.check("leave times out", H5Pset_obj_track_times(creation.id, false))
    let parent = handle.id
    let group = try Handle(
      "make the group \(path)",
      unsafe H5Gcreate2(parent, path, chdf5_default(), creation.id, chdf5_default()), release: H5Gclose)
    try group.close("close the group \(path)")
  }

  /// Makes a dataset of numbers.
  public func makeDataset<Element: HDF5Element>(
    _ path: String, of type: Element.Type, shape: [Int], _ storage: Storage
  ) throws(HDF5Error) -> Dataset {
    try makeDataset(path, type: Element.fileType, shape: shape, storage)
  }

  private func makeDataset(
    _ path: String, type: hid_t, shape: [Int], _ storage: Storage
  ) throws(HDF5Error) -> Dataset {
    let creation = try Handle("make properties", H5Pcreate(chdf5_dataset_create()), release: H5Pclose)
    let id = creation.id
    let chunk = storage.chunk.map { hsize_t(max($0, 1)) }
    try HDF5Library.check("leave times out", H5Pset_obj_track_times(id, false))
    try HDF5Library.check("set the chunks of \(path)", unsafe H5Pset_chunk(id, Int32(chunk.count), chunk))
    if let level = storage.deflate {
      try HDF5Library.check("shuffle \(path)", H5Pset_shuffle(id))
      try HDF5Library.check("deflate \(path)", H5Pset_deflate(id, UInt32(level)))
    }
    try HDF5Library.check("checksum \(path)", H5Pset_fletcher32(id))
    let space = try HDF5File.space(shape.map { hsize_t($0) })
    let parent = handle.id
    let dataset = try Handle(
      "make the dataset \(path)",
      unsafe H5Dcreate2(parent, path, type, space.id, chdf5_default(), id, chdf5_default()), release: H5Dclose)
    return Dataset(handle: dataset, path: path)
  }

  /// Writes a whole dataset of numbers, in one chunk unless told otherwise.
  public func write<Element: HDF5Element>(
    _ values: [Element], shape: [Int], to path: String, _ storage: Storage? = nil
  ) throws(HDF5Error) {
    precondition(shape.reduce(1, *) == values.count, "\(path): \(values.count) values for shape \(shape)")
    let dataset = try makeDataset(path, of: Element.self, shape: shape, storage ?? Storage(chunk: shape))
    let id = dataset.handle.id
    if !values.isEmpty {
      try HDF5Library.check(
        "write \(path)",
        unsafe H5Dwrite(id, Element.memoryType, chdf5_all(), chdf5_all(), chdf5_default(), values))
    }
    try dataset.close()
  }

  /// Writes a dataset of texts of one fixed length, padded with zeros.
  public func write(_ texts: [String], to path: String) throws(HDF5Error) {
    let size = HDF5File.textSize(texts)
    let type = try HDF5File.textType(size)
    let dataset = try makeDataset(
      path, type: type.id, shape: [texts.count], Storage(chunk: [min(texts.count, 4096)]))
    let (id, typeID) = (dataset.handle.id, type.id)
    if !texts.isEmpty {
      let bytes = HDF5File.padded(texts, to: size)
      try HDF5Library.check(
        "write \(path)", unsafe H5Dwrite(id, typeID, chdf5_all(), chdf5_all(), chdf5_default(), bytes))
    }
    try dataset.close()
  }

  static func space(_ extents: [hsize_t]) throws(HDF5Error) -> Handle {
    try Handle(
      "make a shape",
      extents.isEmpty ? H5Screate(H5S_SCALAR) : unsafe H5Screate_simple(Int32(extents.count), extents, nil),
      release: H5Sclose)
  }

  static func textSize(_ texts: [String]) -> Int { max(texts.map(\.utf8.count).max() ?? 1, 1) }

  static func textType(_ size: Int) throws(HDF5Error) -> Handle {
    let type = try Handle("make a text type", H5Tcopy(chdf5_c_string()), release: H5Tclose)
    let id = type.id
    try HDF5Library.check("size a text type", H5Tset_size(id, size))
    try HDF5Library.check("pad a text type", H5Tset_strpad(id, H5T_STR_NULLPAD))
    return type
  }

  static func padded(_ texts: [String], to size: Int) -> [UInt8] {
    texts.flatMap { Array($0.utf8) + [UInt8](repeating: 0, count: size - $0.utf8.count) }
  }
}
