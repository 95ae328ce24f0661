import NN
import Recipes
import TensorCore

/// How embeddings are contrasted with keys, and how they learn from the keys' similarities. Defaults are PCM3's.
public struct ContrastSettings: Sendable, Equatable {
  /// Temperature of InfoNCE.
  public var temperature: Float = 0.07
  /// Temperature of the query's similarities in distillation.
  public var student: Float = 0.1
  /// Temperature of the key's similarities in distillation.
  public var teacher: Float = 0.05
  /// How much of the queue distillation compares: the keys most similar to the teacher. CMD takes half, PCM3 all.
  public var nearest: Float = 1

  /// The published settings.
  public init() {}

  static let settings: [Setting<ContrastSettings>] = [
    .number("temperature.contrast", \.temperature, 0.001...10, "temperature of InfoNCE"),
    .number("temperature.student", \.student, 0.001...10, "temperature of the query in distillation"),
    .number("temperature.teacher", \.teacher, 0.001...10, "temperature of the key in distillation"),
    .number(
      "nearest", \.nearest, 0.0001...1,
      "share of the queue that distillation compares, the keys most similar to the teacher"),
  ]

  /// The keys of a queue that distillation compares.
  func taughtCount(of queue: Int) -> Int { min(max(Int((Float(queue) * nearest).rounded()), 1), queue) }
}

/// What embeddings are compared with: keys, and how similar these are to the keys of a queue.
///
/// Both losses of the family are here: contrast of an embedding with its key, and distillation of the key's view of the
/// queue. The encoder whose key teaches need not be the one whose queue an embedding is contrasted with.
struct ContrastTarget {
  /// The keys, (N, D).
  let keys: Tensor
  /// Their similarities to the queue, (N, K).
  let similarities: Tensor
  /// For each key the columns of the queue that it teaches, those most similar to it, (N, k); nil for all K.
  private let taught: [Int]?
  private let settings: ContrastSettings

  /// A target of keys, (N, D), which are constants.
  init(_ keys: Tensor, _ queue: FeatureQueue, _ settings: ContrastSettings) {
    self.keys = keys
    self.settings = settings
    similarities = queue.similarities(of: keys)
    let count = settings.taughtCount(of: queue.count)
    taught = count < queue.count ? similarities.largestColumns(count) : nil
  }

  /// InfoNCE of embeddings, (N, D), whose similarities to the queue are (N, K).
  func contrast(_ embeddings: Tensor, _ similarities: Tensor) -> Tensor {
    infoNCE(positive: embeddings.rowDot(keys), negatives: similarities, temperature: settings.temperature)
  }

  /// KL(softmax(key · queue / T_t) ‖ softmax(embedding · queue / T_s)) over the columns that are taught; (N, K).
  func distillation(_ similarities: Tensor) -> Tensor {
    func seen(_ all: Tensor) -> Tensor {
      taught.map { all.columns($0, count: $0.count / all.shape[0]) } ?? all
    }
    return similarityKL(
      teacher: seen(self.similarities), student: seen(similarities),
      teacherTemperature: settings.teacher, studentTemperature: settings.student)
  }
}
