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
  private var frames: RowChunks
  private var visible: RowChunks
  private var frameDigest = SHA256Digest()

  /// An empty shard.
  ///
  /// - Parameter compression: deflate's level, 0 (none) to 9.
  public init(attributes: ShardAttributes, compression: Int) {
    precondition((0...9).contains(compression), "compression level \(compression) is not in 0 ... 9")
    self.attributes = attributes
    level = compression
    frames = RowChunks(elementSize: 4, rowBytes: 4 * Shard.frameSize, level: compression)
    visible = RowChunks(elementSize: 1, rowBytes: Shard.visibleSize, level: compression)
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
  ///   - filled: is given each chunk that becomes full. It compresses it, or has another thread do so.
  /// - Throws: `InputError` that names the sample, if a value cannot be stored.
  public mutating func append(
    _ sample: SampleRecord, frames: [Float], visible: [UInt8], intervals: [ActionInterval] = [],
    filled: (ShardChunk) throws -> Void = { try $0.compress() }
  ) throws {
    let length = visible.count / Shard.visibleSize
    precondition(
      visible.count == length * Shard.visibleSize && frames.count == length * Shard.frameSize,
      "\(sample.name): \(frames.count) coordinates and \(visible.count) flags are not (T, 2, 25, 3) and (T, 2, 25)"
    )
    var sample = sample
    sample.start = self.frames.rowCount
    sample.length = length
    if let fault = sample.fault {
      throw InputError(sample.name, at: fault.place, found: fault.found, expected: fault.expected)
    }
    guard !names.contains(sample.name) else {
      throw InputError(sample.name, found: "a second sample of this name")
    }
    if let index = frames.firstIndex(where: { !$0.isFinite }) {
      throw InputError(
        sample.name, at: "frame \(index / Shard.frameSize)", found: "\(frames[index])",
        expected: "finite coordinates")
    }
    guard visible.allSatisfy({ $0 <= 1 }) else {
      throw InputError(sample.name, at: "visible", found: "another value", expected: "0 or 1")
    }
    for interval in intervals where !interval.isSound(length: length) {
      throw InputError(
        sample.name, at: "interval \(interval.start) ..< \(interval.end), label \(interval.label)",
        found: "not an action of \(length) frames")
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
  }

  /// Ends the shard: no sample comes after this.
  ///
  /// - Returns: the chunks that are not full, and that somebody has to compress.
  public mutating func finish() -> [ShardChunk] { [frames.finish(), visible.finish()].compactMap(\.self) }

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
    let stored = (try frameChunks.map { try $0.stored() }, try visibleChunks.map { try $0.stored() })
    let image = try inFile(url.path) { () throws(HDF5Error) in try self.image(stored.0, stored.1) }
    let same = try ShardContents.reading(image: image, name: url.path) { contents in
      try contents.attributes == attributes && contents.samples == samples && contents.intervals == intervals
        && contents.holds(frames: frameChunks, visible: visibleChunks)
    }
    guard same else { throw InputError(url.path, found: "other values than were written, when read back") }
    try AtomicFile.write(image, to: url)
    return ShardEntry(
      file: url.lastPathComponent, samples: samples.count, frames: frames.rowCount, bytes: image.count,
      sha256: SHA256Digest.hex(of: image), logicalSHA256: try logicalDigest(visibleChunks))
  }

  private func logicalDigest(_ visibleChunks: [ShardChunk]) throws -> String {
    var rows = frameDigest
    var rest = visible.rowCount * Shard.visibleSize
    for chunk in visibleChunks {
      let bytes = try chunk.rows().prefix(rest)
      rows.update(bytes)
      rest -= bytes.count
    }
    return ShardLayout.logicalDigest(rows: rows, samples: samples, intervals: intervals)
  }

  /// The bytes of the file.
  private func image(
    _ frameChunks: [[UInt8]], _ visibleChunks: [[UInt8]]
  ) throws(HDF5Error) -> Data {
    try HDF5Writer.image { (file: borrowing HDF5Writer) throws(HDF5Error) in
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
      try file.strings(ShardLayout.digest, samples.map(\.digest))
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
