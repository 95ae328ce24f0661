import Foundation
import Recipes
import Skeleton
import Testing
import Training

/// Recipes are found by path, by name, and from anywhere.
@Suite struct ProvidedRecipePathTests {
  private let folder: TemporaryFolder
  private var roots: [URL] { [folder.url.appendingPathComponent("pipelines")] }

  init() throws {
    folder = try TemporaryFolder()
    for (name, text) in [
      ("pretrain/big.yaml", "# What is big. And slow.\nkind: pretrain\n"),
      ("evaluate/big.yaml", "kind: linear\n"),
      ("benchmark/small/one.yaml", "kind: benchmark\n"),
    ] {
      let file = roots[0].appendingPathComponent(name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
  }

  private func found(_ text: String, _ kinds: [String]) throws -> String {
    String(try ProvidedRecipes.file(text, of: kinds, roots: roots).path.dropFirst(roots[0].path.count + 1))
  }

  @Test func namesAndPathsAreFound() throws {
    #expect(try found("big", ["pretrain", "evaluate"]) == "pretrain/big.yaml")
    #expect(try found("big", ["evaluate"]) == "evaluate/big.yaml")
    #expect(try found("big.yaml", ["pretrain"]) == "pretrain/big.yaml")
    #expect(try found("pipelines/evaluate/big.yaml", ["pretrain"]) == "evaluate/big.yaml")
    #expect(try found("evaluate/big", ["pretrain"]) == "evaluate/big.yaml")
    #expect(try found("small/one", ["benchmark"]) == "benchmark/small/one.yaml")
    #expect(ProvidedRecipes.names(of: "pretrain", roots: roots) == ["big"])
    #expect(
      ProvidedRecipes.summary(of: roots[0].appendingPathComponent("pretrain/big.yaml")) == "What is big")
    #expect(ProvidedRecipes.summary(of: roots[0].appendingPathComponent("evaluate/big.yaml")) == "")
  }

  @Test func aFileThatIsThereIsItself() throws {
    let own = folder.url.appendingPathComponent("big.yaml")
    try Data("kind: pretrain\n".utf8).write(to: own)
    #expect(try ProvidedRecipes.file(own.path, of: ["pretrain"], roots: roots).path == own.path)
  }

  @Test func whatIsNotThereIsRefusedWithTheNearest() throws {
    let slip = #expect(throws: InputError.self) { try found("bgi", ["pretrain"]) }
    #expect(slip?.kind == .noInput)
    #expect(slip?.hint == "did you mean big?")
    let other = #expect(throws: InputError.self) { try found("something.yaml", ["pretrain"]) }
    #expect(other?.hint == "the provided ones are big")
    #expect(throws: InputError.self) { try found("../pretrain/big", ["evaluate"]) }
    #expect(throws: InputError.self) { try found("/big", ["pretrain"]) }
  }

  /// The test program lies in the build folder, as the programs do, so the repository's are found by name.
  @Test func theRepositorysAreFound() throws {
    let recipe = try PretrainRecipe(try ProvidedRecipes.file("pcm3pp-small", of: ["pretrain"]), changing: [])
    #expect(recipe.batch == 32)
  }
}
