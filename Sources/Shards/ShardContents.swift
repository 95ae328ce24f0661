import Foundation
import HDF5
import Skeleton

/// An open shard whose every name, type, shape and bound has been checked; frames are read when asked for.
struct ShardContents: ~Copyable {
  let name: String
  let attributes: ShardAttributes
  let samples: [SampleRecord]
  let intervals: [ActionInterval]
  let loops: [BodyLoops]
  private let frames: HDF5Dataset
  private let visible: HDF5Dataset
  private let columns: ShardColumns
  /// The columns that were kept on request.
  let columnNames: [JointColumn]

  /// A chunk of more bytes than this is refused before memory is set aside for it.
  private static let largestChunk = 1 << 24
  /// More than deflate can make of one byte.
  private static let expansion = 1100

  /// The signature, and the version of the superblock of files whose metadata carry checksums.
  private static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 3]

  /// Checks a shard in memory, and gives it to `body`.
  ///
  /// - Parameter name: what messages call it.
  static func reading<Result>(
    image: Data, name: String, _ body: (borrowing ShardContents) throws -> Result
  ) throws -> Result {
    try checkSignature(image.prefix(signature.count), name)
    do {
      return try HDF5File.reading(image: image) { file in
        try body(try ShardContents(file, bytes: image.count, name: name))
      }
    } catch let error as HDF5Error {
      return try inFile(name) { () throws(HDF5Error) in throw error }
    }
  }

  /// Checks a shard on a disk, without its frames being read.
  init(reading url: URL) throws {
    let name = url.path
    let (start, bytes) = try Disk.start(of: name, upTo: Self.signature.count)
    try Self.checkSignature(start, name)
    try self.init(
      try inFile(name) { () throws(HDF5Error) in try HDF5File(reading: name) }, bytes: bytes, name: name)
  }

  private static func checkSignature(_ start: Data, _ name: String) throws {
    guard start.elementsEqual(signature) else {
      throw InputError(name, at: "byte 0", found: "no HDF5 1.10 file", expected: "a shard")
    }
  }

  private init(_ file: consuming HDF5File, bytes: Int, name: String) throws {
    let columns = ShardColumns(file: file, name: name)
    let attributes = try columns.attributes()
    let frames = try columns.dataset(ShardLayout.frames, .float32, row: ShardLayout.frameShape)
    let visible = try columns.dataset(ShardLayout.visible, .uint8, row: ShardLayout.visibleShape)
    let frameCount = frames.description.shape[0]
    guard visible.description.shape[0] == frameCount else {
      throw InputError(
        name, at: ShardLayout.visible, found: "\(visible.description.shape[0]) rows",
        expected: "\(frameCount), as in \(ShardLayout.frames)")
    }
    guard frameCount <= Self.expansion * bytes / (4 * Shard.frameSize) else {
      throw InputError(
        name, at: ShardLayout.frames, found: "\(frameCount) rows",
        expected: "no more than \(bytes) bytes can hold")
    }
    for dataset in [frames.description, visible.description] { try Self.checkChunks(of: dataset, name) }
    let classes = ShardLimits.classCount(of: attributes.dataset)
    let samples = try columns.samples(frameCount: frameCount, classes: classes)
    let (intervals, loops) = (
      try columns.intervals(of: samples, classes: classes), try columns.loops(of: samples)
    )
    self.intervals = intervals
    self.loops = loops
    self.samples = samples
    self.name = name
    self.attributes = attributes
    self.frames = frames
    self.visible = visible
    columnNames = JointColumn.allCases.filter { columns.file.exists(ShardLayout.path(of: $0)) }
    self.columns = columns
  }

  private static func checkChunks(of dataset: DatasetDescription, _ name: String) throws {
    let rowElements = dataset.chunk.dropFirst().reduce(dataset.element.byteCount) {
      $0.multipliedReportingOverflow(by: $1).partialValue
    }
    guard dataset.chunk.allSatisfy({ (1...largestChunk).contains($0) }),
      (1...largestChunk).contains(rowElements), dataset.chunk[0] <= largestChunk / rowElements
    else {
      throw InputError(
        name, found: "chunks of \(dataset.chunk)", expected: "at most \(largestChunk) bytes")
    }
  }

  /// A column that was kept on request, with a row for each of the frames.
  private func columnDataset(_ column: JointColumn) throws -> HDF5Dataset {
    let path = ShardLayout.path(of: column)
    let dataset = try columns.dataset(path, .float32, row: ShardLayout.shape(of: column))
    let (found, expected) = (dataset.description.shape[0], frames.description.shape[0])
    guard found == expected else {
      throw InputError(name, at: path, found: "\(found) rows", expected: "\(expected)")
    }
    try Self.checkChunks(of: dataset.description, name)
    return dataset
  }

  /// All values, with every checksum compared.
  ///
  /// - Parameter withColumns: whether those that were kept on request are read too.
  func load(withColumns: Bool = false) throws -> Shard {
    let frameCount = frames.description.shape[0]
    var coordinates: [Float] = []
    coordinates.reserveCapacity(frameCount * Shard.frameSize)
    try forEachPiece(of: frames, ShardLayout.frames) { bytes in
      try coordinates.append(contentsOf: self.coordinates(bytes))
    }
    var shard = Shard(
      attributes: attributes, samples: samples, frames: coordinates, visible: try flags(),
      intervals: intervals, loops: loops)
    for column in withColumns ? columnNames : [] {
      var values: [Float] = []
      values.reserveCapacity(frameCount * Shard.visibleSize * column.width)
      let dataset = try columnDataset(column)
      try forEachPiece(of: dataset, ShardLayout.path(of: column)) { bytes in
        try values.append(contentsOf: floats(bytes, of: ShardLayout.path(of: column)))
      }
      shard.columns[column] = values
    }
    return shard
  }

  /// The values of `/visible`, (F, M, V), with every checksum compared.
  func flags() throws -> [UInt8] {
    var flags: [UInt8] = []
    flags.reserveCapacity(visible.description.shape[0] * Shard.visibleSize)
    try forEachPiece(of: visible, ShardLayout.visible) { bytes in
      try checkFlags(bytes)
      flags += bytes
    }
    return flags
  }

  /// The digest of all values, with every checksum compared.
  func logicalDigest() throws -> String {
    var digest = SHA256Digest()
    try forEachPiece(of: frames, ShardLayout.frames) { bytes in
      _ = try coordinates(bytes)
      digest.update(bytes)
    }
    try forEachPiece(of: visible, ShardLayout.visible) { bytes in
      try checkFlags(bytes)
      digest.update(bytes)
    }
    var digests: [(column: JointColumn, digest: String)] = []
    for column in columnNames {
      var digest = SHA256Digest()
      let dataset = try columnDataset(column)
      try forEachPiece(of: dataset, ShardLayout.path(of: column)) { bytes in
        _ = try floats(bytes, of: ShardLayout.path(of: column))
        digest.update(bytes)
      }
      digests.append((column, digest.hex))
    }
    return ShardLayout.logicalDigest(
      rows: digest, samples: samples, intervals: intervals, columns: digests, loops: loops)
  }

  /// Whether these are the chunks that are stored, in order, byte for byte.
  func holds(
    frames frameChunks: [ShardChunk], visible visibleChunks: [ShardChunk],
    columns columnChunks: [(column: JointColumn, chunks: [ShardChunk])]
  ) throws -> Bool {
    guard columnChunks.map(\.column) == columnNames else { return false }
    for (column, chunks) in columnChunks {
      let dataset = try columnDataset(column)
      guard try holds(chunks, in: dataset, ShardLayout.path(of: column)) else { return false }
    }
    return try holds(frameChunks, in: frames, ShardLayout.frames)
      && holds(visibleChunks, in: visible, ShardLayout.visible)
  }

  private func holds(_ chunks: [ShardChunk], in dataset: borrowing HDF5Dataset, _ path: String) throws -> Bool
  {
    let shape = dataset.description.shape
    let chunkRows = dataset.description.chunk[0]
    guard (shape[0] + chunkRows - 1) / chunkRows == chunks.count else { return false }
    for (index, chunk) in chunks.enumerated() {
      let offset = [index * chunkRows] + [Int](repeating: 0, count: shape.count - 1)
      let stored = try inFile(name, at: path) { () throws(HDF5Error) in
        try dataset.storedChunk(at: offset)
      }
      guard stored.skipped == 0, ChunkFilters.areEqual(stored.bytes, try chunk.stored()) else { return false }
    }
    return true
  }

  /// The values of a dataset as they are in memory, from the first row to the last, some rows at a time.
  ///
  /// Chunks of whole rows, as this package writes them, are decoded here, outside of the library's lock. Other
  /// programs may have chosen other chunks; those the library puts together.
  private func forEachPiece(
    of dataset: borrowing HDF5Dataset, _ path: String, _ body: (ArraySlice<UInt8>) throws -> Void
  ) throws {
    let description = dataset.description
    let row = description.shape.dropFirst()
    let rowBytes = row.reduce(description.element.byteCount, *)
    guard description.chunk.dropFirst() == row else {
      let bytes = try inFile(name, at: path) { () throws(HDF5Error) in try dataset.bytes() }
      return try body(bytes[...])
    }
    let chunkRows = description.chunk[0]
    for start in stride(from: 0, to: description.shape[0], by: chunkRows) {
      let offset = [start] + [Int](repeating: 0, count: row.count)
      let stored = try inFile(name, at: path) { () throws(HDF5Error) in
        try dataset.storedChunk(at: offset)
      }
      do {
        let bytes = try ChunkFilters.decode(
          stored.bytes, filters: description.filters, skipped: stored.skipped,
          elementSize: description.element.byteCount, byteCount: chunkRows * rowBytes)
        try body(bytes.prefix((description.shape[0] - start) * rowBytes))
      } catch let fault as ChunkFilters.Fault {
        throw InputError(
          name, at: "\(path), rows from \(start)", found: fault.reason,
          hint: "the file is damaged; convert again, or copy it again from where it came from")
      }
    }
  }

  /// Coordinates, none of them farther than anything is.
  private func coordinates(_ bytes: ArraySlice<UInt8>) throws -> [Float] {
    let values = try floats(bytes, of: ShardLayout.frames)
    if let value = ShardLimits.absurdity(in: values) {
      throw InputError(
        name, at: ShardLayout.frames, found: "a coordinate of \(value)",
        expected: "metres, none above \(ShardLimits.farthest)",
        hint: "convert the recordings again; coordinates of another unit have to be divided first")
    }
    return values
  }

  /// Little-endian numbers, all of them finite.
  private func floats(_ bytes: ArraySlice<UInt8>, of path: String) throws -> [Float] {
    let count = bytes.count / 4
    let values = unsafe [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      // A float has no invalid bits and this platform's order is the file's, so the bytes are the values.
      unsafe UnsafeMutableRawBufferPointer(buffer).copyBytes(from: bytes.prefix(count * 4))
      initialized = count
    }
    guard values.allSatisfy(\.isFinite) else {
      throw InputError(name, at: path, found: "a number that is not finite")
    }
    return values
  }

  private func checkFlags(_ bytes: ArraySlice<UInt8>) throws {
    guard bytes.allSatisfy({ $0 <= 1 }) else {
      throw InputError(name, at: ShardLayout.visible, found: "another value", expected: "0 or 1")
    }
  }
}
