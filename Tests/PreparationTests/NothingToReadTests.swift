import Foundation
import Preparation
import Shards
import Skeleton
import Testing

/// Conversions of which nothing comes: what the message says, and what it advises.
@Suite struct NothingToReadTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func failure(
    _ input: String, _ dataset: SkeletonDataset = .ntu60, exclusion: Exclusion = .official
  ) throws -> InputError? {
    let options = ConversionOptions(
      inputs: [folder.path(input)], dataset: dataset, output: folder.path("out"), exclusion: exclusion)
    let error = #expect(throws: InputError.self) { try Pipeline(options).run() }
    return error
  }

  private func write(_ text: String, _ path: String) throws {
    let url = folder.url.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  /// Archives and folders of which every member is refused for a reason that is known.
  @Test func theReasonIsNamed() throws {
    let program = """
      import os, sys, zipfile
      root = sys.argv[1]
      name, text = 'S001C001P001R001A001.skeleton', b'1\\n0\\n'
      def archive(path, name=name, method=zipfile.ZIP_STORED):
          with zipfile.ZipFile(os.path.join(root, path), 'w', method) as z: z.writestr(name, text)
      archive('plain.zip')
      data = bytearray(open(root + '/plain.zip', 'rb').read())
      for signature, flags in ((b'PK\\1\\2', 8), (b'PK\\3\\4', 6)): data[data.find(signature) + flags] |= 1
      open(root + '/password.zip', 'wb').write(data)
      archive('bzip2.zip', method=zipfile.ZIP_BZIP2)
      with zipfile.ZipFile(root + '/backslash.zip', 'w') as z:
          info = zipfile.ZipInfo('x'); info.filename = 'ntu' + chr(92) + name
          z.writestr(info, text)
      with zipfile.ZipFile(root + '/nested.zip', 'w') as z: z.write(root + '/plain.zip', 'inner.zip')
      os.makedirs(root + '/there'); os.makedirs(root + '/links'); open(root + '/there/' + name, 'wb').write(text)
      os.symlink('../there', root + '/links/ntu')
      os.makedirs(root + '/packed'); open(root + '/packed/ntu.tar.xz', 'wb').write(text)
      """
    guard try Python.run(program, needing: "zipfile", [folder.url.path]) != nil else { return }
    for (input, reason, advice) in [
      ("password.zip", "a password", "7z x"), ("bzip2.zip", "method 12 (bzip2)", "unpack it"),
      ("backslash.zip", "a backslash", "unpack it"),
      ("nested.zip", "an archive inside an archive", "unpack the outer"),
      ("links", "a link to a folder", "leads to"), ("packed", "an archive of a kind", "unpack it"),
    ] {
      let error = try failure(input)
      #expect(
        error?.kind == .noInput && error?.found.contains(reason) == true, "\(input): \(error?.found ?? "")")
      #expect(error?.hint.contains(advice) == true, "\(input): \(error?.hint ?? "")")
    }
  }

  @Test func anotherFamilyOfFilesIsNamed() throws {
    try write("1\n0\n", "ntu/S001C001P001R001A001.skeleton")
    try write("0 0\n", "pku/0002-L.txt")
    try write("read me", "notes/a.md")
    #expect(try failure("ntu", .pkummd1)?.hint.contains("--dataset ntu60") == true)
    #expect(try failure("pku", .ntu60)?.hint.contains("--dataset pkummd1") == true)
    let notes = try failure("notes")
    #expect(notes?.found.contains("another file, notes/a.md") == true)
    #expect(notes?.hint.contains("INPUT is a folder") == true)
  }

  /// What is no data set is told from half a data set, and a data set from what it is made of.
  @Test func dataSetsAreToldFromTheirParts() throws {
    try Synthesis(samples: 3, classes: 3).write(to: folder.path("raw"))
    _ = try Pipeline(
      ConversionOptions(inputs: [folder.path("raw")], dataset: .ntu60, output: folder.path("data"))
    ).run()
    #expect(try failure("data")?.hint.contains("converted already") == true)
    func hint(_ path: String) throws -> String {
      let error = #expect(throws: InputError.self) {
        try DatasetFolder(URL(fileURLWithPath: folder.path(path), isDirectory: true))
      }
      return error?.hint ?? ""
    }
    #expect(try hint("raw").contains("skelprep convert has made"))
    #expect(try hint("data/shards").contains("part of the data set"))
    try FileManager.default.removeItem(atPath: folder.path("data/manifest.json"))
    #expect(try hint("data").contains("has not finished"))
  }

  /// Where recordings are there and none is left, the hint is about what took them away.
  @Test func theHintIsAboutWhatTookThemAway() throws {
    try write("1\n1\n" + Texts.body { _ in (1, 1, 1) }, "official/S001C002P005R002A008.skeleton")
    #expect(try failure("official")?.hint.contains("--exclude none") == true)
    try write("1\n1\n" + Texts.body { _ in (1, 1, 1) }, "given/S001C001P001R001A001.skeleton")
    #expect(
      try failure("given", exclusion: .list(["S001C001P001R001A001"]))?.hint.contains("--exclude") == true)
    try write("hello\n", "text/S001C001P001R001A001.skeleton")
    #expect(try failure("text")?.hint.contains("NTU RGB+D") == true)
    try write("1\n1\n", "names/one.skeleton")
    #expect(try failure("names")?.hint.contains("S001C001P001R001A001") == true)
  }
}

/// The folder that is written, where it lies in one that is read.
@Suite struct OutputInsideInputTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try Synthesis(samples: 3, classes: 3).write(to: folder.path("raw"))
  }

  private func convert(_ input: String = "raw", to output: String) throws -> ConversionOutcome {
    try Pipeline(
      ConversionOptions(inputs: [folder.path(input)], dataset: .ntu60, output: folder.path(output))
    ).run()
  }

  @Test func isNoInput() throws {
    let first = try convert(to: "raw/out")
    #expect(!first.wasDone && first.report?.totals == ["kept": 3])
    #expect(try convert(to: "raw/out").wasDone)
    // By another name for the same folder as well.
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link"), withDestinationPath: folder.path("raw"))
    #expect(try convert("raw", to: "link/out").wasDone)
  }

  @Test func isRefusedWhereItIsTheInputOrHoldsSome() throws {
    let error = #expect(throws: InputError.self) { try convert(to: "raw") }
    #expect(error?.found.contains("written") == true)
    #expect(try folder.contents(of: "raw").keys.allSatisfy { $0.hasSuffix(".skeleton") })
    let other = #expect(throws: InputError.self) { try convert(".", to: "raw") }
    #expect(other?.found.contains("a recording in the folder") == true)
  }
}
