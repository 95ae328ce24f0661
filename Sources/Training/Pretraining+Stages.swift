import Batches
import Encoders
import Methods
import NN
import Skeleton
import TensorCore

extension Pretraining {
  /// The number of the stage that an epoch, from 0, belongs to.
  func stage(of epoch: Int) -> Int {
    stages.firstIndex { $0.epochs.contains(epoch) } ?? stages.count - 1
  }

  /// Goes over into the stage of an epoch, if that is another one: the method is made anew, and what it knows comes to it
  /// by name.
  mutating func enterStage(of epoch: Int) throws {
    while stage < stage(of: epoch) {
      let next = stages[stage + 1]
      let fresh = try LearningModel(next.recipe, seed: UInt64(recipe.seed))
      let border = next.border
      fresh.takeOver(
        model, renamed: border?.scopes ?? [], keepsMemory: border?.keepsMemory ?? true)
      let own = Set(fresh.store.parameters.map(\.name))
      var other = next.recipe.optimizer.optimizer()
      if border?.keepsOptimizer ?? true, other.remembers == optimizer.remembers {
        // `momentum.encoder_q.…`
        other.state = optimizer.state.filter { own.contains(String($0.key.drop { $0 != "." }.dropFirst())) }
      }
      (model, optimizer) = (fresh, other)
      stage += 1
    }
  }

  /// The features of all training samples in the order of the source, (N, D), of the middle of each.
  func allFeatures() throws -> Tensor {
    let inputs = source.centreCrops(
      of: source.entries, frames: recipe.input.frames,
      stream: model.records.first?.stream ?? recipe.input.stream)
    defer { inputs.cancel() }
    var values: [Float] = []  // (N, D)
    while let input = try inputs.next() { values.append(contentsOf: model.features(Clips(input)).values) }
    return Tensor(values, shape: [source.entries.count, values.count / source.entries.count])
  }
}
