import ArgumentParser
import Batches
import Commands
import Evaluation
import Foundation
import Preparation
import Reporting
import Shards
import Skeleton

/// `skeltrain predict`
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell what recordings show, or what happens when in untrimmed ones.",
    discussion: """
      Examples:

        skeltrain predict S001C001P001R001A023.skeleton --checkpoint run --head run-linear
        skeltrain predict 0291-L.txt --checkpoint run --head run-detection --json
        skeltrain predict recordings --checkpoint run --head run-linear > predictions.csv
        skeltrain predict --from data --sample S001C001P001R001A023 --checkpoint run --head run-linear

      The head is what an evaluation left beside its result: of `evaluate linear` it names the likeliest classes with \
      their probabilities, of `evaluate detection` it makes a timeline. A raw recording is normalized as the data set was \
      that the head learned from. Of a folder or archive with several recordings, all are predicted: a line of CSV each, or \
      with --json a line of JSON; one that cannot be read is named on standard error, and the exit status is 1 then.
      """)

  @Argument(
    help:
      "A raw recording: a .skeleton or PKU-MMD text; or a folder or archive of some, of which --sample names one."
  )
  var recording: String?

  @Option(name: .customLong("from"), help: "Take the sample from this data set instead of a raw recording.")
  var folder: String?

  @Option(help: "The name of the sample, or of the recording in a folder or archive.")
  var sample: String?

  @OptionGroup var encoder: EncoderOptions

  @Option(help: "The folder of an evaluation, or its head.safetensors.")
  var head: String

  @Option(help: "How many classes are listed; 5 of one recording and 1 of each of several unless given.")
  var top: Int?

  @Flag(help: "Print JSON instead of a table, or lines of JSON instead of CSV.")
  var json = false

  @OptionGroup var common: CommonOptions
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    guard (recording == nil) != (folder == nil) else {
      throw ValidationError("give either a raw recording or --from with --sample")
    }
    if folder != nil && sample == nil { throw ValidationError("--from needs --sample") }
    if let top, top < 1 { throw ValidationError("--top must be at least 1") }
  }

  func run() throws {
    let (file, head) = (head, try TrainedHead(contentsOf: URL(fileURLWithPath: head)))
    let predictor = try Predictor(head, encoders: encoder.encoders(branch: head.branch))
    if let recording, sample == nil {
      let all = try PreparedRecordings(recording, recipe: head.conversion, in: file)
      if all.names.count > 1 { return try predict(all, predictor) }
    }
    let (name, clip) = try clip(for: head, from: file)
    let report = PredictionReport(try predictor(clip), of: name, by: head, count: top ?? 5)
    guard json else { return printVisible(report.text) }
    print(String(decoding: try report.json, as: UTF8.self), terminator: "")
  }

  /// Prints a line for each of many recordings; what cannot be read is said, and the others go on.
  private func predict(_ recordings: PreparedRecordings, _ predictor: Predictor) throws {
    if !json { print(PredictionReport.csvHeader(of: predictor.head)) }
    let line = ProgressLine(
      total: recordings.names.count, unit: "recordings", mode: common.mode, label: "predict")
    var failures = 0
    for name in recordings.names {
      do {
        let prediction = try predictor(Self.clip(try recordings.recording(name)))
        let report = PredictionReport(prediction, of: name, by: predictor.head, count: top ?? 1)
        if json { print(try report.jsonLine) } else { report.csvLines.forEach { print($0) } }
      } catch let error as InputError where error.kind == .badData {
        failures += 1
        line.note("left out: \(error)")
      }
      line.advance()
    }
    line.finish()
    guard failures == 0 else {
      throw CommandFailure(
        "\(failures) of \(recordings.names.count) recordings cannot be read", status: .partial)
    }
  }

  private static func clip(_ raw: PreparedRecording) -> SkeletonClip {
    SkeletonClip(frames: raw.frames, from: 0, count: raw.frames.count / SkeletonClip.width)
  }

  /// The recording as the head's data set would have it.
  private func clip(for head: TrainedHead, from file: String) throws -> (name: String, SkeletonClip) {
    if let folder, let sample {
      let data = try DatasetFolder(URL(fileURLWithPath: folder))
      let clip = try StoredRecording.clip(
        of: sample, in: data, for: head, isAccepted: encoder.acceptOtherProfile)
      if let (here, there) = try DataKind(data.manifest).difference(from: head.kind) {
        EncoderOptions.say(["accepted: the sample is \(here), and the head was trained on samples \(there)"])
      }
      return (sample, clip)
    }
    let raw = try PreparedRecording(recording ?? "", named: sample, recipe: head.conversion, in: file)
    return (raw.name, Self.clip(raw))
  }
}
