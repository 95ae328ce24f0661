import NN
import Recipes
import Skeleton

/// Which joints send to which.
public enum GraphKind: String, CaseIterable, Sendable {
  /// ST-GCN's partition by the distance from the centre.
  case spatial
  /// Itself, inward and outward, as 2s-AGCN has it.
  case directed

  /// The graph of a layout.
  func graph(_ layout: SkeletonLayout) -> SkeletonGraph {
    switch self {
    case .spatial: .spatial(parents: layout.parents, centre: layout.centre)
    case .directed: .directed(parents: layout.parents)
    }
  }
}

extension STGCNSettings: EncoderSettings {
  /// Its name in recipes.
  public static let kind = "stgcn"
  /// What it is.
  public static let summary = "ST-GCN: ten blocks of a graph convolution and a convolution over time."
  /// Its settings.
  public static let settings: [Setting<STGCNSettings>] = [
    .integer(
      "hidden", \.hidden, 1...1024, "channels of the first four blocks; later ones have 2 and 4 times as many"
    ),
    .integer("features", \.features, 1...8192, "channels of the last block, the numbers in a feature"),
    .number("dropout", \.dropout, 0...0.95, "how much is dropped behind the second and later blocks"),
    .choice("graph", \.graph, "spatial is ST-GCN's partition, directed the three graphs of 2s-AGCN"),
    .flag(
      "default_start", \.hasDefaultStart,
      "whether first values are PyTorch's defaults, as in PSTL and HYSP, rather than those of CrosSCLR"),
  ]

  /// The encoder.
  public func encoder(_ scope: Scope, _ input: EncoderInput) -> any SkeletonEncoder {
    var settings = self
    settings.coordinates = input.layout.coordinates
    return GraphEncoder(STGCN(scope, settings, graph.graph(input.layout)), input.layout)
  }
}

/// The size of an AGCN.
public struct AGCNSettings: EncoderSettings {
  /// Channels of the first four blocks; later ones have twice and four times as many.
  public var channels = 64

  /// The published network.
  public init() {}
  /// Its name in recipes.
  public static let kind = "agcn"
  /// What it is.
  public static let summary = "2s-AGCN's network of one stream: graphs that depend on the sample."
  /// Its settings.
  public static let settings: [Setting<AGCNSettings>] = [
    .integer(
      "channels", \.channels, 8...1024,
      "channels of the first four blocks, a multiple of 8; later ones have 2 and 4 times as many")
  ]

  /// Refuses channels that cannot be shared out.
  public func check(_ input: EncoderInput, in file: String) throws {
    guard channels.isMultiple(of: 8) else {
      throw InputError(file, at: "encoder.channels", found: "\(channels)", expected: "a multiple of 8")
    }
  }

  /// The encoder.
  public func encoder(_ scope: Scope, _ input: EncoderInput) -> any SkeletonEncoder {
    GraphEncoder(
      AGCN(
        scope, bodies: input.layout.bodies, .directed(parents: input.layout.parents),
        blocks: GraphBlockSize.published(channels, of: input.layout.coordinates)), input.layout)
  }
}

/// The size of a CTR-GCN.
public struct CTRGCNSettings: EncoderSettings {
  /// Channels of the first four blocks; later ones have twice and four times as many.
  public var channels = 64

  /// The published network.
  public init() {}
  /// Its name in recipes.
  public static let kind = "ctrgcn"
  /// What it is.
  public static let summary = "CTR-GCN: graphs refined channel by channel, and time at several scales."
  /// Its settings.
  public static let settings: [Setting<CTRGCNSettings>] = [
    .integer(
      "channels", \.channels, 8...1024,
      "channels of the first four blocks, a multiple of 8; later ones have 2 and 4 times as many")
  ]

  /// Refuses channels that cannot be shared out.
  public func check(_ input: EncoderInput, in file: String) throws {
    guard channels.isMultiple(of: 8) else {
      throw InputError(file, at: "encoder.channels", found: "\(channels)", expected: "a multiple of 8")
    }
  }

  /// The encoder.
  public func encoder(_ scope: Scope, _ input: EncoderInput) -> any SkeletonEncoder {
    GraphEncoder(
      CTRGCN(
        scope, bodies: input.layout.bodies, .directed(parents: input.layout.parents),
        blocks: GraphBlockSize.published(channels, of: input.layout.coordinates)), input.layout)
  }
}
