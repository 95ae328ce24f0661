import Crypto
import Foundation
import Shards
import Skeleton

/// A safetensors file: named arrays and a few texts about them.
///
/// The format is eight bytes of header length, a JSON header, and the arrays one after another, little-endian and
/// without holes. The texts hold a SHA-256 of the arrays under `sha256` and one of the rest of the header under
/// `header_sha256`, because the format itself has no checksum.
public struct Safetensors: Sendable, Equatable {
  /// An array's numbers.
  public enum Values: Sendable, Equatable {
    /// `F32`.
    case float32([Float])
    /// `I64`.
    case int64([Int64])

    /// How many there are.
    public var count: Int {
      switch self {
      case .float32(let values): values.count
      case .int64(let values): values.count
      }
    }

    fileprivate var type: String {
      switch self {
      case .float32: "F32"
      case .int64: "I64"
      }
    }

    fileprivate var bytes: Data {
      // Both element types are plain little-endian numbers on every machine that Swift on Linux runs on.
      switch self {
      case .float32(let values): unsafe values.withUnsafeBytes { unsafe Data($0) }
      case .int64(let values): unsafe values.withUnsafeBytes { unsafe Data($0) }
      }
    }
  }

  /// One named array.
  public struct Entry: Sendable, Equatable {
    /// Its name, as PyTorch's `state_dict` has it.
    public var name: String
    /// Its shape; empty for a single number.
    public var shape: [Int]
    /// Its numbers, row by row.
    public var values: Values

    /// An array of a name and shape.
    public init(_ name: String, shape: [Int], _ values: Values) {
      precondition(shape.reduce(1, *) == values.count, "\(name): \(values.count) values for shape \(shape)")
      self.name = name
      self.shape = shape
      self.values = values
    }
  }

  /// The arrays in the order of their names.
  public private(set) var entries: [Entry]
  /// Texts about them.
  public var metadata: [String: String]

  /// A file's content.
  public init(_ entries: [Entry], metadata: [String: String]) {
    self.entries = entries.sorted { $0.name < $1.name }
    self.metadata = metadata
  }

  /// The array of a name.
  public subscript(_ name: String) -> Entry? {
    // The entries are sorted, so half of the rest is ruled out by each look.
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].name < name { low = middle + 1 } else { high = middle }
    }
    return low < entries.count && entries[low].name == name ? entries[low] : nil
  }

  /// Most bytes of a header. Ten thousand arrays and the longest recipe need half of it; read as JSON, a byte may take
  /// dozens of bytes of memory.
  static let largestHeader = 1 << 22

  /// What stands before the arrays: the texts, and each array's type, shape and place.
  struct Header: Codable {
    struct Array: Codable {
      var dtype: String
      var shape: [Int]
      var data_offsets: [Int]
    }

    var metadata: [String: String]
    var arrays: [String: Array]

    struct Key: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(metadata: [String: String], arrays: [String: Array]) {
      self.metadata = metadata
      self.arrays = arrays
    }

    /// Reads a header's text, in which every name stands once; nil if it is none.
    init?(_ text: Data) {
      guard text.first == UInt8(ascii: "{"), let header = try? JSONFile.decode(Header.self, from: text) else {
        return nil
      }
      self = header
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      metadata = [:]
      arrays = [:]
      for key in container.allKeys {
        if key.stringValue == "__metadata__" {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          arrays[key.stringValue] = try container.decode(Array.self, forKey: key)
        }
      }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(metadata, forKey: Key(stringValue: "__metadata__"))
      for (name, array) in arrays { try container.encode(array, forKey: Key(stringValue: name)) }
    }

    /// The arrays in the order in which they lie in the file.
    var ordered: [(name: String, array: Array)] {
      arrays.map { ($0.key, $0.value) }.sorted {
        ($0.1.data_offsets.first ?? 0, $0.0) < ($1.1.data_offsets.first ?? 0, $1.0)
      }
    }

    /// The header as JSON with its names sorted.
    var json: Data {
      get throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
      }
    }

    /// The SHA-256 of all that the header says, but for this text itself.
    var digest: String {
      get throws {
        var texts = metadata
        texts["header_sha256"] = nil
        return SHA256.hash(data: try Header(metadata: texts, arrays: arrays).json).hexadecimal
      }
    }
  }

  /// The SHA-256 of the arrays, one after another.
  public var digest: String {
    var hash = SHA256()
    for entry in entries { hash.update(data: entry.values.bytes) }
    return hash.finalize().hexadecimal
  }

  /// Writes the file under another name, syncs it and renames it, so that a reader sees all of it or none.
  ///
  /// - Returns: the SHA-256 of the arrays, which is also in the texts.
  /// - Throws: an `InputError` with the system's reason when it cannot be written.
  @discardableResult
  public func write(to url: URL) throws -> String {
    var hash = SHA256()
    var offset = 0
    var arrays: [String: Header.Array] = [:]
    for entry in entries {
      let bytes = entry.values.bytes
      hash.update(data: bytes)
      arrays[entry.name] = Header.Array(
        dtype: entry.values.type, shape: entry.shape, data_offsets: [offset, offset + bytes.count])
      offset += bytes.count
    }
    let digest = hash.finalize().hexadecimal
    var texts = metadata
    texts["format"] = "pt"
    texts["sha256"] = digest
    texts["header_sha256"] = try Header(metadata: texts, arrays: arrays).digest
    var header = try Header(metadata: texts, arrays: arrays).json
    // The reference writer pads the header so that the arrays start at a multiple of eight.
    header.append(Data(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8))
    let file = try StreamedFile(url)
    try file.write(
      (0..<8).map { UInt8(truncatingIfNeeded: UInt64(header.count) >> (8 * $0)) } + header, at: 0)
    var end = 8 + header.count
    for entry in entries {
      let bytes = entry.values.bytes
      try file.write([UInt8](bytes), at: end)
      end += bytes.count
    }
    try file.publish()
    return digest
  }

  /// Reads a file.
  ///
  /// - Throws: an `InputError` for a file that is no safetensors file, has a name twice, holes, overlaps or trailing
  ///   bytes, arrays of another type, numbers that are not finite, or arrays or a header that do not have their SHA-256.
  public init(contentsOf url: URL) throws {
    try self.init(Disk.read(url), file: url.path)
  }

  /// Reads the content of a file; nothing is made of an array before its size is compared with the content's.
  public init(_ data: Data, file: String) throws {
    func refuse(_ found: String, _ expected: String = "") -> InputError {
      InputError(
        file, found: found, expected: expected, hint: "the file is damaged or no safetensors file")
    }
    guard data.count >= 8 else { throw refuse("\(data.count) bytes", "at least 8") }
    let length = Self.headerLength(data)
    guard length <= Self.largestHeader, Int(length) <= data.count - 8 else {
      throw refuse(
        "a header of \(length) bytes in a file of \(data.count)",
        "at most \(Self.largestHeader), and a whole one")
    }
    let start = data.startIndex + 8 + Int(length)
    guard let header = Header(data[(data.startIndex + 8)..<start]) else {
      throw refuse("a header that is no JSON object of arrays, each name once")
    }
    let body = data[start...]
    var end = 0
    var entries: [Entry] = []
    for (name, array) in header.ordered {
      guard array.data_offsets.count == 2, array.data_offsets[0] == end, array.data_offsets[1] >= end,
        array.data_offsets[1] <= body.count
      else {
        throw refuse("\(name) at \(array.data_offsets)", "it to start at \(end) and end within \(body.count)")
      }
      let bytes = body[(body.startIndex + end)..<(body.startIndex + array.data_offsets[1])]
      end = array.data_offsets[1]
      let size = array.dtype == "I64" ? 8 : 4
      var count = 1
      for extent in array.shape {
        let (product, overflow) = count.multipliedReportingOverflow(by: extent)
        guard extent >= 0, !overflow else { throw refuse("\(name) of shape \(array.shape)") }
        count = product
      }
      guard count <= bytes.count, count * size == bytes.count else {
        throw refuse("\(name): \(bytes.count) bytes for shape \(array.shape) of \(array.dtype)")
      }
      switch array.dtype {
      case "F32":
        entries.append(Entry(name, shape: array.shape, .float32(Self.numbers(bytes, zero: Float(0)))))
      case "I64": entries.append(Entry(name, shape: array.shape, .int64(Self.numbers(bytes, zero: Int64(0)))))
      default: throw refuse("\(name) of type \(array.dtype)", "F32 or I64")
      }
    }
    guard end == body.count else { throw refuse("\(body.count - end) bytes after the last array") }
    if let stored = header.metadata["sha256"] {
      let digest = SHA256.hash(data: body).hexadecimal
      guard digest == stored else { throw refuse("arrays with SHA-256 \(digest)", stored) }
    }
    if let stored = header.metadata["header_sha256"] {
      let digest = try header.digest
      guard digest == stored else { throw refuse("a header with SHA-256 \(digest)", stored) }
    }
    try Self.checkFinite(entries, in: file)
    self.init(entries, metadata: header.metadata)
  }

  /// Throws if an array has a number that is none: features by it would be none either, and accuracies chance.
  private static func checkFinite(_ entries: [Entry], in file: String) throws {
    for entry in entries {
      guard case .float32(let values) = entry.values, !values.allSatisfy(\.isFinite) else { continue }
      throw InputError(
        file, at: entry.name,
        found: "\(values.count { !$0.isFinite }) of \(values.count) numbers are not finite",
        hint: "the weights are of a run that diverged, or damaged; take an earlier checkpoint")
    }
  }

  /// The number in the first eight bytes.
  static func headerLength(_ data: Data) -> UInt64 {
    data.prefix(8).enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << (8 * UInt64($1.offset)) }
  }

  static func numbers<Number: BitwiseCopyable>(_ bytes: Data, zero: Number) -> [Number] {
    var result = [Number](repeating: zero, count: bytes.count / MemoryLayout<Number>.size)
    // Copies whole numbers into an array of as many; the counts were checked against each other above.
    _ = unsafe result.withUnsafeMutableBytes { unsafe bytes.copyBytes(to: $0) }
    return result
  }
}
