// swift-tools-version: 6.2
import PackageDescription

/// What every target of this package is compiled with: Swift 6 concurrency, each unsafe use spelled
/// `unsafe`, and no warning left standing.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A Swift library target with the settings that all of them share.
func library(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

/// The tests of one library, in `Tests/<name>Tests`.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: "\(name)Tests", dependencies: dependencies, swiftSettings: strict)
}

let argumentParser: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let package = Package(
  name: "skeleton",
  products: [
    .executable(name: "skelprep", targets: ["skelprep"]),
    .executable(name: "skeltrain", targets: ["skeltrain"]),
    .executable(name: "skelbench", targets: ["skelbench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(
      name: "CHDF5", pkgConfig: "hdf5-serial", providers: [.apt(["libhdf5-dev"])]),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
    // liblinear has no pkg-config file; it lies where the compiler looks anyway.
    .systemLibrary(name: "CLinear", providers: [.apt(["liblinear-dev"])]),
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "CKernels",
      linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),

    .target(name: "CAllocations"),

    library("HDF5", ["CHDF5"]),
    library("Skeleton"),
    library("Formats", ["Skeleton", "CDeflate", "CZlib"]),
    library("Shards", ["Skeleton", "HDF5", "CDeflate", crypto]),
    library("Recipes", ["Shards", "Skeleton", yams]),
    library("Reporting", ["Skeleton", crypto]),
    library("Commands", ["Reporting", "Skeleton", argumentParser]),
    library("Numpy", ["Shards", "Skeleton", "CZip", "CZlib"]),
    library(
      "Preparation", ["Formats", "Shards", "Numpy", "HDF5", "Skeleton", "Reporting", "Recipes"],
      resources: [
        .embedInCode("Viewing/page.html"), .embedInCode("Viewing/page.css"), .embedInCode("Viewing/page.js"),
      ]),
    library("Kernels", ["CKernels", "COpenBLAS"]),
    library("Liblinear", ["CLinear"]),
    library("TensorCore", ["Kernels"]),
    library("NN", ["TensorCore", "Kernels", "Skeleton"]),
    library("Batches", ["Shards", "Skeleton", "TensorCore"]),
    library("Encoders", ["NN", "TensorCore", "Batches", "Recipes", "Skeleton"]),
    library("Methods", ["Encoders", "NN", "TensorCore", "Batches", "Recipes", "Skeleton"]),
    library(
      "Training",
      [
        "Batches", "Encoders", "Methods", "NN", "Recipes", "TensorCore", "Kernels", "Shards", "Skeleton",
        "Reporting",
        crypto,
      ]),
    library(
      "Evaluation",
      [
        "Training", "Batches", "Encoders", "NN", "Recipes", "TensorCore", "Shards", "Skeleton",
        "Reporting", "HDF5", "Liblinear",
      ], resources: [.embedInCode("Benchmark/published.tsv")]),

    .executableTarget(
      name: "skelprep",
      dependencies: [
        "Preparation", "Shards", "Skeleton", "Reporting", "Recipes", "Commands", "CMalloc", argumentParser,
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "skeltrain",
      dependencies: [
        "Evaluation", "Training", "Encoders", "Batches", "Recipes", "Shards", "Skeleton", "Reporting",
        "Kernels", "Preparation", "Commands",
        argumentParser,
      ], swiftSettings: strict),
    .executableTarget(
      name: "skelbench",
      dependencies: [
        "Preparation", "Formats", "Shards", "Training", "Encoders", "Methods", "Recipes", "NN", "TensorCore",
        "Kernels", "Batches",
        "Reporting", "Skeleton", argumentParser,
      ], swiftSettings: strict),
    .executableTarget(
      name: "skelfuzz",
      dependencies: [
        "Evaluation", "Training", "Batches", "TensorCore", "Preparation", "Numpy", "Formats", "Shards",
        "Recipes",
        "Skeleton", "Reporting", "CAllocations", argumentParser,
      ], swiftSettings: strict),

    tests("Skeleton", ["Skeleton"]),
    tests("Shards", ["Shards", "Skeleton", "HDF5"]),
    tests("Numpy", ["Numpy", "Skeleton"]),
    tests(
      "Preparation",
      ["Preparation", "Formats", "Shards", "Numpy", "Skeleton", "Reporting", "HDF5", "Recipes"]),
    tests("NN", ["NN", "TensorCore", "Kernels", "CKernels", "Skeleton", "HDF5"]),
    tests("Encoders", ["Encoders", "Methods", "Batches", "NN", "TensorCore", "Skeleton", "HDF5"]),
    tests(
      "Training",
      [
        "Training", "Evaluation", "Encoders", "Methods", "Batches", "NN", "TensorCore", "Shards", "Skeleton",
        "Recipes",
        "HDF5", "Reporting", "Liblinear", "Kernels",
      ]),
    tests("Commands", ["Commands", "Skeleton", argumentParser]),
    tests("Layout", []),
  ]
)
