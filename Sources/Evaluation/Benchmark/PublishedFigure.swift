import Foundation

/// A number of a paper, which a benchmark shows beside its own: a line of `published.tsv`.
public struct PublishedFigure: Sendable, Equatable, Codable {
  /// The method's name in its paper.
  public let method: String
  /// The year of the paper; nil where no copy says it.
  public let year: Int?
  /// The encoder: `GRU`, `ST-GCN`, `Transformer`.
  public let backbone: String
  /// What it reads: `joint`, `bone`, `3 streams ensembled`, `joint + motion + bone in one network`.
  public let stream: String
  /// What it was pre-trained on; `the same data` where that is the training side of the data it is measured on.
  public let pretrained: String
  /// The task: a kind of `skeltrain evaluate`.
  public let task: String
  /// The data set: `ntu60`, … or `nwucla`.
  public let data: String
  /// The split: `xsub`, …
  public let split: String
  /// What was measured, as ``BenchmarkColumn`` names it: `top1`, `map@0.5`, `spatial`, …
  public let measure: String
  /// The number, in percent.
  public let percent: Double
  /// The paper and where the number was read.
  public let source: String

  /// All figures that are built in.
  ///
  /// Those of PCM3++ were read in the paper; each of the others says where it was read, and whether that is the method's
  /// own paper or what another lists. Numbers that are in no copy, only in somebody's memory, are left out, and so are
  /// those of another protocol than this program's task.
  public static let all: [PublishedFigure] = {
    let lines = String(decoding: PackageResources.published_tsv, as: UTF8.self).split(separator: "\n")
    return lines.dropFirst().map { line in
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard cells.count == 11, let percent = Double(cells[9]) else {
        preconditionFailure("published.tsv: \(line)")
      }
      return PublishedFigure(
        method: cells[0], year: Int(cells[1]), backbone: cells[2], stream: cells[3], pretrained: cells[4],
        task: cells[5], data: cells[6], split: cells[7], measure: cells[8], percent: percent,
        source: cells[10])
    }
  }()

  /// Year, backbone and stream, as far as they are known: `2023, GRU, joint`.
  public var made: String {
    [year.map(String.init) ?? "", backbone, stream].filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// Training and test samples of the published protocols, by which other data that is only laid out alike is told
  /// from the real one; nil where no count is known.
  public static func samples(_ data: String, _ split: String) -> (train: Int, test: Int)? {
    switch (data, split) {
    case ("ntu60", "xsub"): (40_091, 16_487)
    case ("ntu60", "xview"): (37_646, 18_932)
    case ("ntu120", "xsub"): (63_026, 50_919)
    case ("ntu120", "xset"): (54_468, 59_477)
    case ("nwucla", "xview"): (1_020, 464)
    default: nil
    }
  }

  /// The data set as papers write it.
  public static func title(of data: String) -> String {
    switch data {
    case "ntu60": "NTU RGB+D 60"
    case "ntu120": "NTU RGB+D 120"
    case "pkummd1": "PKU-MMD I"
    case "pkummd2": "PKU-MMD II"
    case "nwucla": "NW-UCLA"
    default: data
    }
  }
}
