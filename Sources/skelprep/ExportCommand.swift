import ArgumentParser
import Commands
import Preparation
import Reporting

extension ExportLayout: ExpressibleByArgument {}
extension ExportFormat: ExpressibleByArgument {}
extension ExportStream: ExpressibleByArgument {}
extension FramePadding: ExpressibleByArgument {}
extension SampleOrdering: ExpressibleByArgument {}

/// `skelprep export`.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes a data set as the arrays that other programs read.",
    discussion: """
      nctvm300, for 2s-AGCN, skeleton-contrast, CMD and PCM3: train_data_joint.npy (N, 3, 300, 25, 2), \
      train_label.pkl (names, labels) and train_num_frame.npy; the test part is called val. ctrgcn, for CTR-GCN, \
      InfoGCN and MAMP: one npz of x_train (N, 300, 150), y_train (one-hot), x_test and y_test. frames, for your own: \
      frames (F, 2, 25, 3), visible, start, length, label and name, without padding. Samples are in the order of the \
      data set, or with --order ctrgcn in that of CTR-GCN; without --split there is one part, all.

      EXAMPLE
        skelprep export ntu60 --layout nctvm300 --split xview ntu60-xview
      """)

  @Argument(help: "The data set's folder.")
  var dataset: String

  @Argument(help: "The folder that gets the files.")
  var output: String

  @Option(help: "Whose arrays: \(ExportLayout.allCases.map(\.rawValue).joined(separator: ", ")).")
  var layout: ExportLayout

  @Option(help: "The kind of file: npy or npz; the layout's own unless given.")
  var to: ExportFormat?

  @Option(help: "The split whose sides become arrays of their own.")
  var split: String?

  @Option(help: "joint, bone, joint_motion or bone_motion; the last three for nctvm300 only.")
  var stream = ExportStream.joint

  @Option(
    help: "How clips are filled up to 300 frames: loop or zero; as the profile's programs do unless given.")
  var padding: FramePadding?

  @Option(
    help:
      "The order of a split's samples: dataset, by name, or ctrgcn, by subject, camera or setup as CTR-GCN has them."
  )
  var order = SampleOrdering.dataset

  @Flag(help: "Write over files that are there.")
  var force = false

  @OptionGroup var common: CommonOptions

  func run() throws {
    let export = try Export(
      layout: layout, format: to, split: split, stream: stream, order: order,
      padding: padding, overwrites: force)
    common.say(try export.write(dataset, to: output, progress: common.mode))
  }
}
