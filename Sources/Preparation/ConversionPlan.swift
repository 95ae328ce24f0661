import Formats
import Foundation
import Shards
import Skeleton

/// What a conversion will do, decided from names alone, before a file is opened.
struct ConversionPlan {
  /// A sample and the files that claim to be it; more than one when inputs overlap.
  struct Sample {
    let name: SampleName
    let files: [RawFile]
  }

  /// The samples of one shard, at most, in the order of their names.
  struct Run {
    /// The shard's number.
    let index: Int
    let samples: [Sample]
    /// A digest of all that decides the shard's content, including when its files last changed.
    let key: String

    var fileCount: Int { samples.reduce(0) { $0 + $1.files.count } }
  }

  /// One run a shard.
  let runs: [Run]
  /// The files whose fate is decided by their names.
  let rows: [ReportRow]
  /// A digest of the recipe and of all files' names and sizes; equal plans make equal data sets.
  let digest: String

  init(of listing: InputListing, recipe: String, options: ConversionOptions) {
    let excluded = options.exclusion.names(of: options.dataset)
    let reason = if case .official = options.exclusion { "official-list" } else { "given-list" }
    var rows = listing.strays.map { ReportRow($0, .ignored, reason: "not-a-recording") }
    rows += listing.refused.map {
      ReportRow(
        $0.label, $0.isWanted ? .dropped : .skipped, reason: $0.fault.reason.rawValue, detail: $0.fault.detail)
    }
    var files: [SampleName: [RawFile]] = [:]
    for file in listing.files {
      guard let name = SampleName(file.stem) else {
        rows.append(
          ReportRow(
            file.label, .dropped, reason: "misnamed",
            detail: "its name is not of the form S001C001P001R001A001"))
        continue
      }
      if !options.dataset.contains(name) {
        rows.append(
          ReportRow(
            file.label, sample: file.stem, .skipped, reason: "other-dataset",
            detail: "no sample of \(options.dataset.rawValue) has this name"))
      } else if excluded.contains(file.stem) {
        rows.append(ReportRow(file.label, sample: file.stem, .excluded, reason: reason))
      } else {
        files[name, default: []].append(file)
      }
    }
    let samples = files.sorted { $0.key < $1.key }.map { Sample(name: $0.key, files: $0.value) }
    self.rows = rows
    // Runs of nearly one size, so that no job is left with a large shard while the others are done.
    let count = (samples.count + options.shardSize - 1) / options.shardSize
    runs = (0..<count).map { index in
      let run = Array(samples[(index * samples.count / count)..<((index + 1) * samples.count / count)])
      let facts = run.flatMap(\.files).map { "\($0.label)\t\($0.claimedBytes)\t\($0.stamp)" }
      return Run(
        index: index, samples: run,
        key: ConversionPlan.digest([Generator.name, recipe] + facts))
    }
    let facts = listing.files.map { "\($0.label)\t\($0.claimedBytes)" } + listing.strays + listing.refused.map(\.label)
    digest = ConversionPlan.digest([Generator.name, recipe] + facts)
  }

  private static func digest(_ lines: [String]) -> String {
    SHA256Digest.hex(of: Data(lines.joined(separator: "\n").utf8))
  }
}
