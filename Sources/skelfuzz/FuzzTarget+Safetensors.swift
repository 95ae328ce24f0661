import Foundation
import Shards
import Skeleton
import Training

extension FuzzTarget {
  static let safetensors = FuzzTarget(
    name: "safetensors", isText: true, words: safetensorsWords, head: 1000, allowance: 4 << 20,
    repair: sumArrays
  ) { bytes, place in
    try Data(bytes).write(to: place.file)
    let tensors: Safetensors
    do { tensors = try Safetensors(contentsOf: place.file) } catch is InputError { return .refused }
    for entry in tensors.entries {
      guard entry.shape.allSatisfy({ $0 >= 0 }), entry.shape.reduce(1, *) == entry.values.count else {
        throw Contradiction(
          description: "\(entry.name) of shape \(entry.shape): \(entry.values.count) values")
      }
    }
    if tensors.metadata["sha256"] != nil {
      guard try Safetensors.verify(place.file) == tensors.metadata else {
        throw Contradiction(description: "verified as other texts")
      }
    }
    let other = place.file.appendingPathExtension("again")
    try tensors.write(to: other)
    let again = try Safetensors(contentsOf: other)
    // NaN is not equal to itself; its bytes are.
    guard again.digest == tensors.digest, again.entries.map(\.name) == tensors.entries.map(\.name),
      again.entries.map(\.shape) == tensors.entries.map(\.shape)
    else { throw Contradiction(description: "written again, it is read as other arrays") }
    return .read
  }

  static let safetensorsWords: [[UInt8]] =
    [
      "\"F32\"", "\"I64\"", "\"F16\"", "__metadata__", "\"shape\":[", "\"data_offsets\":[0,0]", "[-1]", "[]",
      "[0,", "{", "}",
      "\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]},", "nan", "inf", "\\n", "hidden: 8192",
      "layers: 16",
      "\"epochs\":\"9223372036854775807\"", "num_batches_tracked",
    ].map { Array($0.utf8) } + numbers

  /// Makes the length of the header and the digests in its texts right, as far as it is an object.
  @Sendable static func sumArrays(_ bytes: inout [UInt8]) {
    guard bytes.count > 8, bytes[8] == UInt8(ascii: "{"), var end = endOfObject(bytes[8...]) else { return }
    while end < bytes.count, bytes[end] == 0x20, (end - 8) % 8 != 0 { end += 1 }
    for byte in 0..<8 { bytes[byte] = UInt8(truncatingIfNeeded: (end - 8) >> (8 * byte)) }
    let body = SHA256Digest.hex(of: Data(bytes[end...]))
    put(body, after: "\"sha256\":\"", into: &bytes, before: end)
    guard var header = try? JSONSerialization.jsonObject(with: Data(bytes[8..<end])) as? [String: Any],
      var texts = header["__metadata__"] as? [String: Any]
    else { return }
    texts["header_sha256"] = nil
    header["__metadata__"] = texts
    guard
      let canonical = try? JSONSerialization.data(
        withJSONObject: header, options: [.sortedKeys, .withoutEscapingSlashes])
    else { return }
    put(SHA256Digest.hex(of: canonical), after: "\"header_sha256\":\"", into: &bytes, before: end)
  }

  /// The place behind the object that the text starts with.
  private static func endOfObject(_ text: ArraySlice<UInt8>) -> Int? {
    var (depth, isText, isEscaped) = (0, false, false)
    for place in text.indices {
      let byte = text[place]
      if isEscaped {
        isEscaped = false
      } else if isText {
        isEscaped = byte == UInt8(ascii: "\\")
        isText = byte != UInt8(ascii: "\"")
      } else if byte == UInt8(ascii: "\"") {
        isText = true
      } else if byte == UInt8(ascii: "{") {
        depth += 1
      } else if byte == UInt8(ascii: "}") {
        depth -= 1
        if depth == 0 { return place + 1 }
      }
    }
    return nil
  }

  private static func put(_ digest: String, after key: String, into bytes: inout [UInt8], before end: Int) {
    let pattern = Array(key.utf8)
    guard end >= 8 + pattern.count + 64,
      let place = (8...(end - pattern.count - 64)).first(where: {
        bytes[$0..<($0 + pattern.count)].elementsEqual(pattern)
      })
    else { return }
    let start = place + pattern.count
    bytes.replaceSubrange(start..<(start + 64), with: digest.utf8)
  }
}
