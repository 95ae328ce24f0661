import Foundation
import Shards
import Skeleton

/// Whether the conversion's report is as it was written, counts its own rows, and agrees with the samples.
enum ReportCheck {
  private struct Report: Decodable {
    let dataset: String
    let totals: [String: Int]
    let reasons: [String: Int]
    let files: [ReportRow]
  }

  static func check(of folder: URL, _ manifest: Manifest, samples: [SampleRecord]?) -> Verification.Check {
    let url = folder.appendingPathComponent("report.json")
    var check = Verification.Check(name: "report", summary: "")
    guard let text = try? Disk.read(url) else {
      // A variant is made of another data set, not of files.
      check.summary = manifest.variantOf == nil ? "missing" : "none, as a variant needs none"
      check.faults.demand(
        manifest.variantOf != nil,
        InputError(url.path, found: "no such file", expected: "the conversion's report"))
      return check
    }
    check.faults += SealCheck.faults(of: url)
    let report: Report
    do {
      report = try JSONFile.decode(Report.self, from: text)
    } catch {
      check.summary = "cannot be read"
      check.faults.append(InputError(url.path, found: "no report: \(error.localizedDescription)"))
      return check
    }
    check.summary = report.totals.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(
      separator: ", ")
    check.faults += faults(in: report, url.path, manifest)
    if let samples { check.faults += faults(in: report, url.path, samples) }
    return check
  }

  private static func faults(in report: Report, _ path: String, _ manifest: Manifest) -> [InputError] {
    var faults: [InputError] = []
    faults.demand(
      report.dataset == manifest.dataset,
      InputError(path, at: "dataset", found: report.dataset, expected: manifest.dataset))
    let (totals, reasons) = (report.files.totals, report.files.reasons)
    faults.demand(
      report.totals == totals,
      InputError(
        path, at: "totals", found: "\(sorted(report.totals))", expected: "\(sorted(totals)), as its rows are")
    )
    faults.demand(
      report.reasons == reasons,
      InputError(
        path, at: "reasons", found: "\(sorted(report.reasons))",
        expected: "\(sorted(reasons)), as its rows are"))
    if let exclude = manifest.exclude {
      let excluded = Set(report.files.filter { $0.outcome == .excluded }.compactMap(\.sample))
      faults.demand(
        excluded == Set(exclude.names),
        InputError(
          path, at: "files", found: "\(excluded.count) excluded samples",
          expected: "the \(exclude.names.count) that the manifest names"))
    }
    return faults
  }

  /// A sample comes from a file that was kept. An NTU file that was kept is a sample; a PKU-MMD video has any number.
  private static func faults(
    in report: Report, _ path: String, _ samples: [SampleRecord]
  ) -> [InputError] {
    let kept = Set(
      report.files.filter { $0.outcome == .kept || $0.outcome == .repaired }.compactMap(\.sample))
    let names = Set(samples.map { $0.name.prefix { $0 != "#" } }.map(String.init))
    let unexplained = names.subtracting(kept).sorted()
    var lost: [String] = []
    if let first = samples.first, SampleName(first.name) != nil { lost = kept.subtracting(names).sorted() }
    return unexplained.map {
      InputError(
        path, at: "files", found: "no file that was kept", expected: "one of \($0), which is in the shards")
    }
      + lost.map {
        InputError(path, at: "files", found: "\($0), kept", expected: "a sample that is in the shards")
      }
  }

  private static func sorted(_ counts: [String: Int]) -> String {
    counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
  }
}
