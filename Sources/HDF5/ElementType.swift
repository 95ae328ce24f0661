import CHDF5

/// A number type that datasets are made of.
public protocol HDF5Element: BitwiseCopyable, Sendable {
  /// What a buffer is filled with before it is read into.
  static var zero: Self { get }
  /// The type's name in messages.
  static var typeName: String { get }
  /// The library's identifier of the type in memory.
  static var memoryType: Int64 { get }
  /// The library's identifier of the type in files, little-endian everywhere.
  static var fileType: Int64 { get }
}

extension Float: HDF5Element {
  /// `float32`.
  public static var typeName: String { "float32" }
  /// The native float.
  public static var memoryType: Int64 { HDF5Library.call { chdf5_native_float() } }
  /// IEEE, little-endian.
  public static var fileType: Int64 { HDF5Library.call { chdf5_float32() } }
}

extension Double: HDF5Element {
  /// `float64`.
  public static var typeName: String { "float64" }
  /// The native double.
  public static var memoryType: Int64 { HDF5Library.call { chdf5_native_double() } }
  /// IEEE, little-endian.
  public static var fileType: Int64 { HDF5Library.call { chdf5_float64() } }
}

extension Int64: HDF5Element {
  /// `int64`.
  public static var typeName: String { "int64" }
  /// The native 64-bit integer.
  public static var memoryType: Int64 { HDF5Library.call { chdf5_native_int64() } }
  /// Little-endian.
  public static var fileType: Int64 { HDF5Library.call { chdf5_int64() } }
}

extension Int32: HDF5Element {
  /// `int32`.
  public static var typeName: String { "int32" }
  /// The native 32-bit integer.
  public static var memoryType: Int64 { HDF5Library.call { chdf5_native_int32() } }
  /// Little-endian.
  public static var fileType: Int64 { HDF5Library.call { chdf5_int32() } }
}

extension Int16: HDF5Element {
  /// `int16`.
  public static var typeName: String { "int16" }
  /// The native 16-bit integer.
  public static var memoryType: Int64 { HDF5Library.call { chdf5_native_int16() } }
  /// Little-endian.
  public static var fileType: Int64 { HDF5Library.call { chdf5_int16() } }
}

extension UInt8: HDF5Element {
  /// `uint8`.
  public static var typeName: String { "uint8" }
  /// The native byte.
  public static var memoryType: Int64 { HDF5Library.call { chdf5_native_uint8() } }
  /// A byte.
  public static var fileType: Int64 { HDF5Library.call { chdf5_uint8() } }
}
