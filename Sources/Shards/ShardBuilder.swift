import Foundation
import HDF5
import Skeleton

/// Collects samples and writes them as one shard.
///
/// Chunks are compressed as they fill, on the calling thread or on those that it hands them to, so memory holds the
/// compressed shard and a few chunks, and threads do not wait for each other.
public struct ShardBuilder: Sendable {
  private let attributes: ShardAttributes
  private let level: Int
  private var samples: [SampleRecord] = []
  private var names: Set<String> = []
  private var intervals: [ActionInterval] = []
  private var loops: [BodyLoops] = []
  private var frames: RowChunks
  private var visible: RowChunks
  private var frameDigest = SHA256Digest()
  /// In the order of ``JointColumn``'s cases.
  private var columns: [Column] = []

  /// A column that is kept on request.
  private struct Column {
    let name: JointColumn
    var rows: RowChunks
    var digest = SHA256Digest()
  }

  /// An empty shard.
  ///
  /// - Parameters:
  ///   - compression: deflate's level, 0 (none) to 9.
  ///   - columns: what every sample brings besides its frames.
  public init(attributes: ShardAttributes, compression: Int, columns: [JointColumn] = []) {
    precondition((0...9).contains(compression), "compression level \(compression) is not in 0 ... 9")
    self.attributes = attributes
    level = compression
    frames = RowChunks(elementSize: 4, rowBytes: 4 * Shard.frameSize, level: compression)
    visible = RowChunks(elementSize: 1, rowBytes: Shard.visibleSize, level: compression)
    self.columns = JointColumn.allCases.filter(columns.contains).map { column in
      Column(
        name: column,
        rows: RowChunks(
          elementSize: 4, rowBytes: 4 * Shard.visibleSize * column.width, level: compression))
    }
  }

  /// The number of samples so far.
  public var sampleCount: Int { samples.count }
  /// The number of frames of all samples so far.
  public var frameCount: Int { frames.rowCount }

  /// Adds a sample after the others.
  ///
  /// - Parameters:
  ///   - sample: its `start` and `length` are set here.
  ///   - frames: metres, (T, M=2, V=25, C=3), finite.
  ///   - visible: 0 or 1, (T, M, V).
  ///   - intervals: the actions of an untrimmed recording, in frames of this sample.
  ///   - loops: how bodies that are out of step go on beyond the last frame.
  ///   - values: for each of the shard's columns its values, (T, M, V, width), finite.
  ///   - filled: is given each chunk that becomes full. It compresses it, or has another thread do so.
  /// - Throws: `InputError` that names the sample, if a value cannot be stored.
  public mutating func append(
    _ sample: SampleRecord, frames: [Float], visible: [UInt8], intervals: [ActionInterval] = [],
    loops: BodyLoops? = nil, columns values: [JointColumn: [Float]] = [:],
    filled: (ShardChunk) throws -> Void = { try $0.compress() }
  ) throws {
    let length = visible.count / Shard.visibleSize
    precondition(
      visible.count == length * Shard.visibleSize && frames.count == length * Shard.frameSize,
      "\(sample.name): \(frames.count) coordinates and \(visible.count) flags are not (T, 2, 25, 3) and (T, 2, 25)"
    )
    for column in columns {
      precondition(
        values[column.name]?.count == visible.count * column.name.width,
        "\(sample.name): \(column.name) is not (T, 2, 25, \(column.name.width))")
    }
    var sample = sample
    sample.start = self.frames.rowCount
    sample.length = length
    let classes = ShardLimits.classCount(of: attributes.dataset)
    if let fault = sample.fault(classes: classes) {
      throw InputError(sample.name, at: fault.place, found: fault.found, expected: fault.expected)
    }
    guard !names.contains(sample.name) else {
      throw InputError(sample.name, found: "a second sample of this name")
    }
    if let value = ShardLimits.absurdity(in: frames) {
      throw InputError(
        sample.name, at: "its frames", found: "a coordinate of \(value)",
        expected: "metres, none above \(ShardLimits.farthest)")
    }
    guard visible.allSatisfy({ $0 <= 1 }) else {
      throw InputError(sample.name, at: "visible", found: "another value", expected: "0 or 1")
    }
    for interval in intervals where !interval.isSound(length: length, classes: classes) {
      throw InputError(
        sample.name, at: "interval \(interval.start) ..< \(interval.end), label \(interval.label)",
        found: "not an action of \(length) frames, or of none of \(classes) classes")
    }
    if var loops {
      guard loops.isSound(length: length) else {
        throw InputError(
          sample.name, at: "loops of \(loops.first) and \(loops.second) frames",
          found: "none of \(length) frames")
      }
      loops.sample = samples.count
      self.loops.append(loops)
    }
    names.insert(sample.name)
    self.intervals += intervals.map { interval in
      var interval = interval
      interval.sample = samples.count
      return interval
    }
    samples.append(sample)
    frameDigest.update(frames)
    // The rows are copied out of the arrays before the calls return.
    let frameChunks = unsafe frames.withUnsafeBytes { unsafe self.frames.append($0) }
    let visibleChunks = unsafe visible.withUnsafeBytes { unsafe self.visible.append($0) }
    for chunk in frameChunks + visibleChunks { try filled(chunk) }
    for index in columns.indices {
      let column = values[columns[index].name] ?? []
      columns[index].digest.update(column)
      for chunk in unsafe column.withUnsafeBytes({ unsafe columns[index].rows.append($0) }) {
        try filled(chunk)
      }
    }
  }

  /// Ends the shard: no sample comes after this.
  ///
  /// - Returns: the chunks that are not full, and that somebody has to compress.
  public mutating func finish() -> [ShardChunk] {
    var last = [frames.finish(), visible.finish()]
    for index in columns.indices { last.append(columns[index].rows.finish()) }
    return last.compactMap(\.self)
  }

  /// Writes the shard, and returns its entry for the manifest.
  ///
  /// The file is built in memory, opened again there and read back, and all that is in it compared with what was
  /// appended: chunks with those that were compared with their rows when they were compressed. Then its bytes go to
  /// the disk as `AtomicFile` does it. A full disk is an `InputError` that names the file, and leaves nothing behind:
  /// the HDF5 library, which can report success or crash at exit after one, never sees the disk.
  public func write(to url: URL) throws -> ShardEntry {
    precondition(!samples.isEmpty, "a shard holds at least one sample")
    var whole = self
    _ = whole.finish()
    let (frameChunks, visibleChunks) = (whole.frames.chunks, whole.visible.chunks)
    let columnChunks = whole.columns.map { (column: $0.name, chunks: $0.rows.chunks) }
    let stored = (
      try frameChunks.map { try $0.stored() }, try visibleChunks.map { try $0.stored() },
      try columnChunks.map { (column: $0.column, chunks: try $0.chunks.map { try $0.stored() }) }
    )
    let image = try inFile(url.path) { () throws(HDF5Error) in
      try self.image(stored.0, stored.1, stored.2)
    }
    // Sums take as long as the rest of it.
    let written = whole
    let (_, sums) = try both {
      let same = try ShardContents.reading(image: image, name: url.path) { contents in
        try contents.attributes == attributes && contents.samples == samples
          && contents.intervals == intervals && contents.loops == loops
          && contents.holds(frames: frameChunks, visible: visibleChunks, columns: columnChunks)
      }
      guard same else {
        throw InputError(url.path, found: "other values than were written, when read back")
      }
      try AtomicFile.write(image, to: url)
    } _: {
      (file: SHA256Digest.hex(of: image), logical: try written.logicalDigest(visibleChunks))
    }
    return ShardEntry(
      file: url.lastPathComponent, samples: samples.count, frames: frames.rowCount, bytes: image.count,
      sha256: sums.file, logicalSHA256: sums.logical)
  }

  private func logicalDigest(_ visibleChunks: [ShardChunk]) throws -> String {
    var rows = frameDigest
    var rest = visible.rowCount * Shard.visibleSize
    for chunk in visibleChunks {
      let bytes = try chunk.rows().prefix(rest)
      rows.update(bytes)
      rest -= bytes.count
    }
    return ShardLayout.logicalDigest(
      rows: rows, samples: samples, intervals: intervals,
      columns: columns.map { column in
        let digest = column.digest
        return (column.name, digest.hex)
      }, loops: loops)
  }

  /// The bytes of the file.
  private func image(
    _ frameChunks: [[UInt8]], _ visibleChunks: [[UInt8]],
    _ columns: [(column: JointColumn, chunks: [[UInt8]])]
  ) throws(HDF5Error) -> Data {
    let stored = frameChunks + visibleChunks + columns.flatMap(\.chunks)
    return try HDF5Writer.image(expecting: stored.reduce(0) { $0 + $1.count }) {
      (file: borrowing HDF5Writer) throws(HDF5Error) in
      try file.attribute("format", ShardLayout.format)
      try file.attribute("format_version", ShardLayout.version)
      try file.attribute("dataset", attributes.dataset)
      try file.attribute("profile", attributes.profile)
      try file.attribute("recipe", attributes.recipe)
      try file.attribute("joint_names", attributes.jointNames)
      try file.attribute("frame_rate", attributes.frameRate)
      try file.attribute("units", attributes.units)
      try file.attribute("generator", attributes.generator)
      try store(frameChunks, ShardLayout.frames, .float32, row: ShardLayout.frameShape, in: file)
      try store(visibleChunks, ShardLayout.visible, .uint8, row: ShardLayout.visibleShape, in: file)
      try file.group(ShardLayout.samples)
      try file.strings(ShardLayout.name, samples.map(\.name))
      for column in SampleColumn.all {
        let values = samples.map { Int64($0[keyPath: column.value]) }
        try file.integers(
          "\(ShardLayout.samples)/\(column.name)", values, as: column.type, shape: [samples.count])
      }
      for column in SampleColumn.optional where column.isHeld(by: samples) {
        try file.integers(
          "\(ShardLayout.samples)/\(column.name)", samples.map { Int64($0[keyPath: column.value]) },
          as: column.type, shape: [samples.count])
      }
      try file.strings(ShardLayout.digest, samples.map(\.digest))
      try store(loops, in: file)
      if !columns.isEmpty { try file.group(ShardLayout.columns) }
      for (column, chunks) in columns {
        try store(
          chunks, ShardLayout.path(of: column), .float32, row: ShardLayout.shape(of: column), in: file)
      }
      guard !intervals.isEmpty else { return }
      try file.group(ShardLayout.intervals)
      for column in IntervalColumn.all {
        let values = intervals.map { Int64($0[keyPath: column.value]) }
        try file.integers(
          "\(ShardLayout.intervals)/\(column.name)", values, as: .int32, shape: [intervals.count])
      }
      try file.floats(ShardLayout.confidence, intervals.map(\.confidence), shape: [intervals.count])
    }
  }

  private func store(_ loops: [BodyLoops], in file: borrowing HDF5Writer) throws(HDF5Error) {
    guard !loops.isEmpty else { return }
    try file.group(ShardLayout.loops)
    for column in LoopColumn.all {
      let values = loops.map { Int64($0[keyPath: column.value]) }
      try file.integers("\(ShardLayout.loops)/\(column.name)", values, as: .int32, shape: [loops.count])
    }
    let origins = loops.flatMap(\.origins)
    try file.floats(ShardLayout.origins, origins, shape: [origins.count / 3, 3])
  }

  private func store(
    _ chunks: [[UInt8]], _ path: String, _ element: ElementType, row: [Int], in file: borrowing HDF5Writer
  ) throws(HDF5Error) {
    let dataset = try file.dataset(
      path, element, shape: [frames.rowCount] + row, chunkRows: ShardLayout.chunkRows, deflate: level)
    for (index, chunk) in chunks.enumerated() {
      let offset = [index * ShardLayout.chunkRows] + [Int](repeating: 0, count: row.count)
      try dataset.storeChunk(chunk, at: offset)
    }
    try dataset.close()
  }
}
