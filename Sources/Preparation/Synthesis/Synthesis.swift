import Foundation
import Formats
import Reporting
import Shards
import Skeleton

/// A folder of raw text that was never recorded: for demonstrations, and for tests that know the truth.
public struct Synthesis: Sendable {
  /// The data set whose names and class numbers are used.
  public var dataset: SkeletonDataset
  /// How many samples.
  public var samples: Int
  /// How many classes; samples are shared out among them in turn.
  public var classes: Int
  /// The same seed gives the same bytes.
  public var seed: UInt64
  /// Whether files that a reader must survive are added, with `truth.json` about them.
  public var addsDefects: Bool
  /// How many threads write.
  public var jobs: Int
  /// Among how many setups the samples of a pass over all subjects are spread, so that they can be split by setups.
  public var setups = 1

  /// A synthesis, with the usual values set.
  public init(
    dataset: SkeletonDataset = .ntu60, samples: Int = 200, classes: Int = 10, seed: UInt64 = 1,
    addsDefects: Bool = false, jobs: Int = 1
  ) {
    self.dataset = dataset
    self.samples = samples
    self.classes = classes
    self.seed = seed
    self.addsDefects = addsDefects
    self.jobs = jobs
  }

  /// Writes the folder, which must be empty or not be there, or be what an interrupted run with these settings left.
  ///
  /// - Returns: the number of files of text.
  /// - Throws: `InputError` for settings out of range or a folder that holds something.
  @discardableResult
  public func write(to path: String, progress: ProgressMode = .none) throws -> Int {
    let classes = try SyntheticClasses(count: self.classes, dataset: dataset)
    let names = try names(of: classes)
    let folder = try begin(path)
    let line = ProgressLine(total: names.count, unit: "samples", mode: progress, label: "synthesize")
    try WorkerPool.run(over: names, jobs: jobs) { next in
      while let name = next() {
        let file = folder.url.appendingPathComponent("\(name).skeleton")
        // Not synced, which for ten thousand files would take longer than making them again.
        try AtomicFile.write(Data(text(of: name, classes: classes)), to: file, isSynced: false)
        line.advance(by: 1)
      }
    }
    line.finish()
    var files = names.count
    if addsDefects {
      files += try SyntheticDefects(dataset: dataset).write(to: folder.url, goodSamples: names.count)
    }
    try OutputFolder.remove(folder.work)
    return files
  }

  /// Takes the folder, and notes the settings in it until it is finished.
  private func begin(_ path: String) throws -> OutputFolder {
    let settings =
      "\(dataset.rawValue) samples \(samples) classes \(classes) seed \(seed) defects \(addsDefects)"
      + (setups == 1 ? "" : " setups \(setups)")
    let folder = try OutputFolder(path)
    let note = folder.work.appendingPathComponent("synthesis")
    let found = try Disk.names(in: folder.url)
    if found.contains(where: { $0 != folder.work.lastPathComponent }) {
      let begun = (try? Disk.read(note)).map { String(decoding: $0, as: UTF8.self) }
      guard begun == settings else {
        if begun == nil { try OutputFolder.remove(folder.work) }
        throw InputError(
          path, found: begun.map { "an unfinished folder of \($0)" } ?? "a folder with something in it",
          expected: "an empty one", kind: .cannotCreate)
      }
    }
    try AtomicFile.write(Data(settings.utf8), to: note)
    return folder
  }

  /// The names, which avoid the official list of missing skeletons and the setup that defects have.
  ///
  /// A performance is seen by all three cameras before the next subject's comes, so that few samples already cover
  /// both sides of every protocol.
  func names(of classes: SyntheticClasses) throws -> [SampleName] {
    let missing = Set(dataset.samplesWithMissingSkeletons)
    let most = SyntheticDefects.setup(of: dataset) - 1
    guard (1...most).contains(setups) else {
      throw InputError("--setups", found: "\(setups)", expected: "1 to \(most) for \(dataset.rawValue)")
    }
    var names: [SampleName] = []
    names.reserveCapacity(max(0, min(samples, 1 << 20)))
    for pass in 0..<most {
      // Passes go through a block of setups, in each of which every subject has another one.
      let first = pass / setups * setups
      let block = min(setups, most - first)
      for replication in 1...2 {
        for subject in 1...dataset.subjectCount {
          let setup = first + 1 + (subject - 1 + pass) % block
          for camera in 1...3 {
            for action in classes.actions where names.count < samples {
              let name = SampleName(
                setup: setup, camera: camera, subject: subject, replication: replication, action: action)
              if !missing.contains("\(name)") { names.append(name) }
            }
          }
        }
      }
    }
    guard samples >= 1, names.count == samples else {
      throw InputError(
        "--samples", found: "\(samples)",
        expected: "1 to \(names.count) with \(classes.actions.count) classes")
    }
    return names
  }

  /// A sample's text.
  private func text(of name: SampleName, classes: SyntheticClasses) -> [UInt8] {
    let performance = Performance(name, classes: classes, seed: seed)
    var camera = Camera(of: name, seed: seed)
    var writer = NTUSkeletonWriter(frameCount: performance.frameCount)
    for frame in 0..<performance.frameCount {
      writer.beginFrame(bodyCount: performance.personCount)
      for person in 0..<performance.personCount {
        writer.append(
          bodyID: SyntheticDefects.firstBodyID + UInt64(person),
          joints: camera.sees(performance.joints(ofPerson: person, frame: frame)))
      }
    }
    return writer.text
  }
}
