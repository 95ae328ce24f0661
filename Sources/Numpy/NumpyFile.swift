import CZlib
import Foundation
import Shards

/// Arrays on their way into one npy or npz file.
///
/// All shapes are known before the first value, so every array has its place from the start: arrays grow side by
/// side, values are written as they come, and memory holds none of them. Nothing is at the file's own name before
/// `publish()`.
public final class NumpyFile {
  /// Where an array's values go, and what has come.
  private struct Region {
    let array: NPYArray
    /// The place of the array's header in the file.
    let start: Int
    let headerSize: Int
    var written = 0
    var checksum: UInt

    var size: Int { headerSize + array.header.dataBytes }
    var next: Int { start + headerSize + written }
  }

  /// The file.
  public let url: URL
  private let file: StreamedFile
  private let isArchive: Bool
  private var regions: [Region] = []

  /// An npy file of one array.
  public init(npy url: URL, _ array: NPYArray) throws {
    self.url = url
    file = try StreamedFile(url)
    isArchive = false
    try begin([array])
  }

  /// An npz file of arrays by name, as `numpy.savez` makes it: a zip archive that does not compress.
  public init(npz url: URL, _ arrays: [NPYArray]) throws {
    self.url = url
    file = try StreamedFile(url)
    isArchive = true
    try begin(arrays)
  }

  private func begin(_ arrays: [NPYArray]) throws {
    var place = 0
    for array in arrays {
      let header = array.header.bytes
      if isArchive { place += ZipRecords.localSize(name: array.name + ".npy") }
      let region = Region(
        array: array, start: place, headerSize: header.count, checksum: NumpyFile.checksum(header, after: 0))
      try file.write(header, at: place)
      place += region.size
      regions.append(region)
    }
  }

  /// The arrays, in their order in the file.
  public var arrays: [NPYArray] { regions.map(\.array) }

  /// Adds values to an array: whole elements, after those that it has.
  public func append(_ bytes: [UInt8], to name: String) throws {
    guard let index = regions.firstIndex(where: { $0.array.name == name }) else {
      preconditionFailure("there is no array \(name) in \(url.lastPathComponent)")
    }
    let region = regions[index]
    precondition(
      region.headerSize + region.written + bytes.count <= region.size,
      "\(name) is full: its shape is \(region.array.shape)")
    try file.write(bytes, at: region.next)
    regions[index].written += bytes.count
    if isArchive { regions[index].checksum = NumpyFile.checksum(bytes, after: region.checksum) }
  }

  /// Completes the file and waits until it is on the disk; every array must be full.
  public func finish() throws {
    for region in regions {
      precondition(
        region.headerSize + region.written == region.size,
        "\(region.array.name) has \(region.written) bytes of \(region.array.header.dataBytes)")
    }
    if isArchive { try writeDirectory() }
    try file.sync()
  }

  /// Gives the file its name.
  public func publish() throws { try file.publish() }

  private func writeDirectory() throws {
    var directory: [UInt8] = []
    for region in regions {
      let entry = ZipRecords.Entry(
        name: region.array.name + ".npy", checksum: UInt32(region.checksum), size: region.size,
        offset: region.start - ZipRecords.localSize(name: region.array.name + ".npy"))
      try file.write(ZipRecords.local(entry), at: entry.offset)
      directory += ZipRecords.central(entry)
    }
    let place = regions.last.map { $0.start + $0.size } ?? 0
    directory += ZipRecords.end(
      entries: regions.count, directorySize: directory.count, directoryOffset: place)
    try file.write(directory, at: place)
  }

  private static func checksum(_ bytes: [UInt8], after sum: UInt) -> UInt {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      // zlib reads as many bytes as it is told.
      unsafe crc32_z(sum, buffer.baseAddress, buffer.count)
    }
  }
}
