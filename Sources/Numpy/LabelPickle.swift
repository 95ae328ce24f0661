import Skeleton

/// The label files of 2s-AGCN and its descendants: Python's pickle of `(names, labels)`, two lists.
public struct LabelPickle: Sendable, Equatable {
  /// The samples' names in the order of the array.
  public var names: [String]
  /// Their classes, from 0.
  public var labels: [Int]

  /// Names, and as many labels.
  public init(names: [String], labels: [Int]) {
    self.names = names
    self.labels = labels
  }

  /// The pickle, protocol 2, which both Pythons read: `names, labels = pickle.load(file)`.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = [0x80, 2]  // PROTO 2
    bytes += Array("](".utf8)  // an empty list, and a mark for what goes into it
    for name in names {
      bytes.append(UInt8(ascii: "X"))  // BINUNICODE
      bytes += LabelPickle.little(UInt32(name.utf8.count)) + Array(name.utf8)
    }
    bytes += Array("e](".utf8)  // APPENDS; the second list
    for label in labels {
      bytes.append(UInt8(ascii: "J"))  // BININT
      bytes += LabelPickle.little(UInt32(bitPattern: Int32(label)))
    }
    return bytes + Array("e\u{86}.".unicodeScalars.map { UInt8($0.value) })  // APPENDS, TUPLE2, STOP
  }

  private static func little(_ number: UInt32) -> [UInt8] {
    [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  /// Reads a pickle that holds two lists, of texts and of numbers, and runs nothing of what others may hold.
  ///
  /// - Throws: `InputError` with the byte of the first thing that such a file does not hold.
  public static func parse(_ bytes: [UInt8], name: String) throws -> LabelPickle {
    var reader = PickleReader(bytes, name: name)
    let value = try reader.value()
    guard case .list(let pair) = value, reader.lists[pair].count == 2,
      case .list(let first) = reader.lists[pair][0], case .list(let second) = reader.lists[pair][1]
    else {
      throw InputError(name, found: "another object", expected: "a pair of lists: names and labels")
    }
    let (names, labels) = (reader.lists[first], reader.lists[second])
    let pickle = LabelPickle(names: names.compactMap(\.text), labels: labels.compactMap(\.number))
    guard pickle.names.count == names.count, pickle.labels.count == labels.count,
      names.count == labels.count
    else {
      throw InputError(
        name, found: "\(names.count) names and \(labels.count) labels",
        expected: "as many texts as whole numbers")
    }
    return pickle
  }
}
