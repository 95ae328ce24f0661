import Encoders
import Foundation
import NN
import Recipes
import Shards
import Skeleton
import TensorCore
import Training

/// What an evaluation learned on top of frozen encoders: the content of `head.safetensors`, from which further
/// recordings can be told apart.
///
/// The arrays are `fc.weight` and `fc.bias`; of detection also `input_norm.running_mean` and `input_norm.running_var`,
/// which adapt, and of fine-tuning all of the encoder's. Of several encoders each name has the encoder's number in
/// front, `0.fc.weight`. What did not change stays in the checkpoints, which the texts name by SHA-256.
public struct TrainedHead: Sendable, Equatable {
  /// The linear layer on one encoder.
  public struct Layer: Sendable, Equatable {
    /// The SHA-256 of the encoder's checkpoint; empty if it was not trained.
    public var checkpoint: String
    /// How the encoder uses its arrays, ``FrozenEncoder/reading``, and SHA-256 of these; empty where the file does not
    /// say.
    var encoder: String
    /// Numbers in the order of their names: `fc.bias` (outputs), `fc.weight` (outputs, D), …
    var arrays: [Safetensors.Entry]
  }

  /// The task that trained it: `linear`, `finetune`, `detection`.
  public let task: String
  /// The task's settings, as YAML.
  public let recipe: String
  /// The data set that it was trained on, whose classes it tells apart: `ntu60`.
  public let dataset: String
  /// How its recordings were normalized: `agcn300`.
  public let profile: String
  /// How that data set was converted, as JSON: recordings have to be made alike.
  public let conversion: String
  /// Which encoder of the checkpoint it is on.
  public let branch: FrozenEncoder.Branch
  /// The share of a recording of one action that is looked at: its middle.
  public let crop: Float
  /// One for each encoder.
  public let layers: [Layer]

  /// The most encoders of a head. Of each all names are looked through, and a text of blanks could claim millions.
  private static let mostLayers = 64

  /// A head that was just trained.
  ///
  /// - Parameters:
  ///   - recipe: the task's settings.
  ///   - manifest: the training data's.
  ///   - crop: the share of a recording of one action that is looked at.
  init(_ recipe: some EvaluationTask, on manifest: Manifest, crop: Float = 1, layers: [Layer]) throws {
    task = type(of: recipe).kind
    self.recipe = recipe.yaml
    branch = recipe.branch
    self.crop = crop
    dataset = manifest.dataset
    profile = manifest.profile
    conversion = try manifest.recipe.text()
    self.layers = layers
  }

  /// The head's file in an evaluation's folder.
  public static func url(in folder: URL) -> URL { folder.appendingPathComponent("head.safetensors") }

  /// Writes `head.safetensors` into a folder.
  ///
  /// - Returns: the SHA-256 of its arrays.
  @discardableResult
  public func write(to folder: URL) throws -> String {
    let entries = layers.enumerated().flatMap { number, layer in
      layer.arrays.map { array in
        var array = array
        if layers.count > 1 { array.name = "\(number).\(array.name)" }
        return array
      }
    }
    let texts = [
      "task": task, "recipe": recipe, "dataset": dataset, "profile": profile, "conversion": conversion,
      "branch": branch.rawValue, "crop": "\(crop)",
      "checkpoints": layers.map(\.checkpoint).joined(separator: " "), "frame": DataKind.frame,
      "encoders": layers.map(\.encoder).joined(separator: "\n"),
    ]
    return try Safetensors(entries, metadata: texts).write(to: TrainedHead.url(in: folder))
  }

  /// Reads the head of an evaluation's folder, or a file of it.
  ///
  /// - Throws: an `InputError` if there is none, or it is damaged.
  public init(contentsOf url: URL) throws {
    let file = try CheckpointFile.url(url) { TrainedHead.url(in: $0) }
    guard try Disk.isThere(file) else {
      throw InputError(
        file.path, found: "no trained head",
        hint: "`skeltrain evaluate linear` and `evaluate detection` leave one beside their result",
        kind: .noInput)
    }
    let tensors = try Safetensors(contentsOf: file)
    func text(_ name: String) throws -> String {
      guard let text = tensors.metadata[name] else {
        throw InputError(
          file.path, at: name, found: "missing", expected: "the head of an evaluation")
      }
      return text
    }
    task = try text("task")
    recipe = try text("recipe")
    dataset = try text("dataset")
    profile = try text("profile")
    conversion = try text("conversion")
    branch = try text("branch") == FrozenEncoder.Branch.key.rawValue ? .key : .query
    guard let crop = Float(try text("crop")), crop > 0, crop <= 1 else {
      throw InputError(file.path, at: "crop", found: try text("crop"), expected: "more than 0, at most 1")
    }
    self.crop = crop
    // Heads of earlier versions do not say it, and are of the same.
    if let frame = tensors.metadata["frame"], frame != DataKind.frame {
      throw InputError(file.path, at: "frame", found: frame, expected: DataKind.frame)
    }
    let checkpoints = try text("checkpoints").split(separator: " ", omittingEmptySubsequences: false).map(
      String.init)
    guard checkpoints.count <= Self.mostLayers else {
      throw InputError(
        file.path, at: "checkpoints", found: "\(checkpoints.count) encoders",
        expected: "at most \(Self.mostLayers)")
    }
    let encoders = (tensors.metadata["encoders"] ?? "").split(separator: "\n").map(String.init)
    layers = checkpoints.enumerated().map { number, checkpoint in
      let prefix = checkpoints.count > 1 ? "\(number)." : ""
      let own = tensors.entries.filter { $0.name.hasPrefix(prefix) }
      return Layer(
        checkpoint: checkpoint, encoder: number < encoders.count ? encoders[number] : "",
        arrays: own.map {
          Safetensors.Entry(String($0.name.dropFirst(prefix.count)), shape: $0.shape, $0.values)
        })
    }
    for layer in layers {
      guard let weight = layer.tensor("fc.weight"), let bias = layer.tensor("fc.bias"),
        weight.shape.count == 2,
        bias.shape == [weight.shape[0]], weight.shape[0] == outputs
      else {
        throw InputError(file.path, at: "fc.weight", found: "missing, or of another shape than fc.bias")
      }
      if let variance = layer.tensor("input_norm.running_var"), !variance.values.allSatisfy({ $0 >= 0 }) {
        throw InputError(file.path, at: "input_norm.running_var", found: "a variance below 0")
      }
    }
    // Detection has one for no action beside those of the classes.
    let classes = ShardLimits.classCount(of: dataset)
    let expected = task == DetectionRecipe.kind ? 2...(classes + 1) : 1...classes
    guard expected.contains(outputs) else {
      throw InputError(
        file.path, at: "fc.bias", found: "\(outputs) outputs",
        expected: "\(expected.lowerBound) to \(expected.upperBound) for \(task) on \(dataset)")
    }
  }

  /// What it learned from.
  public var kind: DataKind {
    get throws {
      try DataKind(dataset: dataset, profile: profile, conversion: JSONValue(parsing: conversion))
    }
  }

  /// What its classes are called, in the order of their labels; none where nobody has said.
  public var classNames: [String] {
    Manifest.classNames(of: dataset, converted: (try? JSONValue(parsing: conversion)) ?? .null)
  }

  /// Frames a second of the recordings that it learned from.
  public var frameRate: Double {
    Manifest.frameRate(of: dataset, converted: (try? JSONValue(parsing: conversion)) ?? .null)
  }

  /// How many scores it gives.
  public var outputs: Int { layers.first?.tensor("fc.bias")?.count ?? 0 }

  /// Throws unless these are the encoders that it was trained on.
  func check(_ encoders: [FrozenEncoder]) throws {
    guard encoders.count == layers.count else {
      throw InputError(
        "--checkpoint", found: "\(encoders.count) checkpoints",
        expected: "the \(layers.count) that the head is of")
    }
    for (encoder, layer) in zip(encoders, layers) {
      guard encoder.digest == layer.checkpoint, layer.tensor("fc.weight")?.shape[1] == encoder.featureCount
      else {
        let expected = layer.checkpoint.isEmpty ? "an untrained encoder" : "SHA-256 \(layer.checkpoint)"
        throw InputError(
          "--checkpoint \(encoder.name)",
          found: encoder.digest.isEmpty ? "untrained" : "SHA-256 \(encoder.digest)",
          expected: expected, hint: "the head was trained on another checkpoint; give that one")
      }
      // What stays beside the layer takes the place of the encoder's own.
      let shapes = Dictionary(uniqueKeysWithValues: encoder.arrays.map { ($0.name, $0.shape) })
      for array in layer.arrays where !array.name.hasPrefix("fc.") && shapes[array.name] != array.shape {
        throw InputError(
          "--head", at: array.name, found: "shape \(array.shape)",
          expected: shapes[array.name].map { "\($0)" } ?? "no such array, as the encoder has none")
      }
      let own = TrainedHead.Layer.encoder(encoder)
      guard own == layer.encoder else {
        throw InputError(
          "--checkpoint \(encoder.name)", found: own,
          expected: layer.encoder.isEmpty
            ? "what the head was trained on, which it does not say" : layer.encoder,
          hint: layer.encoder.isEmpty
            ? "the head was made by an earlier version; evaluate again"
            : "the head was trained on the same numbers, used in another way; give that checkpoint or --stream"
        )
      }
    }
  }
}

extension TrainedHead.Layer {
  /// A layer with its encoder's running statistics, where they are no longer those of the checkpoint.
  init(_ head: Linear, on encoder: FrozenEncoder, statistics: [Safetensors.Entry] = []) {
    checkpoint = encoder.digest
    self.encoder = Self.encoder(encoder)
    arrays =
      [("fc.bias", head.bias), ("fc.weight", head.weight)].map { name, parameter in
        Safetensors.Entry(name, shape: parameter.value.shape, .float32(parameter.value.values))
      } + statistics
  }

  /// What a head has to know of the encoder that it is on.
  static func encoder(_ encoder: FrozenEncoder) -> String { "\(encoder.reading), \(encoder.start)" }

  /// An array of the layer.
  func tensor(_ name: String) -> Tensor? {
    guard let entry = arrays.first(where: { $0.name == name }), case .float32(let values) = entry.values
    else {
      return nil
    }
    return Tensor(values, shape: entry.shape)
  }

  /// Sets a linear layer to the trained one.
  func load(into head: Linear) {
    guard let weight = tensor("fc.weight"), let bias = tensor("fc.bias") else {
      preconditionFailure("a head without its layer passed the check")
    }
    (head.weight.value, head.bias.value) = (weight, bias)
  }
}
