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

/// What the setting `bodies` of an encoder says.
let bodiesMeaning = "bodies that are read of each clip, 1 where recordings are of one person; 0 for all"

extension EncoderInput {
  /// Refuses to read more bodies than there are.
  func check(bodies: Int, in file: String) throws {
    guard bodies <= layout.bodies else {
      throw InputError(
        file, at: "encoder.bodies", found: "\(bodies)",
        expected: "at most the \(layout.bodies) of \(layout.name)")
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
    .integer("bodies", \.bodies, 0...8, bodiesMeaning),
  ]

  /// Refuses more bodies than there are.
  public func check(_ input: EncoderInput, in file: String) throws {
    try input.check(bodies: bodies, in: file)
  }

  /// The encoder.
  public func encoder(_ scope: Scope, _ input: EncoderInput) -> any SkeletonEncoder {
    var settings = self
    settings.coordinates = input.layout.coordinates
    return GraphEncoder(
      STGCN(scope, settings, graph.graph(input.layout)), input.layout, bodies: bodies == 0 ? nil : bodies)
  }
}

/// The size of an AGCN.
public struct AGCNSettings: EncoderSettings {
  /// Channels of the first four blocks; later ones have twice and four times as many.
  public var channels = 64
  /// How many bodies of a clip are read; 0 for all.
  public var bodies = 0

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
      "channels of the first four blocks, a multiple of 8; later ones have 2 and 4 times as many"),
    .integer("bodies", \.bodies, 0...8, bodiesMeaning),
  ]

  /// Refuses channels that cannot be shared out.
  public func check(_ input: EncoderInput, in file: String) throws {
    guard channels.isMultiple(of: 8) else {
      throw InputError(file, at: "encoder.channels", found: "\(channels)", expected: "a multiple of 8")
    }
    try input.check(bodies: bodies, in: file)
  }

  /// The encoder.
  public func encoder(_ scope: Scope, _ input: EncoderInput) -> any SkeletonEncoder {
    let bodies = bodies == 0 ? input.layout.bodies : bodies
    return GraphEncoder(
      AGCN(
        scope, bodies: bodies, .directed(parents: input.layout.parents),
        blocks: GraphBlockSize.published(channels, of: input.layout.coordinates)), input.layout,
      bodies: bodies)
  }
}

/// The size of a CTR-GCN.
public struct CTRGCNSettings: EncoderSettings {
  /// Channels of the first four blocks; later ones have twice and four times as many.
  public var channels = 64
  /// How many bodies of a clip are read; 0 for all.
  public var bodies = 0

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
      "channels of the first four blocks, a multiple of 8; later ones have 2 and 4 times as many"),
    .integer("bodies", \.bodies, 0...8, bodiesMeaning),
  ]

  /// Refuses channels that cannot be shared out.
  public func check(_ input: EncoderInput, in file: String) throws {
    guard channels.isMultiple(of: 8) else {
      throw InputError(file, at: "encoder.channels", found: "\(channels)", expected: "a multiple of 8")
    }
    try input.check(bodies: bodies, in: file)
  }

  /// The encoder.
  public func encoder(_ scope: Scope, _ input: EncoderInput) -> any SkeletonEncoder {
    let bodies = bodies == 0 ? input.layout.bodies : bodies
    return GraphEncoder(
      CTRGCN(
        scope, bodies: bodies, .directed(parents: input.layout.parents),
        blocks: GraphBlockSize.published(channels, of: input.layout.coordinates)), input.layout,
      bodies: bodies)
  }
}
