import Foundation
import Skeleton
import Testing

@testable import Training

/// Which checkpoints stay, and what happens to damaged ones.
@Suite struct RetentionTests {
  private var small: SmallRun

  init() throws { small = try SmallRun() }

  @Test(arguments: [1, 2, 3])
  mutating func theLastFewAndEveryNthStay(keep: Int) throws {
    var small = try SmallRun()
    small.recipe.keep = keep
    small.recipe.keepEvery = 2
    try small.train("run")
    let steps = Array([16, 12, 8].prefix(keep))
    var expected = [
      "checkpoint-000002.safetensors", "checkpoint-000004.safetensors", "checkpoint.safetensors",
    ]
    expected += steps.dropFirst().map { "previous-\(String(format: "%06d", $0)).safetensors" }
    expected += steps.map { "state-\(String(format: "%06d", $0)).safetensors" }
    #expect(try small.arrays("run") == expected.sorted())
    for file in try small.run("run").resumable() { try small.run("run").verify(file) }
  }

  /// Bytes of a file, damaged in a way.
  enum Damage: CaseIterable {
    case flippedArray, flippedText, cutShort, emptied, missing

    func callAsFunction(_ file: URL) throws {
      var bytes = try Data(contentsOf: file)
      switch self {
      case .flippedArray: bytes[bytes.count - 9] ^= 4
      case .flippedText:
        let text = try #require(bytes.range(of: Data(#""sha256":""#.utf8)))
        bytes[text.upperBound] ^= 1
      case .cutShort: bytes = bytes.prefix(bytes.count / 2)
      case .emptied: bytes = Data()
      case .missing: return try FileManager.default.removeItem(at: file)
      }
      try bytes.write(to: file)
    }
  }

  @Test(arguments: Damage.allCases, ["checkpoint.safetensors", "state-000006.safetensors"])
  func aDamagedNewestIsNamedAndTheOneBeforeOffered(damage: Damage, name: String) throws {
    if damage == .missing && name.hasPrefix("checkpoint") { return }  // Then the one before is the newest.
    try small.train("whole")
    try small.train("run", steps: 6)
    #expect(try small.run("run").resumable().map(\.lastPathComponent).last == "previous-000004.safetensors")
    try damage(small.run("run").url.appendingPathComponent(name))
    #expect { try small.train("run", resume: true) } throws: { error in
      guard let error = error as? InputError else { return false }
      return error.file.hasSuffix(name) && error.hint.contains("--resume-from previous-000004.safetensors")
    }
    try small.train("run", from: "previous-000004.safetensors", steps: 1)
    // The damaged one has given way to the new one, and the good one before it stays.
    #expect(
      try small.arrays("run") == [
        "checkpoint.safetensors", "previous-000004.safetensors", "state-000004.safetensors",
        "state-000005.safetensors",
      ])
    try small.train("run", resume: true)
    #expect(try small.bytes("run") == small.bytes("whole"))
    #expect(try small.losses("run") == small.losses("whole"))
  }

  @Test func whereNoneIsWholeThatIsSaid() throws {
    try small.train("run", steps: 6)
    for file in try small.run("run").resumable() { try Damage.flippedArray(file) }
    #expect { try small.train("run", resume: true) } throws: { "\($0)".contains("no other checkpoint") }
    #expect { try small.train("run", from: "nothing.safetensors") } throws: {
      "\($0)".contains("no checkpoint of")
    }
  }

  @Test func aNumberThatIsNotFiniteIsNeverSaved() throws {
    try small.train("run", steps: 6)
    let run = small.run("run")
    let (before, identity) = (
      try small.bytes("run"), Checkpoint.Identity(recipe: small.recipe, data: "", split: "", core: "")
    )
    for infected in 0..<2 {
      let arrays = [0, 1].map { part in
        [Safetensors.Entry("x", shape: [2], .float32([1, part == infected ? .nan : 2]))]
      }
      #expect(throws: InputError.self) {
        try run.save(
          model: arrays[0], state: arrays[1], identity, Checkpoint.Progress(stepsPerEpoch: 4), known: nil)
      }
    }
    #expect(try small.bytes("run") == before)
  }
}
