import Foundation
import Skeleton

/// The recipes that come with the programs, and where they are found from wherever a program is started.
public enum ProvidedRecipes {
  /// The file that a user means by a path or by a name: `my.yaml`, `pipelines/pretrain/pcm3pp.yaml`, `pcm3pp-small`.
  ///
  /// A path that exists is itself. Otherwise the recipes that come with the programs are searched, those of `kinds`
  /// before the others.
  ///
  /// - Parameters:
  ///   - text: what the user gave.
  ///   - kinds: the folders in `pipelines` to search, such as `pretrain`.
  ///   - roots: the folders that hold `pretrain` and the others; ``roots`` unless a test has its own.
  /// - Throws: an `InputError` of kind `noInput` with the nearest name, if there is neither.
  public static func file(
    _ text: String, of kinds: [String], roots: [URL] = ProvidedRecipes.roots
  ) throws -> URL {
    if FileManager.default.fileExists(atPath: text) { return URL(fileURLWithPath: text) }
    let start = "pipelines/"
    let name = text.hasPrefix(start) ? String(text.dropFirst(start.count)) : text
    let stem = name.hasSuffix(".yaml") ? String(name.dropLast(5)) : name
    if !name.hasPrefix("/"), !name.contains("..") {
      for root in roots {
        for folder in kinds + [""] {
          let file = root.appendingPathComponent(folder).appendingPathComponent(stem + ".yaml")
          if FileManager.default.fileExists(atPath: file.path) { return file }
        }
      }
    }
    let names = kinds.flatMap { Self.names(of: $0, roots: roots) }
    let last = stem.split(separator: "/").last.map(String.init) ?? stem
    throw InputError(
      text, found: "no such recipe", expected: "a file, or the name of a provided recipe",
      hint: last.nearest(among: names).map { "did you mean \($0)?" }
        ?? (names.isEmpty
          ? "the provided ones are in pipelines/" : "the provided ones are \(names.joined(separator: ", "))"),
      kind: .noInput)
  }

  /// The names of the provided recipes in a folder of `pipelines`, sorted.
  public static func names(of kind: String, roots: [URL] = ProvidedRecipes.roots) -> [String] {
    guard let root = roots.first else { return [] }
    let folder = root.appendingPathComponent(kind)
    return ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
      .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }

  /// What a recipe file says of itself: the first sentence of the comment that it begins with; empty if there is none.
  public static func summary(of file: URL) -> String {
    guard let text = try? RecipeText.read(file) else { return "" }
    let comment = text.split(separator: "\n", omittingEmptySubsequences: false).prefix { $0.hasPrefix("#") }
      .map { $0.drop { $0 == "#" || $0 == " " } }.joined(separator: " ")
    let end = comment.range(of: ". ")?.lowerBound ?? comment.endIndex
    let sentence = String(comment[..<end])
    return sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
  }

  /// The folders that hold the recipes, the likeliest first: beside the program as it is installed, `../share/skeleton`;
  /// in the repository that it was built in; in the working folder.
  public static let roots: [URL] = {
    var folders: [URL] = []
    if let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
      let bin = URL(fileURLWithPath: program).deletingLastPathComponent()
      folders.append(bin.deletingLastPathComponent().appendingPathComponent("share/skeleton"))
      // `.build/x86_64-unknown-linux-gnu/release` is three folders down.
      var above = bin
      for _ in 0..<4 {
        above = above.deletingLastPathComponent()
        folders.append(above)
      }
    }
    folders.append(URL(fileURLWithPath: FileManager.default.currentDirectoryPath))
    return folders.map { $0.appendingPathComponent("pipelines") }.filter {
      FileManager.default.fileExists(atPath: $0.appendingPathComponent("pretrain").path)
    }
  }()
}
