import Foundation
import Skeleton

/// Makes damaged files out of good ones.
struct Mutator: Sendable {
  private let target: FuzzTarget
  private let corpus: [[UInt8]]
  let seed: UInt64

  /// No input is longer; readers have limits of their own far beyond it.
  private static let longest = 1 << 18

  /// Reads the files to start from, in the folder of the target's name below `folder`.
  init(target: FuzzTarget, corpus folder: String, seed: UInt64) throws {
    let url = URL(fileURLWithPath: folder).appendingPathComponent(target.name)
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted()
    corpus = try names.map { [UInt8](try Data(contentsOf: url.appendingPathComponent($0))) }
    guard !corpus.isEmpty else {
      throw InputError(url.path, found: "no files to start from", kind: .noInput)
    }
    self.target = target
    self.seed = seed
  }

  /// An input, by its number alone.
  func input(_ index: Int) -> [UInt8] {
    var random = KeyedRandom(seed: seed, sample: "\(index)", view: target.name)
    var bytes = corpus[random.integer(below: corpus.count)]
    // One change most often, since a second one hides what the first would have shown.
    var changes = 1
    while changes < 12 && random.integer(below: 2) == 0 { changes += 1 }
    for _ in 0..<changes {
      change(&bytes, &random)
      if bytes.count > Mutator.longest { bytes.removeLast(bytes.count - Mutator.longest) }
    }
    if random.integer(below: 4) > 0 { target.repair?(&bytes) }
    return bytes
  }

  private func change(_ bytes: inout [UInt8], _ random: inout KeyedRandom) {
    if bytes.isEmpty { bytes = corpus[random.integer(below: corpus.count)] }
    if bytes.isEmpty { bytes = [0] }
    if target.isText && random.integer(below: 2) == 0 { return changeText(&bytes, &random) }
    let isHead = target.head != nil && random.integer(below: 4) > 0
    let place = random.integer(below: isHead ? min(target.head ?? 1, bytes.count) : bytes.count)
    let end = place + min(bytes.count - place, 1 << random.integer(below: 11))
    switch random.integer(below: 12) {
    case 0, 1: bytes[place] ^= 1 << UInt8(random.integer(below: 8))
    case 2: bytes[place] = UInt8(random.integer(below: 256))
    case 3: bytes.removeSubrange(place..<end)
    case 4: bytes.insert(contentsOf: bytes[place..<end], at: random.integer(below: bytes.count + 1))
    case 5: bytes.removeLast(bytes.count - place)
    case 6:
      let value: UInt8 = [0, 0xff, 0x20, 0x30][random.integer(below: 4)]
      for index in place..<end { bytes[index] = value }
    case 7:
      let other = corpus[random.integer(below: corpus.count)]
      guard !other.isEmpty else { return }
      bytes.replaceSubrange(place..., with: other[random.integer(below: other.count)...])
    case 8:
      let source = random.integer(below: bytes.count)
      let piece = bytes[source..<min(source + end - place, bytes.count)]
      bytes.replaceSubrange(place..<min(place + piece.count, bytes.count), with: piece)
    case 9: bytes.insert(contentsOf: target.words[random.integer(below: target.words.count)], at: place)
    default:
      // A number of 1, 2, 4 or 8 bytes that is the largest, the smallest, or near what is there.
      let size = 1 << random.integer(below: 4)
      let values: [UInt64] = [
        0, 1, .max, .max - 1, 1 << 31, 1 << 63, UInt64(bytes.count), 0x7fff_ffff_ffff_ffff,
      ]
      var value = values[random.integer(below: values.count)]
      if random.integer(below: 3) == 0 {
        value = UInt64(bytes[place]) &+ UInt64(random.integer(below: 5)) &- 2
      }
      for index in place..<min(place + size, bytes.count) {
        bytes[index] = UInt8(truncatingIfNeeded: value)
        value >>= 8
      }
    }
  }

  /// Changes lines and words as such.
  private func changeText(_ bytes: inout [UInt8], _ random: inout KeyedRandom) {
    let kind = random.integer(below: 8)
    let isEnd: (UInt8) -> Bool = kind < 4 ? { $0 <= 0x20 || $0 == UInt8(ascii: ",") } : { $0 == 0x0a }
    let middle = random.integer(below: min(target.head ?? bytes.count, bytes.count))
    let start = bytes[..<middle].lastIndex(where: isEnd).map { $0 + 1 } ?? 0
    let end = bytes[middle...].firstIndex(where: isEnd) ?? bytes.count
    guard start <= end else { return }
    let line = Array(bytes[start..<end]) + [0x0a]
    switch kind {
    case 0...2:
      bytes.replaceSubrange(start..<end, with: target.words[random.integer(below: target.words.count)])
    case 3: bytes.replaceSubrange(start..<end, with: "\(random.normal())".utf8)
    case 4: bytes.removeSubrange(start..<min(end + 1, bytes.count))
    case 5:
      for _ in 0...random.integer(below: 8) { bytes.insert(contentsOf: line, at: start) }
    case 6:
      let other = corpus[random.integer(below: corpus.count)].split(separator: 0x0a)
      guard !other.isEmpty else { return }
      bytes.replaceSubrange(start..<end, with: other[random.integer(below: other.count)])
    default:
      bytes.removeSubrange(start..<min(end + 1, bytes.count))
      bytes.insert(contentsOf: line, at: random.integer(below: bytes.count + 1))
    }
  }
}
