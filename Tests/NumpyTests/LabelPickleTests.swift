import Foundation
import Skeleton
import Testing

@testable import Numpy

@Suite struct LabelPickleTests {
  private let labels = LabelPickle(
    names: ["S001C001P001R001A001.skeleton", "0002-L#3", "é"], labels: [0, 119, -1])

  @Test func isReadBack() throws {
    #expect(try LabelPickle.parse(labels.bytes, name: "a") == labels)
    let none = LabelPickle(names: [], labels: [])
    #expect(try LabelPickle.parse(none.bytes, name: "a") == none)
  }

  @Test func pythonReadsIt() throws {
    let program = """
      import pickle, sys
      name, label = pickle.loads(bytes(int(x) for x in sys.argv[1].split(',')))
      print(name, label, type(label[0]).__name__)
      """
    let bytes = labels.bytes.map(String.init).joined(separator: ",")
    let text = try Python.run(program, needing: "pickle", [bytes])
    #expect(text == "['S001C001P001R001A001.skeleton', '0002-L#3', 'é'] [0, 119, -1] int\n")
  }

  /// Each protocol of Python's, lists longer than its batches, names that come twice, floating point.
  @Test(arguments: 1...5) func readsPythons(protocolNumber: Int) throws {
    let program = """
      import pickle, sys
      names = ['n%d' % (i // 2) for i in range(2500)] + ['x' * 300]
      labels = [i * 300 for i in range(2500)] + [2.0]
      sys.stdout.write(' '.join(str(b) for b in pickle.dumps((names, labels), protocol=int(sys.argv[1]))))
      """
    guard let text = try Python.run(program, needing: "pickle", ["\(protocolNumber)"]) else { return }
    let read = try LabelPickle.parse(text.split(separator: " ").compactMap { UInt8($0) }, name: "a")
    #expect(read.names == (0..<2500).map { "n\($0 / 2)" } + [String(repeating: "x", count: 300)])
    #expect(read.labels == (0..<2500).map { $0 * 300 } + [2])
  }

  /// What programs that count with numpy leave in such files, by each protocol.
  @Test(arguments: 0...5) func readsNumpys(protocolNumber: Int) throws {
    let program = """
      import numpy as np, pickle, sys
      whole = ['0002-L.txt_0', '0002-L.txt_1', 'x']
      for names in (whole, list(np.array(whole)), np.array(whole), [n.encode() for n in whole], tuple(whole)):
          for labels in ([np.float64(i) for i in (2, 0, 50)], [np.int64(i) for i in (2, 0, 50)], [2, np.int32(0), np.uint8(50)],
                         np.array([2, 0, 50]), np.array([2., 0, 50]), np.array([2, 0, 50], '>i2'), [np.float32(2), False, 50.0],
                         [np.int8(2), np.bool_(False), np.uint64(50)]):
              data = pickle.dumps((names, labels), protocol=int(sys.argv[1]))
              sys.stdout.write(' '.join(str(b) for b in data) + '\\n')
      """
    guard let text = try Python.run(program, needing: "numpy", ["\(protocolNumber)"]) else { return }
    let files = text.split(separator: "\n")
    #expect(files.count == 40)
    for (index, file) in files.enumerated() {
      let read = try LabelPickle.parse(file.split(separator: " ").compactMap { UInt8($0) }, name: "\(index)")
      #expect(read.names == ["0002-L.txt_0", "0002-L.txt_1", "x"], "\(index)")
      #expect(read.labels == [2, 0, 50], "\(index)")
    }
  }

  /// Python 2's own way, with texts between quotation marks.
  @Test func readsPythonTwos() throws {
    let text = "((lp0\nS'a\\x2eskeleton'\np1\naS\"b\\tc\"\np2\nag1\na(lp3\nI7\naI01\naL12L\natp4\n."
    let read = try LabelPickle.parse(Array(text.utf8), name: "a")
    #expect(read.names == ["a.skeleton", "b\tc", "a.skeleton"] && read.labels == [7, 1, 12])
  }

  /// A pickle that would run a program is refused, and says where.
  @Test func runsNothing() {
    let attack = Array("cos\nsystem\n(S'true'\ntR.".utf8)
    let error = #expect(throws: InputError.self) { try LabelPickle.parse(attack, name: "a") }
    #expect(error?.found.contains("os.system") == true)
  }

  /// A file of some bytes cannot ask for the same text to be unpacked again and again.
  @Test func unpacksNothingOverAndOver() {
    let text = String(repeating: "x", count: 1000)
    var file = "(c_codecs\nencode\np0\nV\(text)\np1\nVlatin1\np2\n"
    for _ in 0..<1000 { file += "g0\n(g1\ng2\ntR" }
    file += "t."
    let error = #expect(throws: InputError.self) { try LabelPickle.parse(Array(file.utf8), name: "a") }
    #expect(error?.found.contains("over and over") == true)
  }

  @Test func survivesDamage() throws {
    var random = KeyedRandom(seed: 1, sample: "pickle", view: "fuzz")
    let operations: [UInt8] =
      Array("]()aetl.qhrjNJKMXUGTcRbISVLFpgBC".utf8) + [
        0x88, 0x8d, 0x8e, 0x93, 0x96, 0x80, 0x85, 0x86, 0x87, 0x8a, 0x8c, 0x94, 0x95,
      ]
    for round in 0..<30_000 {
      var bytes = round.isMultiple(of: 2) ? labels.bytes : []
      for _ in 0..<random.integer(in: 1...8) {
        let operation = operations[random.integer(in: 0...(operations.count - 1))]
        if bytes.isEmpty {
          bytes.append(operation)
          continue
        }
        let place = random.integer(in: 0...(bytes.count - 1))
        switch random.integer(in: 0...3) {
        case 0: bytes[place] = operation
        case 1: bytes.insert(operation, at: place)
        case 2: bytes[place] = UInt8(random.integer(in: 0...255))
        default: bytes.append(operation)
        }
      }
      do { _ = try LabelPickle.parse(bytes, name: "a") } catch is InputError {}
    }
  }
}
