import Foundation
import Skeleton
import Testing

@testable import Training

/// What TensorBoard is given, read by TensorBoard's own reader where there is one, and by a slow one here.
@Suite struct EventFileTests {
  private let small: SmallRun

  init() throws { small = try SmallRun() }

  /// The check value of the CRC catalogue and the test vectors of RFC 3720, B.4.
  @Test func checksumsAreThoseOfTheStandard() {
    #expect(CRC32C.checksum(Data("123456789".utf8)) == 0xE306_9283)
    #expect(CRC32C.checksum(Data(repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.checksum(Data(repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(CRC32C.checksum(Data(0..<32)) == 0x46DD_794E)
  }

  /// The scalars of an event file: a step, a tag, a number.
  private struct Scalar: Equatable {
    var step: Int
    var tag: String
    var value: Float
  }

  /// Splits a message of protocol buffers into its fields.
  private func fields(_ message: Data) -> [(field: Int, bytes: Data)] {
    var (rest, result) = (message, [(field: Int, bytes: Data)]())
    func varint() -> Int {
      var (value, shift) = (0, 0)
      while let byte = rest.popFirst() {
        value |= Int(byte & 0x7F) << shift
        shift += 7
        if byte & 0x80 == 0 { break }
      }
      return value
    }
    while !rest.isEmpty {
      let key = varint()
      switch key & 7 {
      case 0:
        var bytes = Data()
        let value = varint()
        for index in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
        result.append((key >> 3, bytes))
      case 1:
        result.append((key >> 3, rest.prefix(8)))
        rest = rest.dropFirst(8)
      case 5:
        result.append((key >> 3, rest.prefix(4)))
        rest = rest.dropFirst(4)
      default:
        let length = varint()
        result.append((key >> 3, rest.prefix(length)))
        rest = rest.dropFirst(length)
      }
    }
    return result
  }

  private func number(_ bytes: Data) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private func scalars(_ name: String) throws -> [Scalar] {
    var rest = try Data(contentsOf: small.run(name).events)
    var (result, isFirst) = ([Scalar](), true)
    while !rest.isEmpty {
      let event = rest.dropFirst(12).prefix(Int(number(rest.prefix(8))))
      rest = rest.dropFirst(16 + event.count)
      let parts = fields(event)
      if isFirst {
        #expect(parts.contains { $0.field == 3 && $0.bytes == Data("brain.Event:2".utf8) })
        isFirst = false
        continue
      }
      let step = parts.first { $0.field == 2 }.map { Int(number($0.bytes)) } ?? -1
      for value in parts.filter({ $0.field == 5 }).flatMap({ fields($0.bytes) }) {
        let scalar = fields(value.bytes)
        result.append(
          Scalar(
            step: step, tag: String(decoding: scalar[0].bytes, as: UTF8.self),
            value: Float(bitPattern: UInt32(number(scalar[1].bytes)))))
      }
    }
    return result
  }

  /// The log's losses as TensorBoard should show them.
  private func logged(_ name: String) throws -> [Scalar] {
    let log = try LogTable(contentsOf: small.run(name).csv)
    return log.rows.flatMap { row in
      log.losses.compactMap { column in
        guard let at = log.columns.firstIndex(of: column), let value = row[at] else { return nil }
        return Scalar(step: Int(row[0] ?? 0), tag: "loss/\(column)", value: Float(value))
      }
    }
  }

  @Test func everyStepIsThereOnceAlsoAfterInterruptions() throws {
    try small.train("run", steps: 6)
    // A kill after the checkpoint leaves later steps, the last one in half.
    let events = small.run("run").events
    let whole = try Data(contentsOf: events)
    let last = try whole.suffix(whole.count - EventFile.length(of: whole, keeping: 5, file: ""))
    try (whole + last + last.prefix(last.count / 2)).write(to: events)
    try small.train("run", resume: true, steps: 5)
    try small.train("run", from: "previous-000008.safetensors")
    let found = try scalars("run")
    #expect(found.filter { $0.tag.hasPrefix("loss/") } == (try logged("run")))
    #expect(found.filter { $0.tag == "schedule/rate" }.map(\.step) == Array(1...16))
  }

  @Test func whatIsLaterIsCutOffAndWhatIsDamagedIsNamed() throws {
    try small.train("run", steps: 6)
    let whole = try Data(contentsOf: small.run("run").events)
    #expect(try EventFile.length(of: whole, keeping: 6, file: "") == whole.count)
    let ends = try (0...6).map { try EventFile.length(of: whole, keeping: $0, file: "") }
    #expect(zip(ends, ends.dropFirst()).allSatisfy(<) && ends[0] > 0)
    for at in stride(from: 0, to: whole.count, by: 7) {
      var damaged = whole
      damaged[at] ^= 0x10
      // What lies behind a damaged record of these steps is not thrown away for it.
      let start = ends.last { $0 <= at } ?? 0
      #expect { try EventFile.length(of: damaged, keeping: 6, file: "") } throws: {
        ($0 as? InputError)?.place == "byte \(start)"
      }
      // Behind the steps that are kept it does not matter.
      for (steps, end) in ends.enumerated() where end <= start && steps > 0 {
        #expect(try EventFile.length(of: damaged, keeping: steps, file: "") == end)
      }
      #expect(try EventFile.length(of: whole.prefix(at), keeping: 6, file: "") == start)
    }
  }

  @Test func tensorBoardReadsTheSame() throws {
    try small.train("run", steps: 6)
    try small.train("run", resume: true)
    let program = """
      import sys
      from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
      events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0})
      events.Reload()
      for tag in sorted(events.Tags()["scalars"]):
          for event in events.Scalars(tag):
              print(tag, event.step, event.value)
      """
    guard
      let text = try Python.run(
        program, needing: "tensorboard.backend.event_processing.event_accumulator",
        [small.run("run").url.path])
    else { return }
    let found = text.split(separator: "\n").compactMap { line -> Scalar? in
      let words = line.split(separator: " ")
      guard words.count == 3, let step = Int(words[1]), let value = Float(words[2]) else { return nil }
      return Scalar(step: step, tag: String(words[0]), value: value)
    }
    func key(_ scalar: Scalar) -> String { "\(scalar.tag) \(scalar.step) \(scalar.value)" }
    let losses = found.filter { $0.tag.hasPrefix("loss/") }
    #expect(try losses.map(key).sorted() == logged("run").map(key).sorted())
  }
}
