import Batches
import Encoders
import Foundation
import Kernels
import Methods
import NN
import Recipes
import Skeleton
import TensorCore

/// What a recipe costs: numbers to learn, products to compute a feature, time and memory of a step on this machine.
public struct Complexity: Codable, Sendable {
  /// Which encoder it is.
  public var encoder: String
  /// Which method.
  public var method: String
  /// Frames of a clip, T.
  public var frames: Int
  /// Samples of a batch.
  public var batch: Int
  /// How many numbers the model has.
  public var parameters: ParameterCount
  /// Products of one sample's encoding, both bodies of it.
  public var multiply_adds: Int
  /// Seconds of a training step without reading data, the median of ``steps``; nil where none was taken.
  public var seconds_per_step: Double?
  /// Steps that were timed.
  public var steps: Int
  /// The most memory that this program had, in MiB; nil where no step was taken, or the system does not say.
  public var peak_mebibytes: Double?
  /// Threads that shared the work.
  public var threads: Int

  /// Counts, and takes training steps on clips that nobody made.
  ///
  /// - Parameters:
  ///   - recipe: what is trained; its first stage is.
  ///   - steps: steps that are timed, after one that is not; 0 for none.
  /// - Throws: an `InputError` if the encoder is not such as the method needs.
  public init(_ recipe: PretrainRecipe, steps: Int = 5) throws {
    let recipe = try recipe.resolvedStages().first?.recipe ?? recipe
    parameters = try ParameterCount(recipe)
    (encoder, method) = (recipe.encoder.kind, recipe.method.kind)
    (frames, batch, self.steps) = (recipe.input.frames, recipe.batch, steps)
    threads = threadCount
    multiply_adds = try Self.multiplyAdds(recipe)
    guard steps > 0 else { return }
    let seconds = try Self.seconds(recipe, steps: steps).sorted()
    seconds_per_step = seconds[seconds.count / 2]
    peak_mebibytes = Self.peak()
  }

  /// The products of one clip's way through the encoder that evaluations look at.
  static func multiplyAdds(_ recipe: PretrainRecipe) throws -> Int {
    let record = try recipe.ownRecords()[0]
    let encoder = record.encoder.encoder.encoder(ParameterStore(seed: 1).root / record.scope, record.input)
    let clip = motion("clip", frames: record.frames)
    return MultiplyAdds.counted { encoder(Clips(SkeletonClip.stacked([clip])), .evaluation) }.count
  }

  /// How long each of some steps takes.
  private static func seconds(_ recipe: PretrainRecipe, steps: Int) throws -> [Double] {
    let seed = UInt64(recipe.seed)
    let model = try LearningModel(recipe, seed: seed)
    var optimizer = recipe.optimizer.optimizer()
    let names = (0..<recipe.batch).map { "sample \($0)" }
    let clips = names.map { motion($0, frames: 2 * recipe.input.frames) }
    let first = model.features(
      Clips(SkeletonClip.stacked(clips.prefix(2).map { $0.centreCrop(to: recipe.input.frames) })))
    // What a method groups before an epoch: as many features as groups can be of, not encoded.
    try model.method.begin(epoch: 0) { noise(rows: 4096, width: first.width) }
    return (0...steps).map { index in
      let batch = model.views.batch(
        of: BatchDraw(seed: seed, epoch: 0, index: index, names: names, clips: clips))
      let start = ContinuousClock.now
      var step = Step(seed: seed, index: index)
      model.method.step(batch, &step)
      let parameters = model.store.parameters
      optimizer.step(
        parameters: parameters, gradients: step.gradients, rate: recipe.rates.rate,
        scale: clippingScale(step.gradients, of: parameters, to: recipe.gradientLimit))
      return (.now - start) / .seconds(1)
    }.suffix(steps)
  }

  /// Frames in which every number swings with its own speed.
  private static func motion(_ name: String, frames: Int) -> SkeletonClip {
    var random = KeyedRandom(seed: 1, sample: name, view: "motion")
    let waves = (0..<SkeletonClip.width).map { _ in
      (centre: random.uniform(-1, 1), size: random.uniform(0, 0.2), speed: random.uniform(0.02, 0.3))
    }
    return SkeletonClip(
      values: (0..<frames).flatMap { frame in
        waves.map { $0.centre + $0.size * sin($0.speed * Float(frame)) }
      })
  }

  private static func noise(rows: Int, width: Int) -> Tensor {
    var random = KeyedRandom(seed: 1, view: "features")
    return Tensor((0..<rows * width).map { _ in random.normal() }, shape: [rows, width])
  }

  /// The most memory that this program had, in MiB, as the system says.
  private static func peak() -> Double? {
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Double($0) })
    else { return nil }
    return kibibytes / 1024
  }

  /// The numbers as JSON.
  public var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }
}

extension Complexity: CustomStringConvertible {
  /// The numbers for a terminal.
  public var description: String {
    var lines = [
      "method         \(method), \(encoder), \(frames) frames, batches of \(batch)",
      "parameters     \(parameters)",
      "multiply-adds  " + String(format: "%.3f G a sample", Double(multiply_adds) / 1e9),
    ]
    if let seconds_per_step {
      lines.append(
        "a step         "
          + String(
            format: "%.3f s on %d threads, the median of %d; %.1f samples/s", seconds_per_step, threads,
            steps,
            Double(batch) / max(seconds_per_step, 1e-9)))
    }
    if let peak_mebibytes {
      lines.append("memory         " + String(format: "%.0f MiB at most", peak_mebibytes))
    }
    return lines.joined(separator: "\n")
  }
}

extension ParameterCount: CustomStringConvertible {
  /// `44,998,656 of the encoder, 98,915,074 of all`.
  public var description: String { "\(Self.grouped(encoder)) of the encoder, \(Self.grouped(model)) of all" }

  /// A number with a comma before each three digits.
  private static func grouped(_ number: Int) -> String {
    let digits = Array(String(number))
    return digits.indices.reduce("") { text, index in
      let isStart = index > 0 && (digits.count - index).isMultiple(of: 3)
      return text + (isStart ? "," : "") + String(digits[index])
    }
  }
}
