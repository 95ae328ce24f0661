import Foundation

/// What a page of moving skeletons holds, read the way its script reads it.
struct PageReading {
  struct Content: Decodable {
    let rate: Double
    let bones: [[Int]]
    let samples: [Sample]
  }

  struct Sample: Decodable {
    let length: Int
    let intervals: [Interval]
    let panels: [Panel]
  }

  struct Interval: Decodable, Equatable {
    let from: Int
    let to: Int
    let label: Int
    let name: String

    init(_ from: Int, _ to: Int, _ label: Int, _ name: String) {
      (self.from, self.to, self.label, self.name) = (from, to, label, name)
    }

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      from = try list.decode(Int.self)
      to = try list.decode(Int.self)
      label = try list.decode(Int.self)
      name = try list.decode(String.self)
    }
  }

  struct Panel: Decodable {
    let up: String
    let frames: Int
    let bodies: Int
    let step: Double
    let joints: String
    let seen: String
    let filled: [[[Int]]]
    let parent: Int?

    /// Metres, (T, B, V, C).
    var metres: [Double] {
      let bytes = Array(Data(base64Encoded: joints) ?? Data())
      return stride(from: 0, to: bytes.count, by: 2).map { place in
        Double(Int16(truncatingIfNeeded: Int(bytes[place]) | Int(bytes[place + 1]) << 8)) * step
      }
    }

    /// Bit v for joint v, (T, B).
    var flags: [Int] {
      let bytes = Array(Data(base64Encoded: seen) ?? Data())
      return stride(from: 0, to: bytes.count, by: 4).map { place in
        (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
      }
    }
  }

  let html: String
  let content: Content

  init(_ page: Data) throws {
    html = String(decoding: page, as: UTF8.self)
    let data =
      html.components(separatedBy: "id=\"data\">").last?.components(separatedBy: "</script>").first ?? ""
    content = try JSONDecoder().decode(Content.self, from: Data(data.utf8))
  }

  /// What stands between the first two texts after each other.
  func text(between start: String, and end: String) -> String {
    html.components(separatedBy: start).dropFirst().first?.components(separatedBy: end).first ?? ""
  }
}
