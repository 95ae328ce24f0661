import Foundation
import Skeleton

/// A way to divide a data set.
public enum SplitScheme: String, CaseIterable, Sendable {
  /// Cross-subject.
  case xsub
  /// Cross-view.
  case xview
  /// Cross-setup.
  case xset
  /// The one-shot protocol of NTU RGB+D 120.
  case oneshot
  /// Episodes of few samples of few classes.
  case fewshot

  /// The protocol that places each sample on a side; nil for those that divide by classes.
  var sides: EvaluationProtocol? { EvaluationProtocol(rawValue: rawValue) }
}

/// How a data set is to be divided.
public struct SplitOptions: Sendable {
  /// The way.
  public var scheme: SplitScheme
  /// The split's name; nil takes one that says what was asked for.
  public var name: String?
  /// A file in the form of PKU-MMD's own lists that is followed in place of them.
  public var list: String?
  /// The share of the training samples that is drawn; nil takes all.
  public var fraction: Double?
  /// Whether the same number is drawn of every class.
  public var balanced = false
  /// The key of what is drawn; 1 unless another is given.
  public var seed: UInt64?
  /// Classes in an episode; 5 unless another number is given.
  public var ways: Int?
  /// Names of each class that are learned from; 1 unless another number is given.
  public var shots: Int?
  /// Names of each class that are measured; 15 unless another number is given.
  public var queries: Int?
  /// How many episodes; 100 unless another number is given.
  public var episodes: Int?
  /// The classes of episodes: numbers or a file with them, as `ClassList` reads them.
  public var classes: String?
  /// The protocol whose test side episodes are drawn from.
  public var within: EvaluationProtocol?

  /// A split by a protocol, of all samples.
  public init(_ scheme: SplitScheme) { self.scheme = scheme }

  /// Whether a split is written that has no sample on one of its sides.
  public var allowsEmptySide = true

  /// Checks what can be checked without looking at any file.
  ///
  /// - Throws: `InputError` naming the option that is wrong or does not go with the others.
  public func validate() throws {
    func refuse(_ option: String, _ isGiven: Bool, unless condition: Bool, _ reason: String) throws {
      if isGiven && !condition {
        throw InputError(option, found: "given with --protocol \(scheme.rawValue)", expected: reason)
      }
    }
    let drawsEpisodes = scheme == .fewshot
    try refuse("--fraction", fraction != nil, unless: scheme.sides != nil, "xsub, xview or xset")
    try refuse("--list", list != nil, unless: scheme == .xsub || scheme == .xview, "xsub or xview")
    for (option, isGiven) in [
      ("--ways", ways != nil), ("--shots", shots != nil), ("--queries", queries != nil),
      ("--episodes", episodes != nil), ("--classes", classes != nil), ("--within", within != nil),
    ] { try refuse(option, isGiven, unless: drawsEpisodes, "fewshot") }
    if balanced && fraction == nil {
      throw InputError("--balanced", found: "no --fraction", expected: "the share that is drawn")
    }
    if seed != nil && fraction == nil && !drawsEpisodes {
      throw InputError(
        "--seed", found: "nothing is drawn", expected: "--fraction, or --protocol fewshot")
    }
    if let fraction, !(fraction > 0 && fraction <= 1) {
      throw InputError(
        "--fraction", found: "\(fraction)", expected: "more than 0, at most 1", hint: "0.01 is one percent")
    }
    for (option, value, range) in [
      ("--ways", ways, 2...1000), ("--shots", shots, 1...1000), ("--queries", queries, 1...1000),
      ("--episodes", episodes, 1...10_000),
    ] {
      if let value, !range.contains(value) {
        throw InputError(
          option, found: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)")
      }
    }
    if let name, !SplitOptions.isFileName(name) {
      throw InputError(
        "--name", found: "\"\(name)\"", expected: "letters, digits, '-', '_' and '.', at most 100 of them")
    }
  }

  /// The split's name: `xsub`, `xsub-1pct-seed1`, `fewshot-5way-1shot-seed1`, unless another was given.
  var resolvedName: String {
    if let name { return name }
    if let fraction {
      // Of 0.07 a hundred times is 7.000000000000001; nobody means more than five digits of a percentage.
      let percent = (fraction * 10_000_000).rounded() / 100_000
      let text = percent == percent.rounded() ? String(Int(percent)) : String(percent)
      return "\(scheme.rawValue)-\(text)pct\(balanced ? "-balanced" : "")-seed\(seed ?? 1)"
    }
    guard scheme == .fewshot else { return scheme.rawValue }
    let side = within.map { "-\($0.rawValue)" } ?? ""
    return "fewshot\(side)-\(ways ?? 5)way-\(shots ?? 1)shot-seed\(seed ?? 1)"
  }

  /// Whether a file of this name lies in the folder that it is written to, and is seen there.
  static func isFileName(_ name: String) -> Bool {
    (1...100).contains(name.utf8.count) && !name.hasPrefix(".")
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "-_.".utf8.contains(byte)
        }
      }
  }
}
