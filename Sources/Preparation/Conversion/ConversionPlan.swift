import Formats
import Foundation
import Shards
import Skeleton

/// What a conversion will do, decided from names alone, before a file is opened.
struct ConversionPlan: Sendable {
  /// A recording and the files that claim to be it: more than one when inputs overlap, or when labels are files of
  /// their own.
  struct Source {
    /// The recording's name, which orders the samples of a data set.
    let name: String
    let files: [RawFile]
    /// What a table of labels says is done in it.
    var actions: [LabelTable.Row] = []
  }

  /// The recordings of one shard, at most, in the order of their names.
  struct Run {
    /// The shard's number.
    let index: Int
    let sources: [Source]
    /// A digest of all that decides the shard's content, including when its files last changed.
    let key: String

    var fileCount: Int { sources.reduce(0) { $0 + $1.files.count } }
  }

  /// One run a shard.
  let runs: [Run]
  /// The files whose fate is decided by their names.
  let rows: [ReportRow]
  /// A digest of the recipe and of all files' names and sizes; equal plans make equal data sets.
  let digest: String

  /// The text that a shard is made of, at most, unless a single recording has more: shards of long recordings hold
  /// fewer samples than `--shard-size`, so that memory does not follow the length of recordings.
  static let textPerShard: UInt64 = 128 << 20

  init(of listing: InputListing, recipe: String, options: ConversionOptions) {
    let (sources, rows) = ConversionPlan.sources(of: listing, options: options)
    self.rows = rows
    // Runs of nearly one size, so that no job is left with a large shard while the others are done.
    let size = UInt64(RawFileReader.sizeLimit)
    let text = sources.reduce(0) { $0 + $1.files.reduce(0) { $0 + min($1.claimedBytes, size) } }
    let count = max(
      (sources.count + options.shardSize - 1) / options.shardSize,
      min(sources.count, Int((text + ConversionPlan.textPerShard - 1) / ConversionPlan.textPerShard)))
    runs = (0..<count).map { index in
      let run = Array(sources[(index * sources.count / count)..<((index + 1) * sources.count / count)])
      let facts = run.lazy.flatMap(\.files).map { "\($0.label)\t\($0.claimedBytes)\t\($0.stamp)" }
      return Run(
        index: index, sources: run,
        key: ConversionPlan.digest(recipe, facts))
    }
    let facts = listing.files.lazy.map { "\($0.label)\t\($0.claimedBytes)" }
    digest = ConversionPlan.digest(recipe, facts, listing.strays + listing.refused.map(\.label))
  }

  /// The recordings in order, and the rows of the files that are none.
  private static func sources(
    of listing: InputListing, options: ConversionOptions
  ) -> ([Source], [ReportRow]) {
    let reason = if case .official = options.exclusion { "official-list" } else { "given-list" }
    var rows = listing.strays.map { ReportRow($0, .ignored, reason: "not-a-recording") }
    rows += listing.refused.map {
      ReportRow(
        $0.label, sample: $0.isWanted ? $0.stem : nil, $0.isWanted ? .dropped : .skipped,
        reason: $0.fault.reason.rawValue, detail: $0.fault.detail)
    }
    guard case .published(let dataset) = options.data else {
      return options.data.own.map { recordings in
        let (sources, others) = OwnSources.labelled(
          OwnSources.sources(of: listing.files.filter { !recordings.isLabels($0) }), by: recordings)
        return (sources, rows + others)
      } ?? ([], rows)
    }
    let excluded = options.exclusion.names(of: dataset)
    var files: [String: [RawFile]] = [:]
    for file in listing.files {
      switch dataset.standing(ofRecordingNamed: file.stem) {
      case .misnamed:
        rows.append(
          ReportRow(
            file.label, .dropped, reason: "misnamed",
            detail: "its name is not of the form \(dataset.exampleName)"))
      case .elsewhere:
        rows.append(
          ReportRow(
            file.label, sample: file.stem, .skipped, reason: "other-dataset",
            detail: "no sample of \(dataset.rawValue) has this name"))
      case .member where excluded.contains(file.stem):
        rows.append(ReportRow(file.label, sample: file.stem, .excluded, reason: reason))
      case .member:
        files[file.stem, default: []].append(file)
      }
    }
    return (files.sorted { $0.key < $1.key }.map { Source(name: $0.key, files: $0.value) }, rows)
  }

  /// The digest of the program, the recipe and some lines, none of which is kept.
  private static func digest(
    _ recipe: String, _ lines: some Sequence<String>, _ others: [String] = []
  ) -> String {
    var digest = SHA256Digest()
    digest.update(Generator.name + "\n" + recipe)
    for line in lines { digest.update("\n" + line) }
    for line in others { digest.update("\n" + line) }
    return digest.hex
  }
}
