import Foundation
import Numpy
import Shards
import Skeleton

/// The files of an export while they grow.
struct ExportFiles {
  private let layout: ExportLayout
  private let output: URL
  private let files: [NumpyFile]
  private let replacement: FolderReplacement
  /// Small files that are written whole, after the others.
  private let small: [(url: URL, bytes: [UInt8])]
  /// Where each part's frames go: a file, and an array in it.
  private var places: [String: (frames: (file: Int, array: String), visible: (file: Int, array: String)?)] =
    [:]

  /// Begins the files; those that exist are refused, unless they are to be overwritten.
  init(_ export: Export, of folder: DatasetFolder, _ parts: [ExportPart], in output: URL) throws {
    layout = export.layout
    self.output = output
    var plan = Plan(
      folder: output, frames: export.layout.frameCount(ofProfile: folder.manifest.profile) ?? 0)
    switch export.layout {
    case .nctvm300: plan.addNCTVM(parts, stream: export.stream)
    case .ctrgcn: try plan.addCTRGCN(parts, of: folder, split: export.split)
    case .frames: plan.addFrames(parts, format: export.format)
    }
    if !export.overwrites {
      for url in plan.files.map(\.url) + plan.small.map(\.url)
      where FileManager.default.fileExists(atPath: url.path) {
        throw InputError(
          url.path, found: "a file that is there already", hint: "choose another folder, or give --force",
          kind: .cannotCreate)
      }
    }
    // Other streams may be exported into the same folder at the same time.
    let replacement = try FolderReplacement(
      in: output, named: plan.files[0].url.lastPathComponent, isSharing: true)
    self.replacement = replacement
    files = try plan.files.map { file in
      let url = replacement.url(of: file.url.lastPathComponent)
      return url.pathExtension == "npz"
        ? try NumpyFile(npz: url, file.arrays) : try NumpyFile(npy: url, file.arrays[0])
    }
    small = plan.small
    places = plan.places
    for (index, array, bytes) in plan.columns { try files[index].append(bytes, to: array) }
  }

  /// Adds a sample of a fixed number of frames, (T, M, V, C).
  func append(_ joints: [Float], of part: ExportPart) throws {
    guard let place = places[part.name] else { preconditionFailure("there is no part \(part.name)") }
    let values = layout == .nctvm300 ? ExportFiles.nctvm(joints) : joints
    try files[place.frames.file].append(NPYBytes.of(values), to: place.frames.array)
  }

  /// Adds a sample of its own length.
  func append(_ clip: SampleFrames, of part: ExportPart) throws {
    guard let place = places[part.name], let visible = place.visible else {
      preconditionFailure("there is no part \(part.name) with flags")
    }
    try files[place.frames.file].append(NPYBytes.of(clip.joints), to: place.frames.array)
    try files[visible.file].append(clip.visible, to: visible.array)
  }

  /// Completes all files, and only then gives them their names, together: data never stand beside labels of before.
  func publish() throws -> [(url: URL, contents: [NPYArray])] {
    for file in files { try file.finish() }
    for file in files { try file.publish() }
    for file in small {
      try AtomicFile.write(Data(file.bytes), to: replacement.url(of: file.url.lastPathComponent))
    }
    let contents =
      files.map { ($0.url.lastPathComponent, $0.arrays) } + small.map { ($0.url.lastPathComponent, []) }
    try replacement.publish(contents.map(\.0))
    return contents.map { (output.appendingPathComponent($0), $1) }
  }

  /// (T, M, V, C) as (C, T, V, M).
  static func nctvm(_ joints: [Float]) -> [Float] {
    let (bodies, count, axes) = (Kinect25.bodyCount, Kinect25.jointCount, Kinect25.coordinateCount)
    let frames = joints.count / SampleFrames.frameSize
    var result = [Float](repeating: 0, count: joints.count)
    var source = 0
    for frame in 0..<frames {
      for body in 0..<bodies {
        for joint in 0..<count {
          for axis in 0..<axes {
            result[((axis * frames + frame) * count + joint) * bodies + body] = joints[source]
            source += 1
          }
        }
      }
    }
    return result
  }
}

/// Which arrays there will be, in which files.
private struct Plan {
  let folder: URL
  var files: [(url: URL, arrays: [NPYArray])] = []
  var small: [(url: URL, bytes: [UInt8])] = []
  var places: [String: (frames: (file: Int, array: String), visible: (file: Int, array: String)?)] = [:]
  /// Arrays that are known before any frame: file, name, bytes.
  var columns: [(file: Int, array: String, bytes: [UInt8])] = []

  /// The frames of every sample; 0 where each has its own.
  let frames: Int

  init(folder: URL, frames: Int) {
    self.folder = folder
    self.frames = frames
  }

  private func url(_ name: String) -> URL { folder.appendingPathComponent(name) }

  /// An npy file of one array, which is known.
  private mutating func add(_ column: (array: NPYArray, bytes: [UInt8]), file name: String) {
    columns.append((files.count, column.array.name, column.bytes))
    files.append((url(name), [column.array]))
  }

  mutating func addNCTVM(_ parts: [ExportPart], stream: ExportStream) {
    for part in parts {
      let count = part.samples.count
      // The programs of this layout call the test samples `val`.
      let title = part.name == EvaluationProtocol.Part.test.rawValue ? "val" : part.name
      places[part.name] = ((files.count, "data"), nil)
      let shape = [
        count, Kinect25.coordinateCount, frames, Kinect25.jointCount, Kinect25.bodyCount,
      ]
      files.append((url("\(title)_data_\(stream.rawValue).npy"), [NPYArray("data", .float32, shape: shape)]))
      // Other streams of the same samples lie beside the joints, whose labels and counts are theirs.
      guard stream == .joint else { continue }
      let lengths = NPYBytes.of(part.samples.map { Int64($0.length) })
      add((NPYArray("num_frame", .int64, shape: [count]), lengths), file: "\(title)_num_frame.npy")
      let pickle = LabelPickle(
        // The reference stores the names of the files that it read; a sample of PKU-MMD is no file.
        names: part.samples.map { SampleName($0.name) == nil ? $0.name : $0.name + ".skeleton" },
        labels: part.samples.map(\.label))
      small.append((url("\(title)_label.pkl"), pickle.bytes))
    }
  }

  mutating func addCTRGCN(_ parts: [ExportPart], of folder: DatasetFolder, split: String?) throws {
    let known = SkeletonDataset(rawValue: folder.manifest.dataset)?.classCount ?? 0
    let classes = max(known, (parts.flatMap(\.samples).map(\.label).max() ?? -1) + 1)
    var arrays: [NPYArray] = []
    for part in parts {
      let count = part.samples.count
      arrays.append(
        NPYArray(
          "x_\(part.name)", .float32, shape: [count, frames, SampleFrames.frameSize]))
      places[part.name] = ((0, "x_\(part.name)"), nil)
      var oneHot = [Double](repeating: 0, count: count * classes)
      for (index, sample) in part.samples.enumerated() {
        guard sample.label >= 0 else {
          throw InputError(
            sample.name, found: "a sample without a class", expected: "one, for the layout ctrgcn",
            hint: "untrimmed recordings can be exported with --layout frames")
        }
        oneHot[index * classes + sample.label] = 1
      }
      arrays.append(NPYArray("y_\(part.name)", .float64, shape: [count, classes]))
      columns.append((0, "y_\(part.name)", NPYBytes.of(oneHot)))
      let names = part.nameColumn("name_\(part.name)")
      arrays.append(names.array)
      columns.append((0, names.array.name, names.bytes))
    }
    let name = [folder.manifest.dataset, split ?? "all"].joined(separator: "_")
    files.append((url("\(name).npz"), arrays))
  }

  mutating func addFrames(_ parts: [ExportPart], format: ExportFormat) {
    for part in parts {
      let rows = part.samples.reduce(0) { $0 + $1.length }
      let joints = [Kinect25.bodyCount, Kinect25.jointCount]
      let frames = NPYArray("frames", .float32, shape: [rows] + joints + [Kinect25.coordinateCount])
      let visible = NPYArray("visible", .uint8, shape: [rows] + joints)
      let first = files.count
      switch format {
      case .npz:
        places[part.name] = ((first, "frames"), (first, "visible"))
        files.append((url("\(part.name).npz"), [frames, visible] + part.columns.map(\.array)))
        columns += part.columns.map { (first, $0.array.name, $0.bytes) }
      case .npy:
        places[part.name] = ((first, "frames"), (first + 1, "visible"))
        files.append((url("\(part.name)_frames.npy"), [frames]))
        files.append((url("\(part.name)_visible.npy"), [visible]))
        for column in part.columns { add(column, file: "\(part.name)_\(column.array.name).npy") }
      }
    }
  }
}
