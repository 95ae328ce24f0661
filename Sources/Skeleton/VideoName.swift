/// What the name of a PKU-MMD recording says: `0002-L` of part I, `A01N01-L` of part II.
public struct VideoName: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The two releases of PKU-MMD, which name their recordings differently.
  public enum Part: Int, Sendable, Comparable {
    /// `0002-L`: four digits and the view.
    case one = 1
    /// `A01N01-L`: sequence, subject and the view.
    case two = 2

    /// Part I comes first.
    public static func < (left: Part, right: Part) -> Bool { left.rawValue < right.rawValue }
  }

  /// Which release the name is of.
  public let part: Part
  /// What was recorded, by all cameras at once: the number in part I (2 to 364), what stands after A in part II
  /// (1 to 26).
  public let sequence: Int
  /// The performer, which part II says after N (1 to 13); nil in part I, whose names do not tell.
  public let subject: Int?
  /// The camera: 1 for the view from the left, 2 from the middle, 3 from the right.
  public let camera: Int

  /// A name from numbers that are known to be right.
  init(part: Part, sequence: Int, subject: Int?, camera: Int) {
    self.part = part
    self.sequence = sequence
    self.subject = subject
    self.camera = camera
  }

  /// The letters of the views in the order of the camera numbers.
  private static let views = Array("LMR".utf8)

  /// Reads `dddd-V` or `AddNdd-V`, where V is L, M or R and every number is at least 1; anything else is nil.
  public init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard let letter = bytes.last, let view = VideoName.views.firstIndex(of: letter) else { return nil }
    /// The number that the bytes are.
    func number(_ range: Range<Int>) -> Int? {
      guard bytes[range].allSatisfy({ (48...57).contains($0) }) else { return nil }
      let value = bytes[range].reduce(0) { $0 * 10 + Int($1) - 48 }
      return value >= 1 ? value : nil
    }
    switch bytes.count {
    case 6:
      guard bytes[4] == UInt8(ascii: "-"), let sequence = number(0..<4) else { return nil }
      (part, self.sequence, subject) = (.one, sequence, nil)
    case 8:
      guard bytes[0] == UInt8(ascii: "A"), bytes[3] == UInt8(ascii: "N"), bytes[6] == UInt8(ascii: "-"),
        let sequence = number(1..<3), let subject = number(4..<6)
      else { return nil }
      (part, self.sequence, self.subject) = (.two, sequence, subject)
    default: return nil
    }
    camera = view + 1
  }

  /// The recording that a sample is: the whole of it, `0002-L`, or one of its actions, `0002-L#3`.
  public init?(ofSample text: String) {
    guard let video = VideoName(text) ?? TrimmedName(text)?.video else { return nil }
    self = video
  }

  /// The name as the data set writes it.
  public var description: String {
    func digits(_ value: Int, _ width: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    let view = Character(Unicode.Scalar(VideoName.views[camera - 1]))
    guard let subject else { return "\(digits(sequence, 4))-\(view)" }
    return "A\(digits(sequence, 2))N\(digits(subject, 2))-\(view)"
  }

  /// Part I before part II, and within a part as the texts are ordered.
  public static func < (left: VideoName, right: VideoName) -> Bool {
    (left.part, left.sequence, left.subject ?? 0, left.camera)
      < (right.part, right.sequence, right.subject ?? 0, right.camera)
  }
}

/// The name of one action of a PKU-MMD recording: `0002-L#3`.
public struct TrimmedName: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The recording.
  public let video: VideoName
  /// Which of its actions, from 0.
  public let index: Int

  /// The action of that number, from 0.
  public init(_ video: VideoName, index: Int) {
    precondition(index >= 0, "index \(index)")
    self.video = video
    self.index = index
  }

  /// Reads a video's name, `#` and a number without leading zeros; anything else is nil.
  public init?(_ text: some StringProtocol) {
    let words = text.split(separator: "#", omittingEmptySubsequences: false)
    guard words.count == 2, let video = VideoName(words[0]), let index = Int(words[1]), index >= 0,
      String(index) == words[1]
    else { return nil }
    self.init(video, index: index)
  }

  /// The name as shards hold it.
  public var description: String { "\(video)#\(index)" }

  /// Ordered by recording, and within it by number: `#9` before `#10`.
  public static func < (left: TrimmedName, right: TrimmedName) -> Bool {
    (left.video, left.index) < (right.video, right.index)
  }
}
