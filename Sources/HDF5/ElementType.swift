import CHDF5

/// The types of elements that this package writes and reads; numbers are little-endian.
public enum ElementType: Sendable, Equatable {
  /// IEEE floating point.
  case float32, float64
  /// Whole numbers.
  case int16, int32, int64, uint8
  /// Text of so many bytes, filled up with zeros.
  case fixedString(Int)
  /// Text of any length, kept apart from the dataset.
  case variableString
  /// Something else, in the words of the library's type classes.
  case other(String)

  /// The type of a file's dataset or attribute.
  init(of type: borrowing Handle) {
    let size = H5Tget_size(type.id)
    switch H5Tget_class(type.id) {
    case H5T_STRING:
      self = H5Tis_variable_str(type.id) > 0 ? .variableString : .fixedString(size)
    case H5T_FLOAT:
      if H5Tequal(type.id, chdf5_file_float()) > 0 {
        self = .float32
      } else {
        self = H5Tequal(type.id, chdf5_file_double()) > 0 ? .float64 : .other("float of \(size) bytes")
      }
    case H5T_INTEGER:
      let known: [(ElementType, hid_t)] = [
        (.int16, chdf5_file_int16()), (.int32, chdf5_file_int32()), (.int64, chdf5_file_int64()),
        (.uint8, chdf5_file_uint8()),
      ]
      self = known.first { H5Tequal(type.id, $0.1) > 0 }?.0 ?? .other("integer of \(size) bytes")
    default:
      self = .other("class \(H5Tget_class(type.id).rawValue)")
    }
  }

  /// The library's identifier for the type in a file. A new one, since strings have no fixed one.
  func fileType() throws(HDF5Error) -> Handle {
    let known: hid_t
    switch self {
    case .float32: known = chdf5_file_float()
    case .float64: known = chdf5_file_double()
    case .int16: known = chdf5_file_int16()
    case .int32: known = chdf5_file_int32()
    case .int64: known = chdf5_file_int64()
    case .uint8: known = chdf5_file_uint8()
    case .fixedString, .variableString: known = chdf5_c_string()
    case .other(let name): preconditionFailure("\(name) cannot be written")
    }
    let type = try Handle("make a type", H5Tcopy(known), release: H5Tclose)
    if case .fixedString(let size) = self {
      precondition(size >= 1, "a string of \(size) bytes has no type")
      try check("make a type of \(size) bytes", H5Tset_size(type.id, size))
      try check("make a type of \(size) bytes", H5Tset_strpad(type.id, H5T_STR_NULLPAD))
    }
    return type
  }

  /// Bytes of one element, where that is fixed.
  public var byteCount: Int {
    switch self {
    case .uint8: 1
    case .int16: 2
    case .int32, .float32: 4
    case .int64, .float64: 8
    case .fixedString(let size): size
    case .variableString, .other: 0
    }
  }
}
