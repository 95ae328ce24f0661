import CHDF5

extension HDF5File {
  /// A text attribute of a group or dataset, of fixed or variable length.
  public func attribute(_ name: String, of path: String = "/") throws(HDF5Error) -> String {
    let texts: [String] = try attribute(name, of: path)
    guard texts.count == 1 else { throw wrongCount(texts.count, name, path) }
    return texts[0]
  }

  /// An attribute that holds any number of texts.
  public func attribute(_ name: String, of path: String = "/") throws(HDF5Error) -> [String] {
    LibraryLock.enter()
    defer { LibraryLock.leave() }
    let opened = try openAttribute(name, of: path)
    let operation = "read the attribute \(name) of \(path)"
    let type = try Handle(operation, H5Aget_type(opened.handle.id), release: H5Tclose)
    let space = try Handle(operation, H5Aget_space(opened.handle.id), release: H5Sclose)
    let id = opened.handle.id
    return try unsafe texts(type: type, space: space, count: opened.count, "\(path)@\(name)") {
      memory, buffer in
      unsafe H5Aread(id, memory, buffer)
    }
  }

  /// A number attribute of a group or dataset.
  public func attribute(_ name: String, of path: String = "/") throws(HDF5Error) -> Double {
    try number(name, of: path, as: chdf5_native_double(), filling: 0, [H5T_FLOAT, H5T_INTEGER])
  }

  /// A whole-number attribute of a group or dataset; refuses floating point.
  public func attribute(_ name: String, of path: String = "/") throws(HDF5Error) -> Int {
    Int(try number(name, of: path, as: chdf5_native_int64(), filling: Int64(0), [H5T_INTEGER]))
  }

  private func number<Value: BitwiseCopyable>(
    _ name: String, of path: String, as memory: hid_t, filling zero: Value, _ classes: [H5T_class_t]
  ) throws(HDF5Error) -> Value {
    LibraryLock.enter()
    defer { LibraryLock.leave() }
    let opened = try openAttribute(name, of: path)
    guard opened.count == 1 else { throw wrongCount(opened.count, name, path) }
    let operation = "read the attribute \(name) of \(path)"
    let type = try Handle(operation, H5Aget_type(opened.handle.id), release: H5Tclose)
    guard classes.contains(H5Tget_class(type.id)) else {
      throw HDF5Error(operation, reason: "it holds \(ElementType(of: type)), not such a number")
    }
    var value = zero
    try check(operation, unsafe H5Aread(opened.handle.id, memory, &value))
    return value
  }

  /// Opens an attribute and counts its elements, at most 65536.
  private func openAttribute(
    _ name: String, of path: String
  ) throws(HDF5Error) -> OpenAttribute {
    try checkLinks(path)
    let operation = "read the attribute \(name) of \(path)"
    let attribute = try Handle(
      operation, unsafe H5Aopen_by_name(handle.id, path, name, defaultList, defaultList),
      release: H5Aclose)
    let space = try Handle(operation, H5Aget_space(attribute.id), release: H5Sclose)
    let count = H5Sget_simple_extent_npoints(space.id)
    guard (0...65536).contains(count) else {
      throw HDF5Error(operation, reason: "\(count) elements cannot be right")
    }
    return OpenAttribute(handle: attribute, count: Int(count))
  }

  private func wrongCount(_ count: Int, _ name: String, _ path: String) -> HDF5Error {
    HDF5Error("read the attribute \(name) of \(path)", reason: "it holds \(count) values, not one")
  }
}

/// An attribute and the number of its elements.
private struct OpenAttribute: ~Copyable {
  let handle: Handle
  let count: Int
}
