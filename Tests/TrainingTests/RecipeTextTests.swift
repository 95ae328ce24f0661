import Foundation
import Skeleton
import Testing
import Training

@testable import Recipes

/// What must not get past the reader of recipes, however the text is made.
@Suite struct RecipeTextTests {
  private func error(_ yaml: String) -> InputError? {
    do {
      _ = try PretrainRecipe(yaml: yaml, file: "test.yaml")
      return nil
    } catch { return error as? InputError }
  }

  /// Nine levels of nine aliases, 387 million items, as a value and as a key, which a parser would compare with others.
  @Test(.timeLimit(.minutes(1)), arguments: ["a10: *a9", "? *a9\n: 1", "{*a9 : 1}", "- [\"a # b\", *a9]"])
  func aBombOfAliasesIsRefusedAtOnce(use: String) {
    let levels = (1...9).map { level in
      "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]"
    }
    let found = error("a0: &a0 [lol]\n" + levels.joined(separator: "\n") + "\n" + use + "\n")
    #expect(found?.place == "line 1, column 5" && found?.found == "an anchor or alias, &…")
  }

  @Test(arguments: [
    ("batch: &a 64", 1, 8), ("batch: *a", 1, 8), ("*a : 1", 1, 1), ("seed: 1\n  ? *b", 2, 5),
    ("- *a", 1, 3), ("a: [1, *a]", 1, 8), ("a: {b: *c}", 1, 8), ("a: ! &a b", 1, 6),
    ("a: b  # 'c', *d", 1, 14),
    ("a:\n  b, *c", 2, 6),
  ])
  func anchorsAndAliasesAreFound(yaml: String, line: Int, column: Int) {
    let found = RecipeText.firstAnchor(in: yaml)
    #expect(found?.line == line && found?.column == column, "\(yaml)")
  }

  @Test(arguments: [
    "a: b*c", "a: data/*.zip", "a: \"*.zip\"", "a: b & c", "# a: *b*, & c", "a: b  # 2 * 3: *x", "a: x &",
    "a: 'it''s'",
  ])
  func otherSignsAreLeftAlone(yaml: String) throws {
    #expect(RecipeText.firstAnchor(in: yaml) == nil, "\(yaml)")
  }

  @Test func allProvidedRecipesPass() throws {
    let folder = RecipeTests.root.appendingPathComponent("pipelines")
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
      .compactMap { $0 as? URL }.filter { $0.pathExtension == "yaml" }
    #expect(files.count > 10)
    for file in files { #expect(RecipeText.firstAnchor(in: try RecipeText.read(file)) == nil, "\(file)") }
  }

  @Test(.timeLimit(.minutes(1))) func lengthDepthAndBytesAreBounded() throws {
    for depth in ["[", "- ", "? ", "{a: "] {
      #expect(error(String(repeating: depth, count: 200_000))?.found.contains("nesting") == true, "\(depth)")
    }
    let temporary = try TemporaryFolder()
    let file = temporary.url.appendingPathComponent("long.yaml")
    try Data(repeating: UInt8(ascii: "#"), count: RecipeText.largestFile + 1).write(to: file)
    #expect { try PretrainRecipe(contentsOf: file) } throws: { "\($0)".contains("at most 1048576 bytes") }
    // What never ends is not read at all.
    #expect { try PretrainRecipe(contentsOf: URL(fileURLWithPath: "/dev/zero")) } throws: {
      "\($0)".contains("no regular file")
    }
    try Data([0x61, 0x3A, 0x20, 0xFF]).write(to: file)
    #expect { try PretrainRecipe(contentsOf: file) } throws: { "\($0)".contains("UTF-8") }
  }

  @Test func whatIsNoYAMLIsRefusedWithItsPlace() {
    #expect(error("batch: 64\nqueue: [1\n")?.place == "line 3, column 1")
    #expect(error("batch: 64\nseed: 1\nbatch: 32\n")?.found == "'batch' twice" || error("a: 1\na: 2") != nil)
    #expect(error("batch: 64\nbatch: 32\n")?.place.hasPrefix("line ") == true)
    #expect(error("batch: 64\n---\nbatch: 32\n") != nil)
    #expect(error("batch: \"64\n") != nil && error("\tbatch: 64") != nil)
  }

  /// Whatever a setting is given that it cannot be, the message has the key, the value and what may stand there.
  @Test func everySettingRefusesWithKeyValueAndRange() {
    for setting in PretrainRecipe.settings {
      for wrong in ["banana!", "{}", "[[1]]", "-1000000000000", "nan"] {
        let (parts, open) = (setting.key.split(separator: "."), setting.key.split(separator: ".").dropLast())
        let yaml =
          open.map { "\($0): {" }.joined() + "\(parts[parts.count - 1]): \(wrong)"
          + String(repeating: "}", count: open.count)
        // Nothing is said of what is one of a family, so it stays the default.
        if wrong == "{}", setting.nested?.change != nil { continue }
        let found = error(yaml)
        #expect(found?.found.hasPrefix(setting.key) == true, "\(yaml): \(found?.found ?? "accepted")")
        #expect(found?.place.hasPrefix("line 1, column ") == true)
        if setting.nested != nil { continue }
        #expect(found?.expected == setting.allowed)
        if wrong == "banana!" { #expect(found?.found == "\(setting.key): banana!") }
        do {
          _ = try PretrainRecipe(nil, changing: ["\(setting.key)=\(wrong)"])
          Issue.record("--set \(setting.key)=\(wrong) was accepted")
        } catch {
          let found = error as? InputError
          #expect(found?.place == setting.key && found?.found == wrong && found?.expected == setting.allowed)
        }
      }
    }
  }

  @Test func anUnknownKeyOfEveryLevelHasTheNearestOne() {
    #expect(error("bach: 3")?.hint == "did you mean batch?")
    #expect(error("encoder: {hiden: 3}")?.hint == "did you mean encoder.hidden?")
    #expect(error("optimiser:\n  rate: 1\n")?.found == "unknown setting optimiser")
    #expect(error("xyzzyxyzzy: 1")?.hint == "")
  }
}
