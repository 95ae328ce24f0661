import CHDF5

extension HDF5Writer {
  /// Writes a text attribute of a group or dataset, in UTF-8 of fixed length.
  public func attribute(_ name: String, _ value: String, of path: String = "/") throws(HDF5Error) {
    try texts(name, [value], shape: nil, of: path)
  }

  /// Writes an attribute of several texts, all as wide as the longest.
  public func attribute(_ name: String, _ values: [String], of path: String = "/") throws(HDF5Error) {
    try texts(name, values, shape: [hsize_t(values.count)], of: path)
  }

  /// Writes a number attribute of a group or dataset.
  public func attribute(_ name: String, _ value: Double, of path: String = "/") throws(HDF5Error) {
    try write(name, [value], .float64, as: chdf5_native_double(), shape: nil, of: path)
  }

  /// Writes a whole-number attribute of a group or dataset.
  public func attribute(_ name: String, _ value: Int, of path: String = "/") throws(HDF5Error) {
    try write(name, [Int64(value)], .int64, as: chdf5_native_int64(), shape: nil, of: path)
  }

  private func texts(
    _ name: String, _ values: [String], shape: [hsize_t]?, of path: String
  ) throws(HDF5Error) {
    LibraryLock.enter()
    defer { LibraryLock.leave() }
    let width = max(1, values.map(\.utf8.count).max() ?? 1)
    let bytes = values.flatMap { Array($0.utf8) + [UInt8](repeating: 0, count: width - $0.utf8.count) }
    let type = try ElementType.fixedString(width).fileType()
    try check("write the attribute \(name)", H5Tset_cset(type.id, H5T_CSET_UTF8))
    try write(name, bytes, type, as: type.id, shape: shape, of: path)
  }

  private func write<Value: BitwiseCopyable>(
    _ name: String, _ values: [Value], _ element: ElementType, as memory: hid_t, shape: [hsize_t]?,
    of path: String
  ) throws(HDF5Error) {
    LibraryLock.enter()
    defer { LibraryLock.leave() }
    try write(name, values, try element.fileType(), as: memory, shape: shape, of: path)
  }

  /// Writes the values with the lock held; without a shape there is one.
  private func write<Value: BitwiseCopyable>(
    _ name: String, _ values: [Value], _ type: borrowing Handle, as memory: hid_t, shape: [hsize_t]?,
    of path: String
  ) throws(HDF5Error) {
    let operation = "write the attribute \(name) of \(path)"
    let space =
      if let shape {
        try Handle(
          operation, unsafe H5Screate_simple(Int32(shape.count), shape, nil), release: H5Sclose)
      } else {
        try Handle(operation, H5Screate(H5S_SCALAR), release: H5Sclose)
      }
    let attribute = try Handle(
      operation,
      unsafe H5Acreate_by_name(
        file.id, path, name, type.id, space.id, defaultList, defaultList, defaultList),
      release: H5Aclose)
    try check(
      operation, unsafe values.withUnsafeBytes { unsafe H5Awrite(attribute.id, memory, $0.baseAddress) })
    try attribute.close(operation)
  }
}
