import HDF5
import Skeleton

/// One sample of a shard: what its name says, and which rows of `/frames` are its own.
public struct SampleRecord: Sendable, Equatable, Codable {
  /// `S001C001P001R001A001`, or `0002-L#3` for the fourth action of a PKU-MMD video. Printable ASCII.
  public var name: String
  /// The class from 0, or −1.
  public var label: Int
  /// The collection setup, or −1.
  public var setup: Int
  /// The camera, or −1.
  public var camera: Int
  /// The performer, or −1.
  public var subject: Int
  /// The repetition, or −1.
  public var replication: Int
  /// The action as the name counts it, from 1, or −1.
  public var action: Int
  /// For an action of a longer recording, its row in the file of labels, from 0, blank lines not counted; or −1. Programs
  /// of others name actions by it.
  public var row: Int
  /// Bodies kept, 0 to 2.
  public var bodies: Int
  /// SHA-256 of the sample's source bytes, in hexadecimal.
  public var digest: String
  /// The first row.
  public var start: Int
  /// The number of rows, at least 1.
  public var length: Int

  /// A sample; where its rows are is for the builder to say.
  public init(
    name: String, label: Int = -1, setup: Int = -1, camera: Int = -1, subject: Int = -1,
    replication: Int = -1, action: Int = -1, row: Int = -1, bodies: Int = 0, digest: String, start: Int = 0,
    length: Int = 0
  ) {
    self.name = name
    self.label = label
    self.setup = setup
    self.camera = camera
    self.subject = subject
    self.replication = replication
    self.action = action
    self.row = row
    self.bodies = bodies
    self.digest = digest
    self.start = start
    self.length = length
  }

  /// The rows of `/frames`.
  public var rows: Range<Int> { start..<(start + length) }

  /// Says what is wrong with the values by themselves, or nil.
  ///
  /// - Parameter classes: how many classes the data set has.
  func fault(classes: Int) -> (place: String, found: String, expected: String)? {
    if name.isEmpty || name.utf8.count > 255 || !name.utf8.allSatisfy({ (33...126).contains($0) }) {
      return ("name", "\"\(name)\"", "1 to 255 printable ASCII characters")
    }
    if !SHA256Digest.isDigest(digest) {
      return ("digest", "\"\(digest)\"", "64 lower-case hexadecimal digits")
    }
    if !(0...2).contains(bodies) { return ("bodies", "\(bodies)", "0 to 2") }
    if length < 1 { return ("length", "\(length)", "at least 1 frame") }
    for column in SampleColumn.all + SampleColumn.optional
    where !column.range.contains(self[keyPath: column.value]) {
      return (column.name, "\(self[keyPath: column.value])", "\(column.range)")
    }
    if label >= classes {
      return ("label", "\(label)", "-1 to \(classes - 1), the classes of the data set")
    }
    return nil
  }
}

/// One column of whole numbers of `/samples`: the one place where names, types and order are written down.
struct SampleColumn: Sendable {
  let name: String
  let type: ElementType
  let range: ClosedRange<Int>
  let value: any WritableKeyPath<SampleRecord, Int> & Sendable

  /// The columns between `name` and `digest`, in the order of the format's table.
  static let all: [SampleColumn] = [
    SampleColumn(name: "start", type: .int64, range: 0...Int.max, value: \.start),
    SampleColumn(name: "length", type: .int32, range: 0...Int(Int32.max), value: \.length),
    SampleColumn(name: "label", type: .int32, range: -1...Int(Int32.max), value: \.label),
    SampleColumn(name: "setup", type: .int16, range: -1...Int(Int16.max), value: \.setup),
    SampleColumn(name: "camera", type: .int16, range: -1...Int(Int16.max), value: \.camera),
    SampleColumn(name: "subject", type: .int16, range: -1...Int(Int16.max), value: \.subject),
    SampleColumn(name: "replication", type: .int16, range: -1...Int(Int16.max), value: \.replication),
    SampleColumn(name: "action", type: .int16, range: -1...Int(Int16.max), value: \.action),
    SampleColumn(name: "bodies", type: .uint8, range: 0...2, value: \.bodies),
  ]

  /// The columns that are there only where a sample has something in them; all int32.
  static let optional: [SampleColumn] = [
    SampleColumn(name: "row", type: .int32, range: -1...Int(Int32.max), value: \.row)
  ]

  /// Whether any of the samples has something in the column.
  func isHeld(by samples: [SampleRecord]) -> Bool { samples.contains { $0[keyPath: value] >= 0 } }
}
