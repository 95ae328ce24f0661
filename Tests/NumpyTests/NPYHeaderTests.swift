import Foundation
import Skeleton
import Testing

@testable import Numpy

@Suite struct NPYHeaderTests {
  @Test(arguments: [[], [7], [3, 0], [2, 3, 300, 25, 2]] as [[Int]])
  func isReadAsItWasWritten(shape: [Int]) throws {
    for element in [NPYElement.float32, .float64, .uint8, .int32, .int64, .text(20)] {
      let header = NPYHeader(element, shape: shape)
      let bytes = header.bytes
      #expect(bytes.count % 64 == 0)
      let read = try NPYHeader.parse(bytes + [1, 2, 3], name: "a")
      #expect(read.header == header)
      #expect(read.size == bytes.count)
    }
  }

  private func parse(_ text: String, version: UInt8 = 1) throws -> NPYHeader {
    let length = text.utf8.count
    let size = [UInt8(length & 255), UInt8(length >> 8)] + (version == 1 ? [] : [0, 0])
    return try NPYHeader.parse(
      [0x93] + Array("NUMPY".utf8) + [version, 0] + size + Array(text.utf8), name: "a"
    ).header
  }

  @Test func readsWhatOtherWritersWrite() throws {
    #expect(try parse("{'shape': (10L, 3L), 'fortran_order': True, 'descr': '>f8'}").isBigEndian)
    #expect(try parse(#"{"descr":"<f2","fortran_order":False,"shape":(5,)}"#, version: 2).shape == [5])
    #expect(try parse("{'descr': '|b1', 'fortran_order': False, 'shape': (), } \n", version: 3).shape == [])
  }

  /// Each with the byte at which it is wrong.
  @Test(arguments: [
    ("", 10), ("{", 11), ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)", 64),
    ("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", 20),
    ("{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", 20),
    ("{'descr': '<U0', 'fortran_order': False, 'shape': (9999999999,)}", 20),
    ("{'descr': '|V0', 'fortran_order': False, 'shape': (9999999999,)}", 20),
    ("{'descr': '|S0', 'fortran_order': False, 'shape': (9999999999,)}", 20),
    ("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}", 44),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", 61),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", 61),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999,9999999999)}", 60),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'shape': (1,)}", 66),
    ("{'descr': '<f4', 'fortran_order': False, 'other': (1,)}", 51),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} {}", 66),
    ("{'descr': '<f4', 'fortran_order': False}", 50),
  ]) func saysWhereAHeaderIsWrong(text: String, byte: Int) throws {
    let error = #expect(throws: InputError.self) { try parse(text) }
    #expect(error?.place == "byte \(byte)", "\(text): \(error?.description ?? "")")
  }

  /// Whatever the bytes are, the answer is a header that fits or an `InputError`.
  @Test func survivesDamagedHeaders() throws {
    let whole = NPYHeader(.float32, shape: [4, 3, 300, 25, 2]).bytes
    var random = KeyedRandom(seed: 1, sample: "npy", view: "fuzz")
    var read = 0
    for _ in 0..<20_000 {
      var bytes = whole
      for _ in 0..<random.integer(in: 1...4) {
        let place = random.integer(in: 0...(bytes.count - 1))
        switch random.integer(in: 0...3) {
        case 0: bytes[place] = UInt8(random.integer(in: 0...255))
        case 1: bytes.removeSubrange(place...)
        case 2: bytes.insert(UInt8(random.integer(in: 32...126)), at: place)
        default: bytes.remove(at: place)
        }
        if bytes.isEmpty { break }
      }
      do {
        let header = try NPYHeader.parse(bytes, name: "a").header
        #expect(header.dataBytes >= 0)
        read += 1
      } catch is InputError {}
    }
    #expect(read > 0)
  }
}
