import ArgumentParser
import Commands
import Foundation
import Preparation
import Reporting
import Skeleton

/// `skelprep verify`.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Looks for everything that can be wrong with a data set.",
    discussion: """
      Recounts, rehashes every file, reads every value, and compares manifest, shards, splits and report with each \
      other. With --parent it makes a variant's masks again and compares every value. With --against it compares with \
      somebody's array, and prints the largest difference and where it is: an .npy, .npz or .h5 of the shape \
      (N, 3, T, 25, 2), (N, T, 150), (N, T, 2, 25, 3) or (F, 2, 25, 3). Samples are taken to be in the order of the \
      data set, or of the --part of a --split, unless --names or a label file tells their order; with --order ctrgcn in \
      that of CTR-GCN, whose files tell none. All that is wrong is \
      named, and the exit status is 65 then.

      EXAMPLE
        skelprep verify ntu60
        skelprep verify ntu60 --against xview/train_data_joint.npy --labels xview/train_label.pkl
      """)

  @Argument(help: "The data set's folder.")
  var dataset: String

  @Option(help: "The data set that this one is a variant of.")
  var parent: String?

  @Option(help: "An array to compare with: .npy, .npz or .h5.")
  var against: String?

  @Option(help: "Which array of an .npz or .h5 file.")
  var datasetPath: String?

  @Option(help: "The names in the array's order: a text file with one a line, an .npy, or a label file.")
  var names: String?

  @Option(help: "The array's classes: a label file (.pkl) with names, or an .npy of whole numbers.")
  var labels: String?

  @Option(help: "The split whose samples the array has.")
  var split: String?

  @Option(help: "The part of the split: train or test; both, in this order, unless given.")
  var part: EvaluationProtocol.Part?

  @Option(help: "The order of the split's samples, where no names tell it: dataset or ctrgcn.")
  var order = SampleOrdering.dataset

  @Option(help: "Differences up to this are none.")
  var tolerance: Float = 1e-5

  @Flag(help: "Print JSON.")
  var json = false

  @Option(help: "Shards read at the same time.")
  var jobs = usualJobs

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard tolerance >= 0 else { throw ValidationError("--tolerance is a number from 0") }
    let isAlone = datasetPath == nil && names == nil && labels == nil && split == nil && part == nil
    guard against != nil || isAlone else {
      throw ValidationError("--dataset-path, --names, --labels, --split and --part belong to --against")
    }
    guard order == .dataset || split != nil && names == nil else {
      throw ValidationError("--order belongs to --split, and not beside --names")
    }
    guard part == nil || split != nil else { throw ValidationError("--part belongs to --split") }
  }

  /// Both results.
  private struct Result: Encodable {
    let verification: Verification
    let comparison: Comparison?
  }

  private func verified() throws -> Verification {
    let verification = try Verification(dataset, parent: parent, jobs: jobs, progress: common.mode)
    if !json { common.say(verification) }
    return verification
  }

  func run() throws {
    let verification: Verification
    var comparison: Comparison?
    if let against {
      // What is wrong with the array's file is said before the data set is read, which may take an hour.
      let plan = try Comparison.Plan(
        Comparison.Options(
          file: against, path: datasetPath, names: names, labels: labels, split: split, part: part,
          order: order, tolerance: tolerance), of: dataset)
      verification = try verified()
      comparison = try plan.run(progress: common.mode)
    } else {
      verification = try verified()
    }
    if let comparison, !json {
      common.say(comparison)
      let count = verification.faults.count
      if count > 0 {
        common.say("\(count) \(count == 1 ? "thing is" : "things are") wrong with the data set itself")
      }
    }
    if json { try printJSON(Result(verification: verification, comparison: comparison)) }
    if !verification.faults.isEmpty || comparison?.agrees == false {
      throw ExitCode(InputError.Kind.badData.rawValue)
    }
  }
}
