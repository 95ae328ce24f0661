import NN
import TensorCore

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
  private let settings: PCM3PlusPlusSettings

  /// A target of keys, (N, D), which are constants.
  init(_ keys: Tensor, _ queue: FeatureQueue, _ settings: PCM3PlusPlusSettings) {
    self.keys = keys
    self.settings = settings
    similarities = queue.similarities(of: keys)
    let count = settings.taughtCount(of: queue.count)
    taught = count < queue.count ? similarities.largestColumns(count) : nil
  }

  /// InfoNCE of embeddings, (N, D), whose similarities to the queue are (N, K).
  func contrast(_ embeddings: Tensor, _ similarities: Tensor) -> Tensor {
    infoNCE(
      positive: embeddings.rowDot(keys), negatives: similarities, temperature: settings.contrastTemperature)
  }

  /// KL(softmax(key · queue / T_t) ‖ softmax(embedding · queue / T_s)) over the columns that are taught; (N, K).
  func distillation(_ similarities: Tensor) -> Tensor {
    func seen(_ all: Tensor) -> Tensor {
      taught.map { all.columns($0, count: $0.count / all.shape[0]) } ?? all
    }
    return similarityKL(
      teacher: seen(self.similarities), student: seen(similarities),
      teacherTemperature: settings.teacherTemperature, studentTemperature: settings.studentTemperature)
  }
}
