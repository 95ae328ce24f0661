import Foundation
import HDF5
import Skeleton

/// Collects samples into a shard, compressing chunks as they fill, and writes it in one piece.
///
/// Memory grows with the compressed size of the shard. The same samples give the same bytes.
public struct ShardBuilder: Sendable {
  /// Frames in a chunk of `/frames`.
  static let frameChunk = 512
  /// Frames in a chunk of `/visible`.
  static let visibleChunk = 4096

  private let attributes: ShardAttributes
  private let filter: ChunkFilter
  private var samples: [SampleRecord] = []
  private var frameChunks: [[UInt8]] = []
  private var pending: [Float] = []
  private var visible: [UInt8] = []
  private var logical = Digest()
  private var frameCount = 0

  /// An empty shard.
  ///
  /// - Parameters:
  ///   - attributes: what holds for all samples.
  ///   - compression: the zlib level, 0 to 9.
  public init(attributes: ShardAttributes, compression: Int) {
    self.attributes = attributes
    filter = ChunkFilter(level: compression)
  }

  /// Samples so far.
  public var sampleCount: Int { samples.count }

  /// Adds a sample; the samples come in the order of their names.
  ///
  /// - Parameters:
  ///   - sample: what is known about it; `start` and `length` are set here.
  ///   - frames: coordinates, (T, M, V, C).
  ///   - visible: 1 where a joint is there, (T, M, V).
  public mutating func append(_ sample: SampleRecord, frames: [Float], visible: [UInt8]) {
    let length = frames.count / Shard.frameWidth
    precondition(
      frames.count == length * Shard.frameWidth && visible.count == length * Shard.jointWidth,
      "\(sample.name): \(frames.count) coordinates and \(visible.count) joints")
    precondition(samples.last.map { $0.name < sample.name } ?? true, "\(sample.name) is out of order")
    var record = sample
    record.start = frameCount
    record.length = length
    samples.append(record)
    frameCount += length
    logical.add(frames)
    self.visible += visible
    pending += frames
    let size = Self.frameChunk * Shard.frameWidth
    var taken = 0
    while pending.count - taken >= size {
      frameChunks.append(filter.stored(Array(pending[taken..<(taken + size)])))
      taken += size
    }
    if taken > 0 { pending.removeFirst(taken) }
  }

  /// Writes the shard: built in memory, read back and compared, then written under another name, synced and renamed.
  ///
  /// - Returns: the manifest's line about it.
  /// - Throws: an `InputError` when it cannot be written, and then nothing has its name.
  public func write(to url: URL) throws -> ShardEntry {
    precondition(!samples.isEmpty, "a shard without samples")
    var digest = logical
    digest.add(visible)
    Shard.add(samples, to: &digest)
    let bytes: [UInt8]
    do { bytes = try image() } catch {
      throw InputError(url.path, found: "the shard cannot be built: \(error)")
    }
    let entry = ShardEntry(
      file: "shards/\(url.lastPathComponent)", samples: samples.count, frames: frameCount, bytes: bytes.count,
      sha256: Digest.of(bytes), logicalSHA256: digest.hexadecimal)
    let back = try ShardReader.read(bytes, name: url.path)
    guard back.logicalSHA256 == entry.logicalSHA256 else {
      throw InputError(
        url.path, found: "the shard does not read back as it was built",
        hint: "the machine's memory or the HDF5 library is at fault; nothing was written")
    }
    try AtomicFile.write(Data(bytes), to: url)
    return entry
  }

  private func image() throws(HDF5Error) -> [UInt8] {
    let file = try HDF5File(building: "shard")
    try writeAttributes(file)
    let frames = try file.makeDataset(
      "/frames", of: Float.self,
      shape: [frameCount, Kinect25.bodyCount, Kinect25.jointCount, Kinect25.coordinateCount],
      .init(
        chunk: [min(Self.frameChunk, frameCount), Kinect25.bodyCount, Kinect25.jointCount, Kinect25.coordinateCount],
        deflate: filter.level))
    for (index, chunk) in frameChunks.enumerated() {
      try frames.writeFilteredChunk(chunk, at: [index * Self.frameChunk, 0, 0, 0])
    }
    if !pending.isEmpty {
      let rest = [Float](repeating: 0, count: min(Self.frameChunk, frameCount) * Shard.frameWidth - pending.count)
      try frames.writeFilteredChunk(
        filter.stored(pending + rest), at: [frameChunks.count * Self.frameChunk, 0, 0, 0])
    }
    try frames.close()
    let joints = try file.makeDataset(
      "/visible", of: UInt8.self, shape: [frameCount, Kinect25.bodyCount, Kinect25.jointCount],
      .init(chunk: [min(Self.visibleChunk, frameCount), Kinect25.bodyCount, Kinect25.jointCount], deflate: filter.level))
    for start in stride(from: 0, to: frameCount, by: Self.visibleChunk) {
      let end = min(start + Self.visibleChunk, frameCount)
      var chunk = Array(visible[(start * Shard.jointWidth)..<(end * Shard.jointWidth)])
      chunk += [UInt8](repeating: 0, count: min(Self.visibleChunk, frameCount) * Shard.jointWidth - chunk.count)
      try joints.writeFilteredChunk(filter.stored(chunk), at: [start, 0, 0])
    }
    try joints.close()
    try writeSamples(file)
    return try file.image()
  }

  private func writeAttributes(_ file: borrowing HDF5File) throws(HDF5Error) {
    try file.setAttribute("format", Shard.format)
    try file.setAttribute("format_version", Shard.version)
    try file.setAttribute("dataset", attributes.dataset)
    try file.setAttribute("profile", attributes.profile)
    try file.setAttribute("recipe", attributes.recipe)
    try file.setAttribute("joint_names", attributes.jointNames)
    try file.setAttribute("frame_rate", attributes.frameRate)
    try file.setAttribute("units", attributes.units)
    try file.setAttribute("generator", attributes.generator)
  }

  private func writeSamples(_ file: borrowing HDF5File) throws(HDF5Error) {
    try file.makeGroup("/samples")
    let shape = [samples.count]
    try file.write(samples.map(\.name), to: "/samples/name")
    try file.write(samples.map { Int64($0.start) }, shape: shape, to: "/samples/start")
    try file.write(samples.map { Int32($0.length) }, shape: shape, to: "/samples/length")
    try file.write(samples.map { Int32($0.label) }, shape: shape, to: "/samples/label")
    for (name, path) in Shard.nameFields {
      try file.write(samples.map { Int16($0[keyPath: path]) }, shape: shape, to: "/samples/\(name)")
    }
    try file.write(samples.map { UInt8($0.bodies) }, shape: shape, to: "/samples/bodies")
    try file.write(samples.map(\.digest), to: "/samples/digest")
  }
}

extension Shard {
  /// The fields of a sample's name, in the order of the format's table.
  static var nameFields: [(String, KeyPath<SampleRecord, Int>)] {
    [
      ("setup", \.setup), ("camera", \.camera), ("subject", \.subject), ("replication", \.replication),
      ("action", \.action),
    ]
  }

  /// Goes on with the values of `/samples`, in the order of the format's table: texts without padding, each ended by
  /// a zero byte, and numbers in their stored types.
  static func add(_ samples: [SampleRecord], to digest: inout Digest) {
    digest.add(samples.flatMap { Array($0.name.utf8) + [0] })
    digest.add(samples.map { Int64($0.start) })
    digest.add(samples.map { Int32($0.length) })
    digest.add(samples.map { Int32($0.label) })
    for (_, path) in nameFields { digest.add(samples.map { Int16($0[keyPath: path]) }) }
    digest.add(samples.map { UInt8($0.bodies) })
    digest.add(samples.flatMap { Array($0.digest.utf8) + [0] })
  }

  /// SHA-256 over the shard's values, which does not depend on how a library version lays them out.
  public var logicalSHA256: String {
    var digest = Digest()
    digest.add(frames)
    digest.add(visible)
    Shard.add(samples, to: &digest)
    return digest.hexadecimal
  }
}
