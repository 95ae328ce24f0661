import ArgumentParser
import Formats
import Foundation
import Preparation
import Reporting
import Skeleton

/// A conversion against merely inflating the same archive and against Python, and where its time goes.
struct PrepBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prep",
    abstract: "Time a conversion, stage by stage and as a whole, against `unzip -p` and a Python script.",
    discussion: """
      Whole programs, from start to end, take turns; the tables have medians. On a machine that does other things too, \
      the seconds of processor say more than those of the clock. `skelprep` is the one beside this program.

        skelbench prep recordings.zip --dataset ntu60 --python Tests/Peers/agcn.py --scale 1000,10000
      """)

  @Argument(help: "A .zip archive of recordings.")
  var archive: String

  @Option(help: "The data set that the recordings belong to: ntu60 or ntu120.")
  var dataset: String

  @Option(help: "How often each is measured.")
  var rounds = 5

  @Option(help: "A script that is given a folder of .skeleton files and an output folder.")
  var python: String?

  @Option(help: "Numbers of samples, such as 1000,10000: converts that many copies of the recordings.")
  var scale: String?

  func run() throws {
    guard let dataset = SkeletonDataset(rawValue: dataset) else {
      throw ValidationError("--dataset is ntu60 or ntu120")
    }
    let counts = try (scale ?? "").split(separator: ",").map { word in
      guard let count = Int(word), count > 0 else {
        throw ValidationError("--scale is a list of whole numbers")
      }
      return count
    }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "skelbench-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let unpacked = try unpack(into: folder.appendingPathComponent("unpacked"))

    try printWholes(unpacked: unpacked.folder, in: folder)
    if !counts.isEmpty { try printScale(counts, unpacked.files, in: folder) }
    // Last, because a child's peak memory counts what this program held when it was started.
    try printStages(dataset, in: folder)
    try printAlone(dataset, unpacked: unpacked.folder, in: folder)
  }

  /// Whole programs on the same recordings.
  private func printWholes(unpacked: URL, in folder: URL) throws {
    let output = folder.appendingPathComponent("out")
    let cores = ProcessInfo.processInfo.activeProcessorCount
    var programs: [(name: String, words: [String])] = []
    if let python { programs.append(("python, 1 core", ["python3", python, unpacked.path, output.path])) }
    programs.append(("unzip -p, 1 core", ["unzip", "-p", archive]))
    for jobs in Set([1, cores]).sorted() {
      programs.append(
        ("skelprep convert, \(jobs) jobs", try skelprep(archive, to: output, ["--jobs", "\(jobs)"])))
    }
    var runs = [[ChildProcess]](repeating: [], count: programs.count)
    for _ in 0..<rounds {
      for (index, program) in programs.enumerated() {
        try? FileManager.default.removeItem(at: output)
        runs[index].append(try ChildProcess.run(program.words))
      }
    }
    let base = median(runs[0].map(\.wall))
    print(
      TextTable(
        header: ["program", "seconds", "processor s", "peak MB", "\(programs[0].name) /"],
        rows: zip(programs, runs).map { program, runs in
          let wall = median(runs.map(\.wall))
          return [
            program.name, String(format: "%.3f", wall), String(format: "%.3f", median(runs.map(\.processor))),
            String(format: "%.0f", median(runs.map(\.peakMegabytes))), String(format: "%.1f", base / wall),
          ]
        }))
  }

  /// The work without the programs' starts: loading libraries here, and numpy there.
  private func printAlone(_ dataset: SkeletonDataset, unpacked: URL, in folder: URL) throws {
    /// What the script prints.
    struct Timing: Decodable { let read, normalize, write: Double }
    let output = folder.appendingPathComponent("out")
    let jobs = ProcessInfo.processInfo.activeProcessorCount
    var (ours, theirs): ([Double], [Double]) = ([], [])
    for _ in 0..<rounds {
      try? FileManager.default.removeItem(at: output)
      let options = ConversionOptions(
        inputs: [archive], dataset: dataset, output: output.path, exclusion: .none, jobs: jobs)
      let start = DispatchTime.now().uptimeNanoseconds
      _ = try Pipeline(options).run()
      ours.append(Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9)
      guard let python else { continue }
      let run = try ChildProcess.run(["python3", python, unpacked.path, output.path], keepsOutput: true)
      let timing = try JSONDecoder().decode(Timing.self, from: Data(run.output.utf8))
      theirs.append(timing.read + timing.normalize + timing.write)
    }
    let convert = median(ours)
    var rows = [["convert, \(jobs) jobs", String(format: "%.3f", convert), "1.0"]]
    if python != nil {
      let script = median(theirs)
      rows.append(["python", String(format: "%.3f", script), String(format: "%.1f", script / convert)])
    }
    print("")
    print(TextTable(header: ["without program start", "seconds", "/ convert"], rows: rows))
  }

  /// One conversion for each number of samples.
  private func printScale(_ counts: [Int], _ files: [URL], in folder: URL) throws {
    var rows: [[String]] = []
    for count in counts {
      let input = folder.appendingPathComponent("copies")
      let output = folder.appendingPathComponent("out")
      for old in [input, output] { try? FileManager.default.removeItem(at: old) }
      try FileManager.default.createDirectory(at: input, withIntermediateDirectories: true)
      let names = copyNames(count)
      for (index, name) in names.enumerated() {
        try FileManager.default.linkItem(
          at: files[index % files.count], to: input.appendingPathComponent("\(name).skeleton"))
      }
      let run = try ChildProcess.run(try skelprep(input.path, to: output, []))
      rows.append([
        "\(count)", String(format: "%.1f", run.wall), String(format: "%.1f", run.processor),
        String(format: "%.0f", Double(count) / run.processor), String(format: "%.0f", run.peakMegabytes),
      ])
    }
    print("")
    print(
      TextTable(header: ["samples", "seconds", "processor s", "samples/s a core", "peak MB"], rows: rows))
  }

  /// As many names of the data set as are asked for.
  private func copyNames(_ count: Int) -> [String] {
    (0..<count).map { index in
      let (actions, subjects, cameras) = (60, 40, 3)
      return String(
        format: "S%03dC%03dP%03dR%03dA%03d", 1 + index / (actions * subjects * cameras * 2) % 17,
        1 + index / (actions * subjects) % cameras, 1 + index / actions % subjects,
        1 + index / (actions * subjects * cameras) % 2, 1 + index % actions)
    }
  }

  private func printStages(_ dataset: SkeletonDataset, in folder: URL) throws {
    var runs: [PreparationStages] = []
    for round in 0...rounds {
      let output = folder.appendingPathComponent("stages-\(round)")
      let stages = try PreparationStages(input: archive, dataset: dataset, folder: output)
      try? FileManager.default.removeItem(at: output)
      // The first one warms caches up.
      if round > 0 { runs.append(stages) }
    }
    guard let first = runs.first else { return }
    let medians = first.seconds.indices.map { index in median(runs.map { $0.seconds[index].seconds }) }
    let whole = medians.reduce(0, +)
    let megabytes = Double(first.textBytes) * 1e-6
    func row(_ name: String, _ seconds: Double, _ meaning: String) -> [String] {
      [
        name, String(format: "%.3f", seconds), String(format: "%.0f", megabytes / seconds),
        String(format: "%.0f %%", 100 * seconds / whole), meaning,
      ]
    }
    print("")
    print(
      TextTable(
        header: ["stage", "processor s", "MB/s of text", "share", "what it does"],
        rows: zip(first.seconds, medians).map {
          row($0.stage, $1, PreparationStages.meanings[$0.stage] ?? "")
        }
          + [row("all", whole, String(format: "%d samples, %.1f MB of text", first.samples, megabytes))]))
  }

  /// Writes the archive's recordings as files.
  private func unpack(into folder: URL) throws -> (folder: URL, files: [URL]) {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let reader = RawFileReader()
    var text: [UInt8] = []
    let files = try InputListing(inputs: [archive], extensions: ["skeleton"]).files.map { file in
      try reader.read(file, into: &text)
      let url = folder.appendingPathComponent("\(file.stem).skeleton")
      try Data(text).write(to: url)
      return url
    }
    guard !files.isEmpty else { throw ValidationError("\(archive) holds no .skeleton files") }
    return (folder, files)
  }

  /// The words of a conversion by the skelprep that stands beside this program.
  private func skelprep(_ input: String, to output: URL, _ others: [String]) throws -> [String] {
    let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let skelprep = URL(fileURLWithPath: program).deletingLastPathComponent().appendingPathComponent(
      "skelprep")
    guard FileManager.default.isExecutableFile(atPath: skelprep.path) else {
      throw ValidationError("\(skelprep.path) is missing; build it the same way as this program")
    }
    return [
      skelprep.path, "convert", input, "--dataset", dataset, "--exclude", "none", "--progress", "none",
      "--output",
      output.path,
    ] + others
  }
}
