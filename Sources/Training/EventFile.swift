import Foundation
import Shards
import Skeleton

/// A run's numbers as TensorBoard reads them: one event a step, with a scalar for each column of the log.
///
/// The file is a row of records (length, its checksum, bytes, their checksum), whose bytes are an `Event` of protocol
/// buffers: `wall_time` = 1, `step` = 2, `file_version` = 3, `summary` = 5 with `value` = 1 of `tag` = 1 and
/// `simple_value` = 2. The checksums are CRC-32C, turned and shifted by a constant ("masked").
struct EventFile {
  private let file: AppendedFile

  /// Opens a run's event file, keeping its first `kept` bytes, as ``length(of:keeping:file:)`` says how many.
  ///
  /// It is cut in place: a TensorBoard that is watching goes on behind what it has read.
  init(_ run: RunFolder, length kept: Int) throws {
    file = try AppendedFile(run.events, keeping: kept)
    if kept == 0 { try write(EventFile.event(step: nil, time: Date()) { $0.text(3, "brain.Event:2") }) }
  }

  /// Adds the numbers of a step under their tags.
  func add(step: Int, _ values: [(tag: String, value: Double)]) throws {
    try write(
      EventFile.event(step: step, time: Date()) { event in
        var summary = ProtocolBuffer()
        for (tag, value) in values {
          var scalar = ProtocolBuffer()
          scalar.text(1, tag)
          scalar.float(2, Float(value))
          summary.bytes(1, scalar.data)
        }
        event.bytes(5, summary.data)
      })
  }

  /// Waits until all events are on the disk.
  func synchronize() throws { try file.synchronize() }

  private static func event(step: Int?, time: Date, _ fill: (inout ProtocolBuffer) -> Void) -> Data {
    var event = ProtocolBuffer()
    event.double(1, time.timeIntervalSince1970)
    if let step { event.integer(2, UInt64(step)) }
    fill(&event)
    return event.data
  }

  private func write(_ event: Data) throws {
    var record = EventFile.littleEndian(UInt64(event.count))
    record += EventFile.littleEndian(CRC32C.masked(record))
    record += event
    record += EventFile.littleEndian(CRC32C.masked(event))
    try file.append(record)
  }

  private static func littleEndian(_ number: some FixedWidthInteger) -> Data {
    Data((0..<(number.bitWidth / 8)).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) })
  }

  /// Bytes of the whole records from the start on that belong to steps up to `steps`, each of them once.
  ///
  /// - Throws: an `InputError` if a record of these is damaged: the rest, which is then not understood, is left as it is.
  static func length(of data: Data, keeping steps: Int, file: String) throws -> Int {
    let data = Data(data)  // From offset 0.
    func number(_ at: Int, _ size: Int) -> UInt64 {
      (0..<size).reduce(0) { $0 | UInt64(data[at + $1]) << (8 * UInt64($1)) }
    }
    var (at, last) = (0, UInt64(0))
    // Behind the last of these steps lies what a kill or a loss of power has left, which goes.
    while data.count - at >= 16, last < UInt64(steps) || at == 0 {
      let length = number(at, 8)
      guard number(at + 8, 4) == UInt64(CRC32C.masked(data[at..<(at + 8)])) else {
        throw damaged(file, at)
      }
      guard length <= data.count - at - 16 else { break }  // A kill cuts the last one short.
      let body = data[(at + 12)..<(at + 12 + Int(length))]
      let step = step(of: body)
      guard number(body.endIndex, 4) == UInt64(CRC32C.masked(body)) else { throw damaged(file, at) }
      guard step <= UInt64(steps) else { break }
      guard step > last || at == 0 else { break }
      last = step
      at = body.endIndex + 4
    }
    return at
  }

  private static func damaged(_ file: String, _ offset: Int) -> InputError {
    InputError(
      file, at: "byte \(offset)", found: "a damaged event",
      hint: "the file is left as it is: move it away, and TensorBoard shows the steps from here on")
  }

  /// The step of an event that this program has written: a time of nine bytes, and then the step if there is one.
  private static func step(of event: Data) -> UInt64 {
    let rest = event.dropFirst(9)
    guard rest.first == 0x10 else { return 0 }
    var (step, shift) = (UInt64(0), UInt64(0))
    for byte in rest.dropFirst().prefix(10) {
      step |= UInt64(byte & 0x7F) << shift
      guard byte & 0x80 != 0 else { break }
      shift += 7
    }
    return step
  }
}

/// The bytes of a message of protocol buffers, as far as event files need them.
private struct ProtocolBuffer {
  private(set) var data = Data()

  private mutating func varint(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      data.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    data.append(UInt8(rest))
  }

  private mutating func key(_ field: UInt64, _ wire: UInt64) { varint(field << 3 | wire) }

  mutating func integer(_ field: UInt64, _ value: UInt64) {
    key(field, 0)
    varint(value)
  }

  mutating func double(_ field: UInt64, _ value: Double) {
    key(field, 1)
    data += (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
  }

  mutating func bytes(_ field: UInt64, _ value: Data) {
    key(field, 2)
    varint(UInt64(value.count))
    data += value
  }

  mutating func text(_ field: UInt64, _ value: String) { bytes(field, Data(value.utf8)) }

  mutating func float(_ field: UInt64, _ value: Float) {
    key(field, 5)
    data += (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
  }
}
