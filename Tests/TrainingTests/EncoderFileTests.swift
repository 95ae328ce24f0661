import Encoders
import Foundation
import Recipes
import Testing
import Training

/// The files of `pipelines/encoders`: each encoder at its published size, some at a small one too.
@Suite struct EncoderFileTests {
  private static let folder = RecipeTests.root.appendingPathComponent("pipelines/encoders")

  /// Parameters of those whose number is published for this skeleton; that of the GRU leaves out its input's norm.
  @Test(arguments: [
    ("gru", 44_998_656 + 300), ("stgcn", 3_083_412), ("agcn", 3_454_090), ("ctrgcn", 1_431_252),
    ("hcn", 519_424),
    ("vit", 6_336_000), ("sttformer", 6_218_168), ("hico", 3_867_648), ("gl", 198_885_600),
    ("umurl", 22_067_200),
  ])
  func publishedParameters(name: String, expected: Int) throws {
    let recipe = try PretrainRecipe(contentsOf: Self.folder.appendingPathComponent("\(name).yaml"))
    #expect(try ParameterCount(recipe).encoder == expected)
  }

  @Test func everyEncoderHasAFileOfItsName() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
    let published = files.filter { !$0.contains("-small") }
    #expect(published == EncoderFamily.members.map { "\($0.kind).yaml" }.sorted())
    for file in files {
      let recipe = try PretrainRecipe(contentsOf: Self.folder.appendingPathComponent(file))
      #expect("\(recipe.encoder.kind).yaml" == file.replacing("-small", with: ""))
    }
  }
}
