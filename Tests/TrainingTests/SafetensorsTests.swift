import Foundation
import Skeleton
import Testing
import Training

@Suite struct SafetensorsTests {
  private let temporary: TemporaryFolder
  private var folder: URL { temporary.url }

  init() throws { temporary = try TemporaryFolder() }

  private var example: Safetensors {
    Safetensors(
      [
        .init("b.weight", shape: [2, 3], .float32([1, 2, 3, -4, 5.5, .leastNonzeroMagnitude])),
        .init("a.count", shape: [], .int64([.max])), .init("empty", shape: [0, 4], .float32([])),
      ], metadata: ["recipe": "a: \"b\"\nc"])
  }

  @Test func whatIsWrittenReadsBackTheSame() throws {
    let url = folder.appendingPathComponent("x.safetensors")
    let digest = try example.write(to: url)
    let back = try Safetensors(contentsOf: url)
    #expect(back.entries == example.entries)
    #expect(back.metadata["recipe"] == "a: \"b\"\nc" && back.metadata["sha256"] == digest)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["x.safetensors"])
  }

  @Test func aNumberThatIsNotFiniteIsRefusedByName() throws {
    let url = folder.appendingPathComponent("n.safetensors")
    for value in [Float.nan, .infinity, -.infinity] {
      let entries = [
        Safetensors.Entry("whole", shape: [2], .float32([1, 2])),
        Safetensors.Entry("encoder.weight", shape: [3], .float32([0, value, 1])),
      ]
      try Safetensors(entries, metadata: [:]).write(to: url)
      #expect { try Safetensors(contentsOf: url) } throws: {
        "\($0)".contains("n.safetensors: encoder.weight: 1 of 3 numbers are not finite")
      }
    }
  }

  @Test func aFlippedBitOrAMissingByteIsRefused() throws {
    let url = folder.appendingPathComponent("y.safetensors")
    try example.write(to: url)
    let bytes = try Data(contentsOf: url)
    let arrays = bytes.count - 32
    for at in arrays..<bytes.count {
      var damaged = bytes
      damaged[at] ^= 1
      try damaged.write(to: url)
      #expect(throws: InputError.self) { try Safetensors(contentsOf: url) }
    }
    for length in 0..<bytes.count {
      try bytes.prefix(length).write(to: url)
      #expect(throws: InputError.self) { try Safetensors(contentsOf: url) }
    }
  }

  @Test func aFlippedBitAnywhereIsRefusedOrWithoutConsequence() throws {
    let url = folder.appendingPathComponent("v.safetensors")
    try example.write(to: url)
    let bytes = try Data(contentsOf: url)
    let whole = try Safetensors(contentsOf: url)
    #expect(try Safetensors.verify(url) == whole.metadata)
    for at in bytes.indices {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[at] ^= 1 << bit
        try damaged.write(to: url)
        // What can be read must be what was written, but for the name of a digest itself.
        guard let read = try? Safetensors(contentsOf: url) else { continue }
        #expect(read.entries == whole.entries, "bit \(bit) of byte \(at)")
        for key in ["recipe", "format"] { #expect(read.metadata[key] == whole.metadata[key]) }
      }
    }
    for length in 0..<bytes.count {
      try bytes.prefix(length).write(to: url)
      #expect(throws: InputError.self) { try Safetensors.verify(url) }
    }
  }

  @Test(arguments: [
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
    #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
    "[]", "",
  ])
  func aMaliciousHeaderIsRefused(header: String) throws {
    let url = folder.appendingPathComponent("z.safetensors")
    var data = Data(repeating: 0, count: 8)
    data[0] = UInt8(header.utf8.count)
    try (data + Data(header.utf8) + Data(repeating: 0, count: 8)).write(to: url)
    #expect(throws: InputError.self) { try Safetensors(contentsOf: url) }
  }
}
