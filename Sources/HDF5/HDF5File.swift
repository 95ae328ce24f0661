import CHDF5
import Foundation

/// A file open for reading.
///
/// Paths are followed through hard links only: a soft or external link is refused wherever it stands, since it can
/// lead out of the file. Filters are the built-in ones; plug-ins are never loaded. The library is not made for
/// files from an attacker, and nothing here makes it so.
public struct HDF5File: ~Copyable, Sendable {
  let handle: Handle
  /// The size of the file in bytes, which bounds what its datasets can plausibly hold.
  let byteCount: Int

  /// Opens a file on a disk, without locking it.
  public init(reading path: String) throws(HDF5Error) {
    LibraryLock.enter()
    defer { LibraryLock.leave() }
    let access = try Handle("make a property list", chdf5_file_access_list(), release: H5Pclose)
    try check("leave \(path) unlocked", chdf5_no_locking(access.id))
    let file = try Handle(
      "open \(path)", unsafe H5Fopen(path, chdf5_read_only(), access.id), release: H5Fclose)
    var size: hsize_t = 0
    try check("read the size of \(path)", unsafe H5Fget_filesize(file.id, &size))
    byteCount = Int(clamping: size)
    handle = file
  }

  /// Opens a file that is in memory, for as long as `body` runs; its bytes are not copied.
  ///
  /// - Parameter body: leaves nothing of the file open.
  public static func reading<Result>(
    image: Data, _ body: (consuming HDF5File) throws -> Result
  ) throws -> Result {
    guard !image.isEmpty else { throw HDF5Error("open a file in memory", reason: "it is empty") }
    return try unsafe image.withUnsafeBytes { bytes in
      // The library only reads the bytes, although its functions do not say `const`.
      var borrowed = unsafe chdf5_image(
        bytes: UnsafeMutableRawPointer(mutating: bytes.baseAddress), size: bytes.count)
      return try unsafe withUnsafeMutablePointer(to: &borrowed) { borrowed in
        try body(try unsafe HDF5File(borrowing: borrowed))
      }
    }
  }

  private init(borrowing image: UnsafeMutablePointer<chdf5_image>) throws(HDF5Error) {
    LibraryLock.enter()
    defer { LibraryLock.leave() }
    let access = try Handle("make a property list", chdf5_file_access_list(), release: H5Pclose)
    try check("open a file in memory", unsafe chdf5_borrow_image(access.id, image))
    handle = try Handle(
      "open a file in memory", unsafe H5Fopen(ImageName.next(), chdf5_read_only(), access.id),
      release: H5Fclose)
    byteCount = unsafe image.pointee.size
  }

  /// Whether every step of the path is there, by hard links.
  public func exists(_ path: String) -> Bool {
    LibraryLock.enter()
    defer { LibraryLock.leave() }
    return steps(of: path).allSatisfy { unsafe chdf5_link_is_hard(handle.id, $0) != 0 }
  }

  /// The names in a group, in the order of their bytes.
  public func names(in group: String = "/") throws(HDF5Error) -> [String] {
    LibraryLock.enter()
    defer { LibraryLock.leave() }
    try checkLinks(group)
    let operation = "list \(group)"
    let opened = try Handle(operation, unsafe H5Gopen2(handle.id, group, defaultList), release: H5Gclose)
    var info = H5G_info_t()
    try check(operation, unsafe H5Gget_info(opened.id, &info))
    var names: [String] = []
    for index in 0..<info.nlinks {
      let length = chdf5_name(opened.id, index, nil, 0)
      guard length >= 0 else { throw HDF5Error(operation) }
      var name = [CChar](repeating: 0, count: length + 1)
      guard unsafe chdf5_name(opened.id, index, &name, name.count) == length else {
        throw HDF5Error(operation)
      }
      names.append(String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
    return names
  }

  /// Opens a dataset; refuses values that are stored outside of the file.
  public func dataset(_ path: String) throws(HDF5Error) -> HDF5Dataset {
    LibraryLock.enter()
    defer { LibraryLock.leave() }
    try checkLinks(path)
    return try HDF5Dataset(
      try Handle(
        "open the dataset \(path)", unsafe H5Dopen2(handle.id, path, defaultList), release: H5Dclose),
      path: path, fileSize: byteCount)
  }

  /// All values of a dataset of numbers, as `Float`, and its shape.
  public func floats(_ path: String) throws(HDF5Error) -> (values: [Float], shape: [Int]) {
    let dataset = try dataset(path)
    return (try dataset.floats(), dataset.description.shape)
  }

  /// All values of a dataset of numbers, as `Double`, and its shape.
  public func doubles(_ path: String) throws(HDF5Error) -> (values: [Double], shape: [Int]) {
    let dataset = try dataset(path)
    return (try dataset.doubles(), dataset.description.shape)
  }

  /// All values of a dataset of whole numbers, and its shape.
  public func integers(_ path: String) throws(HDF5Error) -> (values: [Int64], shape: [Int]) {
    let dataset = try dataset(path)
    return (try dataset.integers(), dataset.description.shape)
  }

  /// All texts of a dataset, of fixed or variable length.
  public func strings(_ path: String) throws(HDF5Error) -> [String] {
    try dataset(path).strings()
  }

  /// Throws unless every step of the path is a hard link.
  func checkLinks(_ path: String) throws(HDF5Error) {
    for step in steps(of: path) where unsafe chdf5_link_is_hard(handle.id, step) == 0 {
      throw HDF5Error("open \(path)", reason: "\(step) is missing, or not a hard link")
    }
  }

  /// `a/b/c` as `a`, `a/b`, `a/b/c`.
  private func steps(of path: String) -> [String] {
    var steps: [String] = []
    for name in path.split(separator: "/") {
      steps.append(steps.last.map { "\($0)/\(name)" } ?? String(name))
    }
    return steps
  }
}
