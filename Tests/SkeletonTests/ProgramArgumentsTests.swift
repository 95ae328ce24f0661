import Testing

@testable import Skeleton

@Suite struct ProgramArgumentsTests {
  @Test func bytesThatAreNoTextAreRefused() throws {
    try ProgramArguments.check([Array("skelprep".utf8), Array("größe \u{202E}".utf8), []])
    try ProgramArguments.check()
    for bytes: [UInt8] in [[0xFF], [0xFE], [0x61, 0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80]] {
      #expect(throws: InputError.self) { try ProgramArguments.check([[0x61], bytes]) }
    }
  }
}
