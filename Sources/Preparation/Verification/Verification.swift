import Foundation
import Reporting
import Shards
import Skeleton

/// Looks for everything that can be wrong with a data set, and tells all that it finds.
public struct Verification: Sendable {
  /// One of the things that are looked at.
  public struct Check: Sendable {
    /// What is looked at: `shards`.
    public let name: String
    /// What was found, in a line.
    public var summary: String
    /// What is wrong.
    public var faults: [InputError] = []
    /// Whether it could not be looked at, because of what is wrong elsewhere.
    public var isSkipped = false
  }

  /// The checks in the order in which they were made.
  public private(set) var checks: [Check] = []
  /// What is worth knowing and not wrong.
  public private(set) var notes: [String] = []

  /// All that is wrong.
  public var faults: [InputError] { checks.flatMap(\.faults) }

  /// Verifies the data set in a folder. Shards are read one for each job at a time.
  ///
  /// - Parameter parent: the folder of the data set that this one claims to be a variant of; its masks are computed
  ///   again then, and every value is compared.
  /// - Throws: `InputError` if there is no such folder; all else that is wrong is among the checks.
  public init(_ path: String, parent: String? = nil, jobs: Int = 1, progress: ProgressMode = .none) throws {
    let url = URL(fileURLWithPath: path, isDirectory: true)
    var isFolder: ObjCBool = false
    let isThere = unsafe FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
    guard isThere, isFolder.boolValue else {
      throw InputError(
        path, found: isThere ? "a file" : "no such folder", expected: "a data set", kind: .noInput)
    }
    let manifest = ManifestCheck(of: url)
    checks.append(manifest.check)
    let files = FolderCheck(of: url, manifest: manifest.manifest)
    checks.append(files.check)
    notes += files.notes
    guard let contents = manifest.manifest else {
      for name in ["shards", "splits", "report"] {
        checks.append(
          Check(name: name, summary: "not compared: the manifest cannot be read", isSkipped: true))
      }
      checks[3].faults = SealCheck.faults(ofSplitsIn: url)
      checks[4].faults = SealCheck.faults(of: url.appendingPathComponent("report.json"))
      return
    }
    let shards = try ShardsCheck(of: url, contents, jobs: jobs, progress: progress)
    checks.append(shards.check)
    checks.append(SplitsCheck.check(of: url, isReadable: shards.samples != nil))
    checks.append(ReportCheck.check(of: url, contents, samples: shards.samples))
    if let parent {
      checks.append(
        try VariantCheck.check(of: url, contents, parent: parent, isReadable: shards.samples != nil))
    }
  }
}

extension Verification: CustomStringConvertible {
  /// A line for each check, below it a line for each fault.
  public var description: String {
    var lines: [String] = []
    for check in checks {
      let state = !check.faults.isEmpty ? "FAULT" : check.isSkipped ? "-" : "ok"
      let name = check.name.padding(toLength: 10, withPad: " ", startingAt: 0)
      lines.append(state.padding(toLength: 7, withPad: " ", startingAt: 0) + name + check.summary)
      lines += check.faults.map { "  \($0)" }
    }
    lines += notes.map { "note   \($0)" }
    let count = faults.count
    lines.append(count == 0 ? "all is well" : "\(count) \(count == 1 ? "thing is" : "things are") wrong")
    return lines.joined(separator: "\n")
  }
}

extension Verification: Encodable {
  /// Writes the checks with their faults, and whether there are none.
  public func encode(to encoder: any Encoder) throws {
    struct Fault: Encodable {
      let file: String
      let place: String
      let found: String
      let expected: String
    }
    struct Row: Encodable {
      let name: String
      let summary: String
      let skipped: Bool
      let faults: [Fault]
    }
    enum Key: String, CodingKey { case sound, checks, notes }
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(faults.isEmpty, forKey: .sound)
    try container.encode(notes, forKey: .notes)
    try container.encode(
      checks.map { check in
        Row(
          name: check.name, summary: check.summary, skipped: check.isSkipped,
          faults: check.faults.map {
            Fault(file: $0.file, place: $0.place, found: $0.found, expected: $0.expected)
          })
      }, forKey: .checks)
  }
}

extension [InputError] {
  /// What the body returns; what it throws is one more fault.
  mutating func collect<Result>(_ file: String, _ body: () throws -> Result) -> Result? {
    do {
      return try body()
    } catch let error as InputError {
      if !contains(error) { append(error) }
    } catch {
      append(InputError(file, found: "\(error)"))
    }
    return nil
  }

  /// Notes a fault unless the condition holds.
  mutating func demand(_ condition: Bool, _ fault: @autoclosure () -> InputError) {
    if !condition { append(fault()) }
  }
}
