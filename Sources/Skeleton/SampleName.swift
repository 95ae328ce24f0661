/// What an NTU RGB+D sample's name says: `S001C002P003R002A013`.
public struct SampleName: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The collection setup, from 1 (NTU60: to 17, NTU120: to 32).
  public let setup: Int
  /// The camera, 1 to 3.
  public let camera: Int
  /// The performer, from 1 (NTU60: to 40, NTU120: to 106).
  public let subject: Int
  /// The repetition, 1 or 2.
  public let replication: Int
  /// The action class, from 1 (NTU60: to 60, NTU120: to 120).
  public let action: Int

  /// A name from its parts.
  public init(setup: Int, camera: Int, subject: Int, replication: Int, action: Int) {
    self.setup = setup
    self.camera = camera
    self.subject = subject
    self.replication = replication
    self.action = action
  }

  /// Reads `SsssCcccPpppRrrrAaaa`, exactly twenty characters and every number at least 1; anything else is nil.
  public init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count == 20 else { return nil }
    var numbers: [Int] = []
    for (index, letter) in "SCPRA".utf8.enumerated() {
      let field = bytes[(index * 4)..<(index * 4 + 4)]
      guard field.first == letter, field.dropFirst().allSatisfy({ (48...57).contains($0) }) else {
        return nil
      }
      let value = field.dropFirst().reduce(0) { $0 * 10 + Int($1) - 48 }
      guard value >= 1 else { return nil }
      numbers.append(value)
    }
    self.init(
      setup: numbers[0], camera: numbers[1], subject: numbers[2], replication: numbers[3],
      action: numbers[4])
  }

  /// The class from 0, as labels are stored.
  public var label: Int { action - 1 }

  /// The name as the data set writes it.
  public var description: String {
    func field(_ letter: String, _ value: Int) -> String {
      let digits = String(value)
      return letter + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    }
    return field("S", setup) + field("C", camera) + field("P", subject) + field("R", replication)
      + field("A", action)
  }

  /// Names are ordered as their texts are.
  public static func < (left: SampleName, right: SampleName) -> Bool {
    (left.setup, left.camera, left.subject, left.replication, left.action)
      < (right.setup, right.camera, right.subject, right.replication, right.action)
  }
}
