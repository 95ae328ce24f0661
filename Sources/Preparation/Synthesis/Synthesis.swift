import Foundation
import Formats
import Reporting
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

  /// Writes the folder, which must be empty or not be there.
  ///
  /// - Returns: the number of files of text.
  /// - Throws: ``InputError`` for settings out of range or a folder that holds something.
  @discardableResult
  public func write(to path: String, progress: ProgressMode = .none) throws -> Int {
    let classes = try SyntheticClasses(count: self.classes, dataset: dataset)
    let names = try names(of: classes)
    let folder = URL(fileURLWithPath: path, isDirectory: true)
    if let found = try? FileManager.default.contentsOfDirectory(atPath: path), !found.isEmpty {
      throw InputError(
        path, found: "a folder with something in it", expected: "an empty one", kind: .cannotCreate)
    }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw InputError(path, found: "a folder that cannot be made", kind: .cannotCreate)
    }
    let line = ProgressLine(total: names.count, unit: "samples", mode: progress, label: "synthesize")
    try WorkerPool.run(over: names, jobs: jobs) { next in
      while let name = next() {
        let file = folder.appendingPathComponent("\(name).skeleton")
        do {
          // Not atomic and not synced, which for ten thousand files would take longer than making them.
          try Data(text(of: name, classes: classes)).write(to: file)
        } catch {
          throw InputError(file.path, found: error.localizedDescription, kind: .inputOutput)
        }
        line.advance(by: 1)
      }
    }
    line.finish()
    guard addsDefects else { return names.count }
    return names.count + (try SyntheticDefects(dataset: dataset).write(to: folder, goodSamples: names.count))
  }

  /// The names, which avoid the official list of missing skeletons and the setup that defects have.
  ///
  /// A performance is seen by all three cameras before the next subject's comes, so that few samples already cover
  /// both sides of every protocol.
  func names(of classes: SyntheticClasses) throws -> [SampleName] {
    let missing = Set(dataset.samplesWithMissingSkeletons)
    let setups = SyntheticDefects.setup(of: dataset) - 1
    var names: [SampleName] = []
    names.reserveCapacity(max(0, min(samples, 1 << 20)))
    for setup in 1...setups {
      for replication in 1...2 {
        for subject in 1...dataset.subjectCount {
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
