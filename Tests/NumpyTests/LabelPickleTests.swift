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

  /// A pickle that would run a program is refused, and says where.
  @Test func runsNothing() {
    let attack = Array("cos\nsystem\n(S'true'\ntR.".utf8)
    #expect(throws: InputError.self) { try LabelPickle.parse(attack, name: "a") }
  }

  @Test func survivesDamage() throws {
    var random = KeyedRandom(seed: 1, sample: "pickle", view: "fuzz")
    let operations: [UInt8] =
      Array("]()aetl.qhrjNJKMXUGT".utf8) + [0x80, 0x85, 0x86, 0x87, 0x8a, 0x8c, 0x94, 0x95]
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
