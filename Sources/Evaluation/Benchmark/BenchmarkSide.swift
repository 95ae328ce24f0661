import Foundation
import Recipes
import Shards
import Skeleton

/// A data set of the benchmark: where it is, and what is known of it without decoding anything.
struct BenchmarkSide {
  /// What the report says of it.
  var report: BenchmarkReport.Data
  /// Whether its samples are of one action each, so that features of whole samples mean something.
  var isTrimmed = true

  private let entry: BenchmarkData
  private var variants: [(name: String, folder: URL)] = []
  private(set) var failure: InputError?

  private var folder: URL { URL(fileURLWithPath: entry.from) }

  /// The data of a recipe's entry; what is wrong with it is kept, to be told in every cell.
  init(_ entry: BenchmarkData) {
    self.entry = entry
    report = BenchmarkReport.Data(
      name: entry.name, dataset: "", profile: "", split: entry.split, samples: [:], sha256: [:],
      isOther: false)
    do { try read() } catch { failure = error as? InputError ?? InputError(entry.from, found: "\(error)") }
    report.failure = failure?.description
  }

  private mutating func read() throws {
    let data = try DatasetFolder(folder)
    let split = try data.split(entry.split)
    let digest = try Manifest.digest(of: folder)
    (report.dataset, report.profile) = (data.manifest.dataset, data.manifest.profile)
    report.samples = ["train": split.train.count, "test": split.test.count]
    report.sha256 = ["train": digest]
    report.sha256["split"] = SHA256Digest.hex(of: try Disk.read(Split.url(entry.split, in: folder)))
    report.published =
      entry.published == "none" ? nil : entry.published.isEmpty ? report.dataset : entry.published
    if let published = report.published,
      let whole = PublishedFigure.samples(published, report.split)
    {
      report.isOther = whole != (split.train.count, split.test.count)
    }
    let first = try data.samples().lazy.flatMap(\.self).first
    isTrimmed = (first?.label ?? -1) >= 0
    for path in entry.occluded {
      let folder = URL(fileURLWithPath: path)
      let manifest = try Manifest.read(folder)
      guard manifest.variantOf == digest, let kind = manifest.kind else {
        throw InputError(
          path, found: "no variant of \(entry.from)", hint: "make it with `skelprep occlude \(entry.from)`")
      }
      variants.append((kind, folder))
      report.sha256[kind] = try Manifest.digest(of: folder)
      // A variant without the split is told by the task that needs it; the others do not.
      if let list = try? Disk.read(Split.url(entry.split, in: folder)) {
        report.sha256["\(kind), split"] = SHA256Digest.hex(of: list)
      }
    }
  }

  /// The variants that a task is given: others would only measure what the task is not about.
  private func variants(for task: (any EvaluationTask)?) -> [(name: String, folder: URL)] {
    task.map { type(of: $0).kind == "occluded" } ?? false ? variants : []
  }

  /// What a cell's key needs to know: which numbers are in the data, and which samples are on which side.
  func parts(for task: (any EvaluationTask)? = nil) throws -> [String] {
    if let failure { throw failure }
    let names = ["train", "split"] + variants(for: task).flatMap { [$0.name, "\($0.name), split"] }
    return names.flatMap { [$0, report.sha256[$0] ?? ""] }
      + (entry.isAccepted ? ["other profile accepted"] : [])
  }

  /// Encoders on this data.
  func subject(_ encoders: [FrozenEncoder], for task: (any EvaluationTask)? = nil) throws -> EvaluationSubject
  {
    if let failure { throw failure }
    return try EvaluationSubject(
      encoders: encoders, folder: folder, split: entry.split, variants: variants(for: task),
      isAccepted: entry.isAccepted)
  }
}
