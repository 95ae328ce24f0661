import CHDF5

/// Reads texts of a dataset or attribute, of fixed or variable length, cut at the padding.
///
/// - Parameter read: reads all elements, in the memory type given, into the buffer given.
func texts(
  type: borrowing Handle, space: borrowing Handle, count: Int, _ path: String,
  read: (hid_t, UnsafeMutableRawPointer?) -> herr_t
) throws(HDF5Error) -> [String] {
  guard H5Tget_class(type.id) == H5T_STRING else {
    throw HDF5Error("read \(path)", reason: "it holds \(ElementType(of: type)), not text")
  }
  guard count > 0 else { return [] }
  if H5Tis_variable_str(type.id) > 0 {
    return try unsafe variableTexts(type: type, space: space, count: count, path, read: read)
  }
  let size = H5Tget_size(type.id)
  let (total, overflow) = size.multipliedReportingOverflow(by: count)
  guard size >= 1, !overflow, total < 1 << 32 else {
    throw HDF5Error("read \(path)", reason: "\(count) texts of \(size) bytes cannot be right")
  }
  var bytes = [UInt8](repeating: 0, count: total)
  let status = unsafe bytes.withUnsafeMutableBytes { unsafe read(type.id, $0.baseAddress) }
  try check("read \(path)", status)
  let padding: UInt8 = H5Tget_strpad(type.id) == H5T_STR_SPACEPAD ? 32 : 0
  return stride(from: 0, to: total, by: size).map { start in
    let text = bytes[start..<(start + size)]
    let end = text.lastIndex { $0 != padding && $0 != 0 }.map { $0 + 1 } ?? start
    return String(decoding: text[start..<end], as: UTF8.self)
  }
}

/// Reads texts that the library allocates one by one, and gives them back to it.
private func variableTexts(
  type: borrowing Handle, space: borrowing Handle, count: Int, _ path: String,
  read: (hid_t, UnsafeMutableRawPointer?) -> herr_t
) throws(HDF5Error) -> [String] {
  var pointers = unsafe [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
  let status = unsafe pointers.withUnsafeMutableBytes { unsafe read(type.id, $0.baseAddress) }
  try check("read \(path)", status)
  let result = unsafe pointers.map { pointer in
    unsafe pointer.map { unsafe String(cString: $0) } ?? ""
  }
  let released = unsafe pointers.withUnsafeMutableBytes {
    unsafe H5Dvlen_reclaim(type.id, space.id, defaultList, $0.baseAddress)
  }
  try check("release the texts of \(path)", released)
  return result
}
