import Shards

/// A card of a page: the facts of a sample, and it in one panel or several.
struct ViewedSample {
  let sample: SampleRecord
  let frameRate: Double
  /// What the sample's class is called; nil where that is not known.
  let className: String?
  var panels: [ViewedPanel]
  /// The actions of an untrimmed recording.
  let intervals: [Action]
  /// What normalization mended, where the recording is there to tell.
  var repairs: [Repair] = []
  /// What could not be shown, and why.
  var notes: [String] = []

  /// An action of an untrimmed recording.
  struct Action: Encodable {
    let frames: Range<Int>
    let label: Int
    /// What the class is called, or its number.
    let name: String

    /// `[from, to, label, name]`.
    func encode(to encoder: any Encoder) throws {
      var list = encoder.unkeyedContainer()
      try list.encode(frames.lowerBound)
      try list.encode(frames.upperBound)
      try list.encode(label)
      try list.encode(name)
    }
  }

  init(_ clip: StoredClip, panel: ViewedPanel, classNames: [String]) {
    func name(_ label: Int) -> String? { classNames.indices.contains(label) ? classNames[label] : nil }
    sample = clip.sample
    frameRate = clip.frameRate
    className = name(clip.sample.label)
    panels = [panel]
    intervals = clip.intervals.map { interval in
      Action(
        frames: interval.start..<interval.end, label: interval.label,
        name: name(interval.label) ?? "class \(interval.label)")
    }
  }

  /// Length, class, people and places, one fact each; a line may be broken between facts.
  var facts: [String] {
    var facts: [String] = []
    func add(_ fact: String) { facts.append(fact.replacing(" ", with: "\u{a0}")) }
    if sample.label >= 0 { facts.append("class \(sample.label)" + (className.map { ", \($0)" } ?? "")) }
    if !intervals.isEmpty {
      facts.append("\(intervals.count) \(intervals.count == 1 ? "action" : "actions")")
    }
    let seconds = Double(Int(Double(sample.length) / frameRate * 10 + 0.5)) / 10
    add("\(sample.length) \(sample.length == 1 ? "frame" : "frames"), \(seconds) s")
    add("\(sample.bodies) \(sample.bodies == 1 ? "body" : "bodies")")
    for (word, value) in [
      ("setup", sample.setup), ("camera", sample.camera), ("subject", sample.subject),
      ("repetition", sample.replication),
    ] where value >= 0 {
      add("\(word) \(value)")
    }
    if !repairs.isEmpty { add("mended: \(repairs.map(\.rawValue).joined(separator: ", "))") }
    return facts
  }
}

extension ViewedSample: Encodable {
  private enum CodingKeys: String, CodingKey { case length, intervals, panels }

  /// What the page's script reads.
  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(sample.length, forKey: .length)
    try values.encode(intervals, forKey: .intervals)
    try values.encode(panels, forKey: .panels)
  }
}
