import Foundation
import Numpy
import Skeleton

extension FuzzTarget {
  static let npy = FuzzTarget(name: "npy", isText: true, words: pythonWords, head: 128) { bytes, place in
    let file = place.file.appendingPathExtension("npy")
    try Data(bytes).write(to: file)
    do { return try read(NumpyInput(npy: file)) } catch is InputError { return .refused }
  }

  static let npz = FuzzTarget(
    name: "npz", isText: true,
    words: pythonWords + ["PK\u{1}\u{2}", "PK\u{3}\u{4}", "PK\u{5}\u{6}", ".npy"].map { Array($0.utf8) },
    // A piece of what is unpacked is 1 MB, of which there are two for a moment.
    allowance: 4 << 20, repair: sumMembers
  ) { bytes, place in
    let file = place.file.appendingPathExtension("npz")
    try Data(bytes).write(to: file)
    let members: [String]
    do { members = try NumpyInput.members(ofNPZ: file) } catch is InputError { return .refused }
    var outcome = Outcome.refused
    for member in members.prefix(20) {
      do {
        if try read(NumpyInput(npz: file, member: member)) == .read { outcome = .read }
      } catch is InputError {
        continue
      }
    }
    return outcome
  }

  static let pickle = FuzzTarget(
    name: "pickle",
    words: [
      [0x80, 2], [0x80, 4, 0x95], Array("](".utf8), Array("(l".utf8), [0x86, 0x2e], [0x94],
      Array("q\u{0}".utf8),
      Array("h\u{0}".utf8), Array("e".utf8), Array("a".utf8), Array("ccopy_reg\n".utf8), [0x8a, 0xff], [0x8b],
      Array("X\u{4}\u{0}\u{0}\u{0}".utf8),
    ]
  ) { bytes, _ in
    let pickle: LabelPickle
    do { pickle = try LabelPickle.parse(bytes, name: "input") } catch is InputError { return .refused }
    guard pickle.names.count == pickle.labels.count else {
      throw Contradiction(description: "\(pickle.names.count) names and \(pickle.labels.count) labels")
    }
    // Larger ones are read, and refused as classes; they are not written.
    guard pickle.labels.allSatisfy({ Int32(exactly: $0) != nil }) else { return .read }
    guard try LabelPickle.parse(pickle.bytes, name: "again") == pickle else {
      throw Contradiction(description: "written again, it is read as other labels")
    }
    return .read
  }

  private static let pythonWords: [[UInt8]] =
    [
      "'<f4'", "'>f8'", "'|u1'", "'<U0'", "'<U65536'", "'<i8'", "'|O'", "True", "False", "()",
      "(0, 17592186044415)",
      "(4294967296, 4294967296)", "'descr'", "'shape'", "{", "}",
    ].map { Array($0.utf8) } + numbers

  /// Reads what there is of an array, from both ends.
  private static func read(_ input: NumpyInput) throws -> Outcome {
    let header = input.header
    let again = try NPYHeader.parse(NPYHeader(header.element, shape: header.shape).bytes, name: "again")
      .header
    guard again.element == header.element, again.shape == header.shape else {
      throw Contradiction(description: "written again, the header is read as another one")
    }
    if case .text = header.element {
      guard try input.texts().count == header.count else {
        throw Contradiction(description: "texts are lost")
      }
      return .read
    }
    for range in [0..<min(header.count, 1000), max(0, header.count - 1000)..<header.count] {
      guard try input.floats(range).count == range.count else {
        throw Contradiction(description: "numbers are lost")
      }
    }
    // As many labels as a data set may have.
    guard header.count <= 100_000 else { return .read }
    do {
      guard try input.integers().count == header.count else {
        throw Contradiction(description: "whole numbers are lost")
      }
    } catch is InputError {}
    return .read
  }

  /// Makes the checksums of an archive's stored members right, as far as its directory can be followed.
  @Sendable private static func sumMembers(_ bytes: inout [UInt8]) {
    func number(_ place: Int, _ size: Int) -> Int? {
      guard place >= 0, place + size <= bytes.count else { return nil }
      return bytes[place..<(place + size)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    let end = Array("PK\u{5}\u{6}".utf8)
    guard bytes.count >= 22,
      let last = (0...(bytes.count - 22)).last(where: { bytes[$0..<($0 + 4)].elementsEqual(end) }),
      var entry = number(last + 16, 4)
    else { return }
    while number(entry, 4) == 0x0201_4b50, let local = number(entry + 42, 4),
      let size = number(entry + 20, 4),
      let name = number(local + 26, 2), let extra = number(local + 28, 2), let method = number(entry + 10, 2),
      let ownName = number(entry + 28, 2), let ownExtra = number(entry + 30, 2),
      let comment = number(entry + 32, 2)
    {
      let start = local + 30 + name + extra
      if method == 0, start + size <= bytes.count {
        let sum = crc32(bytes[start..<(start + size)])
        for (place, digit) in [(entry + 16, 0), (local + 14, 0)].flatMap({ place, _ in
          (0..<4).map { (place + $0, $0) }
        }) { bytes[place] = UInt8(truncatingIfNeeded: sum >> (8 * UInt32(digit))) }
      }
      entry += 46 + ownName + ownExtra + comment
    }
  }
}
