import Foundation
import Testing

/// Swift does not stop an import that the manifest does not name when another target has built the module, so the
/// sources are read against the table of modules here. CONTRIBUTING.md shows the same table to people.
@Suite struct LayeringTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Which of the package's modules each target may import.
  static let allowed: [String: Set<String>] = [
    "HDF5": ["CHDF5"],
    "Skeleton": [],
    "Formats": ["Skeleton", "CDeflate", "CZlib"],
    "Shards": ["Skeleton", "HDF5", "CDeflate"],
    "Recipes": ["Shards", "Skeleton"],
    "Reporting": ["Skeleton"],
    "Commands": ["Reporting", "Skeleton"],
    "Numpy": ["Shards", "Skeleton", "CZip", "CZlib"],
    "Preparation": ["Formats", "Shards", "Numpy", "HDF5", "Skeleton", "Reporting", "Recipes"],
    "Kernels": ["CKernels", "COpenBLAS"],
    "Liblinear": ["CLinear"],
    "TensorCore": ["Kernels"],
    "NN": ["TensorCore", "Kernels", "Skeleton"],
    "Batches": ["Shards", "Skeleton", "TensorCore"],
    "Encoders": ["NN", "TensorCore", "Batches", "Recipes", "Skeleton"],
    "Methods": ["Encoders", "NN", "TensorCore", "Batches", "Recipes", "Skeleton"],
    "Training": [
      "Batches", "Encoders", "Methods", "NN", "Recipes", "TensorCore", "Kernels", "Shards", "Skeleton",
      "Reporting",
    ],
    "Evaluation": [
      "Training", "Batches", "Encoders", "NN", "Recipes", "TensorCore", "Shards", "Skeleton", "Reporting",
      "HDF5", "Liblinear",
    ],
    "skelprep": ["Preparation", "Shards", "Skeleton", "Reporting", "Recipes", "Commands", "CMalloc"],
    "skeltrain": [
      "Evaluation", "Training", "Encoders", "Batches", "Recipes", "Shards", "Skeleton", "Reporting",
      "Kernels",
      "Preparation", "Commands",
    ],
    "skelbench": [
      "Preparation", "Formats", "Shards", "Training", "Encoders", "Methods", "Recipes", "NN", "TensorCore",
      "Kernels", "Batches", "Reporting", "Skeleton",
    ],
    "skelfuzz": [
      "Evaluation", "Training", "Batches", "TensorCore", "Preparation", "Numpy", "Formats", "Shards",
      "Recipes",
      "Skeleton", "Reporting", "CAllocations",
    ],
  ]

  /// Every module of this package, C ones included.
  static let modules = Set(allowed.keys).union([
    "CHDF5", "COpenBLAS", "CDeflate", "CLinear", "CMalloc", "CZip", "CZlib", "CKernels",
    "CAllocations",
  ])

  static func sources(_ folder: String) throws -> [URL] {
    let files = FileManager.default.enumerator(
      at: root.appendingPathComponent(folder), includingPropertiesForKeys: nil)
    return (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
  }

  @Test(arguments: allowed.keys.sorted())
  func aTargetImportsOnlyWhatItMay(target: String) throws {
    let files = try Self.sources("Sources/\(target)")
    #expect(!files.isEmpty, "no source in Sources/\(target)")
    for file in files {
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        let words = line.split(separator: " ")
        guard let at = words.firstIndex(of: "import"), at + 1 < words.count, !line.hasPrefix("//") else {
          continue
        }
        let module = String(words[at + 1])
        guard Self.modules.contains(module) else { continue }
        #expect(Self.allowed[target]?.contains(module) == true, "\(file.lastPathComponent) imports \(module)")
      }
    }
  }

  /// Pointers are opened in the few modules that talk to C; above them there are none.
  @Test(arguments: [
    "TensorCore", "NN", "Batches", "Models", "Evaluation", "Skeleton", "Recipes", "Reporting",
  ])
  func thereAreNoPointersAboveKernels(target: String) throws {
    for file in try Self.sources("Sources/\(target)") {
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(!text.contains("UnsafePointer") && !text.contains("UnsafeMutable"), "\(file.lastPathComponent)")
    }
  }

  /// The manifest names the same dependencies as the table.
  @Test func theManifestSaysTheSame() throws {
    let manifest = try String(contentsOf: Self.root.appendingPathComponent("Package.swift"), encoding: .utf8)
    for (target, modules) in Self.allowed {
      guard
        let call = manifest.range(of: "name: \"\(target)\", dependencies: [") ?? manifest.range(
          of: "name: \"\(target)\",\n      dependencies: [") ?? manifest.range(of: "library(\"\(target)\", [")
          ?? manifest.range(of: "library(\n      \"\(target)\",\n      [")
          ?? manifest.range(of: "library(\n      \"\(target)\", [")
      else {
        #expect(modules.isEmpty, "\(target) has no dependencies in the manifest")
        continue
      }
      let list = manifest[call.upperBound...].prefix { $0 != "]" }
      let named = Set(list.matches(of: #/"([A-Za-z0-9]+)"/#).map { String($0.1) })
      #expect(
        named == modules, "\(target): the manifest has \(named.sorted()), the table \(modules.sorted())")
    }
  }
}
