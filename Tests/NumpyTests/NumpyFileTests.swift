import Foundation
import Skeleton
import Testing

@testable import Numpy

@Suite struct NumpyFileTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "numpy-\(UUID().uuidString)")

  private func url(_ name: String) -> URL { folder.appendingPathComponent(name) }

  private func remove() { try? FileManager.default.removeItem(at: folder) }

  /// Arrays that grow side by side, as numpy reads them.
  @Test func numpyReadsWhatIsWritten() throws {
    defer { remove() }
    let a = NPYArray("a", .float32, shape: [3, 2])
    let b = NPYArray("b", .text(5), shape: [2])
    let c = NPYArray("c", .uint8, shape: [0, 4])
    let archive = try NumpyFile(npz: url("x.npz"), [a, b, c])
    try archive.append(NPYBytes.of([1, 2] as [Float]), to: "a")
    try archive.append(NPYBytes.of(["one", "three"], length: 5), to: "b")
    try archive.append(NPYBytes.of([3, 4, 5, -0.5] as [Float]), to: "a")
    #expect(!FileManager.default.fileExists(atPath: url("x.npz").path))
    try archive.finish()
    try archive.publish()
    let single = try NumpyFile(npy: url("x.npy"), NPYArray("any", .int64, shape: [2, 1]))
    try single.append(NPYBytes.of([7, -9] as [Int64]), to: "any")
    try single.finish()
    try single.publish()
    let program = """
      import numpy as np, sys, zipfile
      z = np.load(sys.argv[1] + '/x.npz')
      assert list(z) == ['a', 'b', 'c'], list(z)
      assert (z['a'] == np.array([[1, 2], [3, 4], [5, -0.5]], 'f4')).all() and z['a'].dtype == '<f4'
      assert list(z['b']) == ['one', 'three'] and z['c'].shape == (0, 4)
      assert zipfile.ZipFile(sys.argv[1] + '/x.npz').testzip() is None
      x = np.load(sys.argv[1] + '/x.npy', mmap_mode='r')
      assert (x == [[7], [-9]]).all() and x.dtype == np.int64
      """
    _ = try Python.run(program, needing: "numpy", [folder.path])
    #expect(try NumpyInput(npz: url("x.npz"), member: "b").texts() == ["one", "three"])
    #expect(try NumpyInput(npz: url("x.npz"), member: "a").floats(1..<6) == [2, 3, 4, 5, -0.5])
    #expect(try NumpyInput(npy: url("x.npy")).integers() == [7, -9])
    #expect(throws: InputError.self) { try NumpyInput(npz: url("x.npz"), member: "d") }
  }

  /// What is given up leaves nothing, and a second writer of the same file is refused.
  @Test func anUnfinishedFileGoes() throws {
    defer { remove() }
    do {
      let file = try NumpyFile(npy: url("x.npy"), NPYArray("a", .float32, shape: [3]))
      try file.append(NPYBytes.of([1] as [Float]), to: "a")
      let error = #expect(throws: InputError.self) {
        try NumpyFile(npy: url("x.npy"), NPYArray("a", .float32, shape: [3]))
      }
      #expect(error?.kind == .busy)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  /// Sizes beyond 32 bits, in a file of holes.
  @Test func otherReadersFindEntriesAboveFourGigabytes() throws {
    defer { remove() }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let large = 5_000_000_000
    let first = ZipRecords.Entry(name: "x.npy", checksum: 1, size: large, offset: 0)
    let second = ZipRecords.Entry(
      name: "y.npy", checksum: 0, size: 0, offset: large + ZipRecords.localSize(name: "x.npy"))
    let directory = ZipRecords.central(first) + ZipRecords.central(second)
    let place = second.offset + ZipRecords.localSize(name: "y.npy")
    let end = ZipRecords.end(entries: 2, directorySize: directory.count, directoryOffset: place)
    try Data().write(to: url("x.npz"))
    let file = try FileHandle(forWritingTo: url("x.npz"))
    try file.write(contentsOf: Data(ZipRecords.local(first)))
    try file.seek(toOffset: UInt64(second.offset))
    try file.write(contentsOf: Data(ZipRecords.local(second) + directory + end))
    try file.close()
    let program = """
      import sys, zipfile
      z = zipfile.ZipFile(sys.argv[1])
      print([(i.filename, i.file_size, i.header_offset) for i in z.infolist()], z.open('y.npy').read())
      """
    let text = try Python.run(program, needing: "zipfile", [url("x.npz").path])
    #expect(text == "[('x.npy', \(large), 0), ('y.npy', 0, \(second.offset))] b''\n")
    #expect(try NumpyInput.members(ofNPZ: url("x.npz")) == ["x", "y"])
  }

  /// Every type and order that numpy writes.
  @Test func readsWhatNumpyWrites() throws {
    defer { remove() }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let program = """
      import numpy as np, sys
      x = np.arange(24).reshape(2, 3, 4) / 4 - 1
      for code in ['<f2', '<f4', '<f8', '>f4', '>f8', '>f2']:
          np.save(sys.argv[1] + '/C' + code[1:] + ('b' if code[0] == '>' else 'l'), x.astype(code))
          np.save(sys.argv[1] + '/F' + code[1:] + ('b' if code[0] == '>' else 'l'), np.asfortranarray(x.astype(code)))
      np.savez(sys.argv[1] + '/s.npz', x=np.asfortranarray(x), y=x)
      np.savez_compressed(sys.argv[1] + '/d.npz', x=x)
      """
    guard try Python.run(program, needing: "numpy", [folder.path]) != nil else { return }
    let expected = (0..<24).map { Float($0) / 4 - 1 }
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(files.count == 14)
    for file in files {
      let array =
        file.hasSuffix("npz")
        ? try NumpyInput(npz: url(file), member: "x") : try NumpyInput(npy: url(file))
      #expect(array.header.shape == [2, 3, 4])
      #expect(try array.floats(0..<24) == expected, "\(file)")
      #expect(try array.floats(13..<17) == Array(expected[13..<17]), "\(file)")
    }
  }

  /// Whatever is done to the file, the answer is values or an `InputError`.
  @Test func survivesDamagedArchives() throws {
    defer { remove() }
    let archive = try NumpyFile(npz: url("x.npz"), [NPYArray("a", .float32, shape: [40])])
    try archive.append(NPYBytes.of((0..<40).map { Float($0) }), to: "a")
    try archive.finish()
    try archive.publish()
    let whole = Array(try Data(contentsOf: url("x.npz")))
    var refused = 0
    for place in whole.indices {
      for value: UInt8 in [0, 255, whole[place] ^ 1] {
        var bytes = whole
        bytes[place] = value
        try Data(bytes).write(to: url("y.npz"))
        do {
          for member in try NumpyInput.members(ofNPZ: url("y.npz")) {
            let array = try NumpyInput(npz: url("y.npz"), member: member)
            _ = try array.floats(0..<array.header.count)
          }
        } catch is InputError { refused += 1 }
      }
      try Data(whole[..<place]).write(to: url("y.npz"))
      #expect(throws: InputError.self) { try NumpyInput(npz: url("y.npz"), member: "a") }
    }
    #expect(refused > whole.count / 2)
  }
}
