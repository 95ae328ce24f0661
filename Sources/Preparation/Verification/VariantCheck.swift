import Foundation
import Shards
import Skeleton

/// Whether an occlusion variant is its parent with just that hidden which its manifest says.
enum VariantCheck {
  static func check(
    of folder: URL, _ manifest: Manifest, parent: String, isReadable: Bool
  ) throws -> Verification.Check {
    let source = try DatasetFolder(URL(fileURLWithPath: parent, isDirectory: true))
    let path = folder.appendingPathComponent(Manifest.fileName).path
    var check = Verification.Check(name: "parent", summary: parent)
    guard let variantOf = manifest.variantOf else {
      check.faults.append(
        InputError(path, at: "variant_of", found: "nothing", expected: "a variant of \(parent)"))
      return check
    }
    let digest = try Manifest.digest(of: source.url)
    check.faults.demand(
      variantOf == digest,
      InputError(path, at: "variant_of", found: variantOf, expected: "\(digest), of \(parent)"))
    check.faults.demand(
      manifest.shards.map(\.samples) == source.manifest.shards.map(\.samples),
      InputError(
        path, at: "shards", found: "\(manifest.shards.map(\.samples)) samples",
        expected: "as many as the parent"))
    let settings = check.faults.collect(path) { try Settings(manifest, of: source) }
    guard check.faults.isEmpty, isReadable, let settings else {
      check.summary += "; values not compared"
      check.isSkipped = check.faults.isEmpty
      return check
    }
    let variant = try DatasetFolder(folder)
    var hidden = 0
    for index in manifest.shards.indices {
      let file = variant.shardURL(index).path
      guard let ours = check.faults.collect(file, { try variant.shard(index) }),
        let theirs = check.faults.collect(source.shardURL(index).path, { try source.shard(index) })
      else { continue }
      check.faults.demand(
        ours.samples == theirs.samples && ours.intervals == theirs.intervals,
        InputError(file, at: "samples", found: "others than in the parent", expected: "the same"))
      guard ours.samples == theirs.samples else { continue }
      for sample in ours.samples {
        let isHidden = settings.hides(sample)
        hidden += isHidden ? 1 : 0
        let expected = settings.expected(of: sample, in: theirs, isHidden: isHidden)
        let found = SampleFrames(sample, of: ours)
        check.faults.demand(
          found.joints == expected.joints && found.visible == expected.visible,
          InputError(
            file, at: sample.name, found: "other values",
            expected: isHidden
              ? "the parent's under the mask of seed \(settings.occlusion.seed)" : "the parent's"))
      }
    }
    check.summary += ": every value, \(hidden) samples with their masks"
    return check
  }

  /// What the variant's manifest says was hidden.
  private struct Settings {
    let occlusion: Occlusion
    let chosen: Set<String>?

    init(_ manifest: Manifest, of parent: DatasetFolder) throws {
      let path = Manifest.fileName
      guard case .object(var recipe) = manifest.recipe, case .object(let noted) = recipe["occlusion"],
        case .string(let ratio) = noted["ratio"], let kind = manifest.kind.flatMap(Occlusion.Kind.init),
        let seed = manifest.seed
      else { throw InputError(path, at: "recipe/occlusion", found: "no settings of an occlusion") }
      occlusion = Occlusion(kind: kind, ratio: try Occlusion.Ratio(argument: ratio), seed: seed)
      guard manifest.ratio == occlusion.ratio.bounds else {
        throw InputError(
          path, at: "ratio", found: "\(manifest.ratio ?? [])", expected: "\(ratio), as in the recipe")
      }
      recipe["occlusion"] = nil
      guard JSONValue.object(recipe) == parent.manifest.recipe else {
        throw InputError(
          path, at: "recipe", found: "another than the parent's", expected: "the same and an occlusion")
      }
      if case .string(let split) = noted["split"], case .string(let part) = noted["part"],
        let part = EvaluationProtocol.Part(rawValue: part)
      {
        chosen = Set(try parent.split(split).names(of: part))
      } else {
        chosen = nil
      }
    }

    func hides(_ sample: SampleRecord) -> Bool { chosen?.contains(sample.name) ?? true }

    func expected(
      of sample: SampleRecord, in parent: Shard, isHidden: Bool
    ) -> (joints: [Float], visible: [UInt8]) {
      let clip = SampleFrames(sample, of: parent)
      var (joints, visible) = (clip.joints, clip.visible)
      if isHidden {
        occlusion.mask(of: sample.name, frameCount: sample.length).hide(in: &joints, visible: &visible)
      }
      return (joints, visible)
    }
  }
}
