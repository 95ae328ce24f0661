import Foundation
import Shards
import Skeleton

/// Whether `manifest.json` is there, unchanged, and agrees with itself.
struct ManifestCheck {
  /// The manifest, if it can be read.
  let manifest: Manifest?
  let check: Verification.Check

  init(of folder: URL) {
    let url = folder.appendingPathComponent(Manifest.fileName)
    var faults: [InputError] = []
    let manifest = faults.collect(url.path) { try Manifest.read(folder) }
    faults += SealCheck.faults(of: url)
    if let manifest { faults += ManifestCheck.faults(in: manifest, url.path) }
    let summary =
      manifest.map {
        "\($0.sampleCount) samples of \($0.frameCount) frames in \($0.shards.count) shards; \($0.dataset), \($0.profile)"
      } ?? "cannot be read"
    self.manifest = manifest
    check = Verification.Check(name: "manifest", summary: summary, faults: faults)
  }

  /// Where the manifest says something in two places, both must say the same.
  private static func faults(in manifest: Manifest, _ path: String) -> [InputError] {
    guard case .object(let recipe) = manifest.recipe else { return [] }
    var faults: [InputError] = []
    if case .string(let dataset) = recipe["dataset"] {
      faults.demand(
        dataset == manifest.dataset,
        InputError(path, at: "dataset", found: manifest.dataset, expected: "\(dataset), as in the recipe"))
    }
    guard manifest.variantOf != nil, case .object(let occlusion) = recipe["occlusion"] else { return faults }
    for (key, value) in [("kind", manifest.kind), ("seed", manifest.seed.map { "\($0)" })] {
      let noted = occlusion[key]
      faults.demand(
        noted == value.map { .string($0) },
        InputError(
          path, at: key, found: value ?? "none", expected: "the recipe's \(noted.map { "\($0)" } ?? "")"))
    }
    return faults
  }
}
