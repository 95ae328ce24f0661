import CHDF5
import Foundation

extension HDF5File {
  private func open(_ name: String, of path: String) throws(HDF5Error) -> Handle {
    try Handle(
      "open the attribute \(name) of \(path)",
      unsafe H5Aopen_by_name(handle.id, path, name, chdf5_default(), chdf5_default()), release: H5Aclose)
  }

  /// A number, converted.
  public func attribute(_ name: String, of path: String = "/") throws(HDF5Error) -> Double {
    let attribute = try open(name, of: path)
    var value = 0.0
    try HDF5Library.check("read the attribute \(name)", unsafe H5Aread(attribute.id, Double.memoryType, &value))
    return value
  }

  /// A whole number, converted.
  public func attribute(_ name: String, of path: String = "/") throws(HDF5Error) -> Int {
    let attribute = try open(name, of: path)
    var value: Int64 = 0
    try HDF5Library.check("read the attribute \(name)", unsafe H5Aread(attribute.id, Int64.memoryType, &value))
    return Int(value)
  }

  /// A text, of fixed or variable length.
  public func attribute(_ name: String, of path: String = "/") throws(HDF5Error) -> String {
    let texts: [String] = try attribute(name, of: path)
    guard texts.count == 1 else { throw HDF5Error("read the attribute \(name)", "it has \(texts.count) texts") }
    return texts[0]
  }

  /// Texts of fixed length, or one of variable length.
  public func attribute(_ name: String, of path: String = "/") throws(HDF5Error) -> [String] {
    let attribute = try open(name, of: path)
    let id = attribute.id
    let type = try Handle("read the type of \(name)", H5Aget_type(id), release: H5Tclose)
    let typeID = type.id
    let operation = "read the attribute \(name)"
    guard HDF5Library.call({ H5Tget_class(typeID) }) == H5T_STRING else { throw HDF5Error(operation, "it is no text") }
    let space = try Handle(operation, H5Aget_space(id), release: H5Sclose)
    let count = Int(HDF5Library.call { H5Sget_simple_extent_npoints(space.id) })
    if HDF5Library.call({ H5Tis_variable_str(typeID) }) > 0 {
      guard count == 1 else { throw HDF5Error(operation, "it has \(count) texts of variable length") }
      var text: UnsafeMutablePointer<CChar>? = nil
      try HDF5Library.check(operation, unsafe H5Aread(id, typeID, &text))
      // The library allocated the text; it is copied and given back here.
      guard let text = unsafe text else { return [""] }
      defer { _ = HDF5Library.call { unsafe H5free_memory(text) } }
      return [unsafe String(cString: text)]
    }
    let size = HDF5Library.call { H5Tget_size(typeID) }
    guard size > 0, size <= 1 << 24, count >= 1, count <= 1 << 16 else { throw HDF5Error(operation, "it is too long") }
    var bytes = [UInt8](repeating: 0, count: size * count)
    try HDF5Library.check(operation, unsafe H5Aread(id, typeID, &bytes))
    return (0..<count).map { index in
      String(decoding: bytes[(index * size)..<((index + 1) * size)].prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  /// Gives the root a number.
  public func setAttribute(_ name: String, _ value: Int) throws(HDF5Error) {
    var number = Int64(value)
    try setAttribute(name, type: Int64.fileType, memoryType: Int64.memoryType, extents: [], bytes: unsafe withUnsafeBytes(of: &number) { unsafe Array($0) })
  }

  /// Gives the root a number.
  public func setAttribute(_ name: String, _ value: Double) throws(HDF5Error) {
    var number = value
    try setAttribute(name, type: Double.fileType, memoryType: Double.memoryType, extents: [], bytes: unsafe withUnsafeBytes(of: &number) { unsafe Array($0) })
  }

  /// Gives the root a text of fixed length.
  public func setAttribute(_ name: String, _ text: String) throws(HDF5Error) {
    try setAttribute(name, texts: [text], extents: [])
  }

  /// Gives the root texts of one fixed length.
  public func setAttribute(_ name: String, _ texts: [String]) throws(HDF5Error) {
    try setAttribute(name, texts: texts, extents: [hsize_t(texts.count)])
  }

  private func setAttribute(_ name: String, texts: [String], extents: [hsize_t]) throws(HDF5Error) {
    let size = HDF5File.textSize(texts)
    let type = try HDF5File.textType(size)
    try setAttribute(
      name, type: type.id, memoryType: type.id, extents: extents, bytes: HDF5File.padded(texts, to: size))
  }

  private func setAttribute(
    _ name: String, type: hid_t, memoryType: hid_t, extents: [hsize_t], bytes: [UInt8]
  ) throws(HDF5Error) {
    let space = try HDF5File.space(extents)
    let root = handle.id
    let attribute = try Handle(
      "make the attribute \(name)",
      unsafe H5Acreate2(root, name, type, space.id, chdf5_default(), chdf5_default()), release: H5Aclose)
    let id = attribute.id
    try HDF5Library.check("write the attribute \(name)", unsafe H5Awrite(id, memoryType, bytes))
    try attribute.close("write the attribute \(name)")
  }
}
