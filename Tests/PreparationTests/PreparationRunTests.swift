import Foundation
import Recipes
import Skeleton
import Testing

@testable import Preparation

/// All stages from one file.
@Suite struct PreparationRunTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private func recipe(_ folder: TemporaryFolder) throws -> PrepareRecipe {
    let raw = folder.path("raw")
    if !FileManager.default.fileExists(atPath: raw) { try Synthesis(samples: 12).write(to: raw) }
    var recipe = PrepareRecipe()
    recipe.inputs = [raw]
    recipe.output = folder.path("data")
    recipe.shardSize = 5
    recipe.splits = [.xsub, .xview]
    recipe.spatial.output = folder.path("spatial")
    return recipe
  }

  private func stages(_ recipe: PrepareRecipe) throws -> [String] {
    var stages: [String] = []
    try PreparationRun(recipe).run { stages.append($0.name + ($0.wasDone ? " skipped" : "")) }
    return stages
  }

  @Test func doesWhatIsToDoAndSkipsWhatIsDone() throws {
    let folder = try TemporaryFolder()
    var recipe = try recipe(folder)
    recipe.verify = false
    #expect(try stages(recipe) == ["convert", "split xsub", "split xview", "occlude spatial"])
    let made = try folder.contents(of: "data").merging(folder.contents(of: "spatial")) { $1 }
    let again = ["convert skipped", "split xsub skipped", "split xview skipped", "occlude spatial skipped"]
    #expect(try stages(recipe) == again)
    #expect(try folder.contents(of: "data").merging(folder.contents(of: "spatial")) { $1 } == made)

    try FileManager.default.removeItem(atPath: folder.path("data/splits/xview.json"))
    try FileManager.default.removeItem(atPath: folder.path("spatial/manifest.json"))
    let repaired = ["convert skipped", "split xsub skipped", "split xview", "occlude spatial"]
    #expect(try stages(recipe) == repaired)
    #expect(try folder.contents(of: "data").merging(folder.contents(of: "spatial")) { $1 } == made)
  }

  @Test func checksAtTheEndWhatItMade() throws {
    let folder = try TemporaryFolder()
    let recipe = try recipe(folder)
    #expect(try stages(recipe).suffix(2) == ["verify data", "verify spatial"])
  }

  @Test(arguments: ["ntu60", "ntu120", "pkummd1", "pkummd2", "demo"])
  func theProvidedFilesCanBeRead(name: String) throws {
    let recipe = try PrepareRecipe(
      contentsOf: Self.root.appendingPathComponent("pipelines/prepare/\(name).yaml"))
    if name != "demo" { #expect(recipe.dataset.rawValue == name) }
    #expect(recipe.splits == recipe.dataset.protocols)
    #expect(try PrepareRecipe(yaml: recipe.yaml, file: "again") == recipe)
  }

  @Test func theSchemaIsThatOfTheSettings() throws {
    let schema = Self.root.appendingPathComponent("schemas/prepare.schema.json")
    #expect(try String(contentsOf: schema, encoding: .utf8) == PrepareRecipe.schema)
  }

  @Test func theCommandLineHasTheLastWord() throws {
    let file = Self.root.appendingPathComponent("pipelines/prepare/ntu60.yaml")
    var recipe = PrepareRecipe()
    try recipe.read(
      contentsOf: file, changing: ["inputs=[a.zip, b c]", "convert.shard_size=7", "output=x", "verify=false"])
    #expect(recipe.inputs == ["a.zip", "b c"])
    #expect(recipe.shardSize == 7)
    #expect(recipe.output == "x")
    #expect(!recipe.verify)
    for wrong in ["output", "=x", "outptu=x", "convert.shard_size=0", "splits=[xset]", "convert.profile=no"] {
      var recipe = PrepareRecipe()
      #expect(throws: InputError.self, "\(wrong)") { try recipe.read(contentsOf: file, changing: [wrong]) }
    }
  }

  @Test(arguments: [
    "inputs: []\noutput: a", "inputs: [a]", "inputs: [a]\noutput: b\nsplits: [xset]",
    "inputs: [a]\noutput: b\nocclude: {spatial: {output: c, split: xview}}",
    "inputs: [a]\noutput: b\nsplits: [xsub]\nocclude: {spatial: {output: b, split: xsub}}",
    "inputs: [a]\noutput: b\nconvert: {actions: untrimmed}", "inputs: [a]\noutput: b\nkind: pretrain",
    "inputs: [a]\noutput: b\nconvert: {profil: raw}",
  ])
  func whatDoesNotFitIsRefused(yaml: String) {
    #expect(throws: InputError.self) { try PrepareRecipe(yaml: yaml, file: "test") }
  }
}
