import ArgumentParser
import Batches
import Evaluation
import Foundation
import Preparation
import Reporting
import Shards
import Skeleton

/// `skeltrain predict`
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell what one recording shows, or what happens when in an untrimmed one.",
    discussion: """
      Examples:

        skeltrain predict S001C001P001R001A023.skeleton --checkpoint run --head run-linear
        skeltrain predict 0291-L.txt --checkpoint run --head run-detection --json
        skeltrain predict --from data --sample S001C001P001R001A023 --checkpoint run --head run-linear

      The head is what an evaluation left beside its result: of `evaluate linear` it names the likeliest classes with \
      their probabilities, of `evaluate detection` it makes a timeline. A raw recording is normalized as the data set was \
      that the head learned from.
      """)

  @Argument(help: "A raw recording: a .skeleton or PKU-MMD text, or a folder or archive with --sample.")
  var recording: String?

  @Option(name: .customLong("from"), help: "Take the sample from this data set instead of a raw recording.")
  var folder: String?

  @Option(help: "The name of the sample, or of the recording in a folder or archive.")
  var sample: String?

  @OptionGroup var encoder: EncoderOptions

  @Option(help: "The folder of an evaluation, or its head.safetensors.")
  var head: String

  @Option(help: "How many classes are listed.")
  var top = 5

  @Flag(help: "Print JSON instead of a table.")
  var json = false

  func validate() throws {
    guard (recording == nil) != (folder == nil) else {
      throw ValidationError("give either a raw recording or --from with --sample")
    }
    if folder != nil && sample == nil { throw ValidationError("--from needs --sample") }
    if top < 1 { throw ValidationError("--top must be at least 1") }
  }

  func run() throws {
    let (file, head) = (head, try TrainedHead(contentsOf: URL(fileURLWithPath: head)))
    let predictor = try Predictor(head, encoders: encoder.encoders(branch: head.branch))
    let (name, clip) = try clip(for: head, from: file)
    let report = PredictionReport(try predictor(clip), of: name, by: head, count: top)
    guard json else { return printVisible(report.text) }
    print(String(decoding: try report.json, as: UTF8.self), terminator: "")
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
    return (
      raw.name, SkeletonClip(frames: raw.frames, from: 0, count: raw.frames.count / SkeletonClip.width)
    )
  }
}
