import Foundation
import HDF5
import Skeleton

/// Reads shards, and refuses whatever is not exactly one.
///
/// Before a value is used, the format, version, types, shapes, bounds, filters and storage are checked; links that lead
/// out of the file, external storage and foreign filters are refused. The file is read once and parsed from memory, so
/// what was hashed is what is parsed. Sizes are checked against the bytes that are there before anything is allocated.
public enum ShardReader {
  /// Most times that values may be larger than their stored bytes; deflate cannot do more than about 1,032.
  static let largestExpansion = 1100

  /// A whole shard.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - entry: the manifest's line about it, whose SHA-256 is checked first.
  /// - Throws: an `InputError` that says what is wrong with it.
  public static func read(_ url: URL, expecting entry: ShardEntry? = nil) throws -> Shard {
    try read(try bytes(url, expecting: entry), name: url.path)
  }

  /// The samples of a shard, without its frames.
  public static func samples(_ url: URL) throws -> [SampleRecord] {
    let bytes = try bytes(url, expecting: nil)
    return try reading(url.path) {
      let file = try HDF5File(image: bytes)
      let reader = Reader(name: url.path, size: bytes.count)
      _ = try reader.attributes(file)
      return try reader.samples(file, frameCount: try reader.frameCount(file))
    }
  }

  private static func bytes(_ url: URL, expecting entry: ShardEntry?) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: url.path) else {
      throw InputError(url.path, found: "the shard cannot be read", hint: "run the conversion again")
    }
    let bytes = [UInt8](data)
    if let entry {
      let digest = Digest.of(bytes)
      guard digest == entry.sha256 else {
        throw InputError(
          url.path, found: "SHA-256 \(digest)", expected: entry.sha256,
          hint: "the file was changed or damaged; delete it and run the same `skelprep convert` again")
      }
    }
    return bytes
  }

  /// A shard from a file's bytes.
  static func read(_ bytes: [UInt8], name: String) throws -> Shard {
    try reading(name) {
      let file = try HDF5File(image: bytes)
      let reader = Reader(name: name, size: bytes.count)
      let attributes = try reader.attributes(file)
      let frameCount = try reader.frameCount(file)
      let samples = try reader.samples(file, frameCount: frameCount)
      let frames = try file.floats("/frames").values
      let visible = try file.values("/visible", as: UInt8.self).values
      guard frames.allSatisfy(\.isFinite) else { throw reader.refusal("frames", "a coordinate that is not finite") }
      guard visible.allSatisfy({ $0 <= 1 }) else { throw reader.refusal("visible", "a value other than 0 and 1") }
      return Shard(attributes: attributes, samples: samples, frames: frames, visible: visible)
    }
  }

  /// Turns the library's errors into one about the file.
  private static func reading<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as HDF5Error {
      throw InputError(
        name, found: "no readable shard: \(error)",
        hint: "the file is damaged or no shard; delete it and run the same `skelprep convert` again")
    }
  }

  /// The checks of one file.
  private struct Reader {
    let name: String
    let size: Int

    func refusal(_ place: String, _ found: String, _ expected: String = "") -> InputError {
      InputError(name, at: place, found: found, expected: expected, hint: "the file is damaged or no shard")
    }

    func attributes(_ file: borrowing HDF5File) throws -> ShardAttributes {
      let format: String = try file.attribute("format")
      let version: Int = try file.attribute("format_version")
      guard format == Shard.format else { throw refusal("format", format, Shard.format) }
      guard version == Shard.version else {
        throw InputError(
          name, at: "format_version", found: "\(version)", expected: "\(Shard.version)",
          hint: "the shard is of a newer version of this program")
      }
      return ShardAttributes(
        dataset: try file.attribute("dataset"), profile: try file.attribute("profile"),
        recipe: try file.attribute("recipe"), jointNames: try file.attribute("joint_names"),
        frameRate: try file.attribute("frame_rate"), units: try file.attribute("units"),
        generator: try file.attribute("generator"))
    }

    /// Checks a dataset's storage and gives its shape.
    func shape(
      _ file: borrowing HDF5File, _ path: String, _ valueClass: DatasetLayout.ValueClass, size bytes: Int?, rank: Int,
      filters: Set<[Int]>
    ) throws -> [Int] {
      guard file.isHardLink(path) else { throw refusal(path, "no dataset of this file") }
      let layout = try file.layout(of: path)
      guard layout.valueClass == valueClass, bytes == nil || layout.valueSize == bytes else {
        throw refusal(path, "values of \(layout.valueSize) bytes, \(layout.valueClass)", "\(valueClass)")
      }
      guard layout.shape.count == rank else { throw refusal(path, "shape \(layout.shape)", "\(rank) axes") }
      guard layout.isChunked, layout.externalFiles == 0 else { throw refusal(path, "storage outside of chunks") }
      guard filters.contains(layout.filters) else { throw refusal(path, "filters \(layout.filters)", "\(filters)") }
      var values = max(layout.valueSize, 1)
      for extent in layout.shape + [1] {
        let (product, overflow) = values.multipliedReportingOverflow(by: extent)
        guard !overflow, extent >= 0 else { throw refusal(path, "shape \(layout.shape)") }
        values = product
      }
      let chunk = layout.chunk.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
      guard values <= size * largestExpansion, chunk > 0, chunk * layout.valueSize <= 64 << 20 else {
        throw refusal(path, "shape \(layout.shape) in chunks of \(layout.chunk), in a file of \(size) bytes")
      }
      return layout.shape
    }

    /// Shuffle, deflate and Fletcher32, as `/frames` and `/visible` have them.
    static let compressed: Set<[Int]> = [[2, 1, 3]]
    /// Fletcher32 alone, or with the others.
    static let checked: Set<[Int]> = [[3], [2, 1, 3]]

    func frameCount(_ file: borrowing HDF5File) throws -> Int {
      let frames = try shape(file, "/frames", .float, size: 4, rank: 4, filters: Self.compressed)
      let visible = try shape(file, "/visible", .unsigned, size: 1, rank: 3, filters: Self.compressed)
      guard Array(frames.dropFirst()) == [Kinect25.bodyCount, Kinect25.jointCount, Kinect25.coordinateCount],
        visible == Array(frames.dropLast())
      else { throw refusal("/frames", "shapes \(frames) and \(visible)", "(F, 2, 25, 3) and (F, 2, 25)") }
      return frames[0]
    }

    func samples(_ file: borrowing HDF5File, frameCount: Int) throws -> [SampleRecord] {
      let names = try texts(file, "/samples/name", count: nil)
      let count = names.count
      let starts = try numbers(file, "/samples/start", .signed, 8, count)
      let lengths = try numbers(file, "/samples/length", .signed, 4, count)
      let labels = try numbers(file, "/samples/label", .signed, 4, count)
      let fields = try Shard.nameFields.map { try numbers(file, "/samples/\($0.0)", .signed, 2, count) }
      let bodies = try numbers(file, "/samples/bodies", .unsigned, 1, count)
      let digests = try texts(file, "/samples/digest", count: count)
      var next = 0
      return try (0..<count).map { index in
        guard starts[index] == next, lengths[index] >= 1, lengths[index] <= frameCount - next else {
          throw refusal(
            names[index], "frames \(starts[index]) ..< \(starts[index]) + \(lengths[index])",
            "to start at \(next) and end within \(frameCount)")
        }
        next += lengths[index]
        guard index == 0 || names[index - 1] < names[index] else { throw refusal(names[index], "names out of order") }
        guard index < count - 1 || next == frameCount else {
          throw refusal("/frames", "\(frameCount) frames", "\(next), the sum of the samples' lengths")
        }
        return SampleRecord(
          name: names[index], label: labels[index], setup: fields[0][index], camera: fields[1][index],
          subject: fields[2][index], replication: fields[3][index], action: fields[4][index], bodies: bodies[index],
          digest: digests[index], start: starts[index], length: lengths[index])
      }
    }

    private func texts(_ file: borrowing HDF5File, _ path: String, count: Int?) throws -> [String] {
      let shape = try shape(file, path, .text, size: nil, rank: 1, filters: Self.checked)
      guard count == nil || shape[0] == count, shape[0] >= 1 else { throw refusal(path, "\(shape[0]) values") }
      return try file.strings(path)
    }

    private func numbers(
      _ file: borrowing HDF5File, _ path: String, _ valueClass: DatasetLayout.ValueClass, _ size: Int, _ count: Int
    ) throws -> [Int] {
      let shape = try shape(file, path, valueClass, size: size, rank: 1, filters: Self.checked)
      guard shape[0] == count else { throw refusal(path, "\(shape[0]) values", "\(count)") }
      return try file.integers(path).values.map { Int($0) }
    }
  }
}
