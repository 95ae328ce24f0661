import NN
import Skeleton
import TensorCore

extension ParameterStore {
  /// All parameters and buffers under their names, as PyTorch's `state_dict` has them.
  public var entries: [Safetensors.Entry] {
    let learned = parameters.map {
      Safetensors.Entry($0.name, shape: $0.value.shape, .float32($0.value.values))
    }
    let tracked = buffers.map { buffer -> Safetensors.Entry in
      // PyTorch counts batches in a 64-bit whole number without axes.
      guard buffer.name.hasSuffix("num_batches_tracked") else {
        return Safetensors.Entry(buffer.name, shape: buffer.value.shape, .float32(buffer.value.values))
      }
      return Safetensors.Entry(buffer.name, shape: [], .int64([Int64(buffer.value.scalar)]))
    }
    return learned + tracked
  }

  /// Sets every parameter and buffer of the store to the file's values.
  ///
  /// - Throws: an `InputError` that names the first array that is missing, of another shape, or holds what a running
  ///   statistic cannot be.
  public func load(_ tensors: Safetensors, file: String) throws {
    for parameter in parameters {
      let values = try tensors.floats(parameter.name, shape: parameter.value.shape, file: file)
      let value = Tensor(values, shape: parameter.value.shape)
      parameter.value = parameter.isTrainable ? value.asVariable() : value
    }
    for buffer in buffers {
      let values = try tensors.values(buffer.name, shape: buffer.value.shape, file: file)
      buffer.value = Tensor(values, shape: buffer.value.shape)
    }
  }

  /// Sets every parameter and buffer to the values of weights that were made elsewhere, whose names have to be the
  /// store's, all of them and no others.
  ///
  /// - Throws: an `InputError` that names what is missing, what is not expected, and what has another shape.
  public func load(start tensors: Safetensors, file: String) throws {
    let entries = Dictionary(uniqueKeysWithValues: tensors.entries.map { ($0.name, $0) })
    let own = Set(names)
    let missing = names.filter { entries[$0] == nil }
    let unexpected = tensors.entries.map(\.name).filter { !own.contains($0) }
    let misshapen = all.compactMap { parameter -> String? in
      guard let entry = entries[parameter.name], entry.shape != parameter.value.shape else { return nil }
      return "\(parameter.name) of \(entry.shape), not \(parameter.value.shape)"
    }
    func listed(_ kind: String, _ names: [String]) -> String? {
      guard !names.isEmpty else { return nil }
      let rest = names.count > 4 ? " and \(names.count - 4) more" : ""
      return "\(names.count) \(kind): " + names.prefix(4).joined(separator: ", ") + rest
    }
    let problems = [
      listed("missing", missing), listed("not expected", unexpected), listed("of another shape", misshapen),
    ].compactMap(\.self)
    guard problems.isEmpty else {
      throw InputError(
        file, found: "other arrays than the model's; " + problems.joined(separator: "; "),
        expected: "the \(own.count) arrays of the recipe's model",
        hint: "set method, sizes, positives and prompts as those of the weights are, or rename the arrays")
    }
    try load(tensors, file: file)
  }
}

extension Safetensors {
  /// Most batches that a layer can have counted.
  private static let mostBatches: Float = 0x1p40

  /// The numbers of a running statistic: a count of batches, which PyTorch keeps as a whole number, a mean or a
  /// variance.
  private func buffer(_ name: String, shape: [Int], file: String) throws -> [Float] {
    let (isCount, isVariance) = (name.hasSuffix("num_batches_tracked"), name.hasSuffix("running_var"))
    let values: [Float]
    if isCount, let entry = self[name], case .int64(let count) = entry.values, count.count == 1 {
      values = [Float(count[0])]
    } else {
      values = try floats(name, shape: shape, file: file)
    }
    let most = isCount ? Self.mostBatches : .greatestFiniteMagnitude
    let least = isCount || isVariance ? 0 : -Float.greatestFiniteMagnitude
    guard let found = values.first(where: { !(least...most).contains($0) }) else { return values }
    throw InputError(
      file, at: name, found: "\(found)",
      expected: isCount
        ? "a count of batches, at most \(Int(most))" : isVariance ? "variances, from 0" : "finite numbers")
  }

  /// The numbers of a model's parameter or running statistic that must be there with a shape.
  ///
  /// - Throws: an `InputError` that names it.
  public func values(_ name: String, shape: [Int], file: String) throws -> [Float] {
    let isBuffer = ["num_batches_tracked", "running_mean", "running_var"].contains(where: name.hasSuffix)
    return try isBuffer ? buffer(name, shape: shape, file: file) : floats(name, shape: shape, file: file)
  }

  /// The numbers of an array that must be there with a shape.
  func floats(_ name: String, shape: [Int], file: String) throws -> [Float] {
    guard let entry = self[name] else {
      throw InputError(
        file, at: name, found: "no such array", expected: "shape \(shape)",
        hint: "the checkpoint was made with another recipe")
    }
    guard entry.shape == shape, case .float32(let values) = entry.values else {
      throw InputError(
        file, at: name, found: "shape \(entry.shape)", expected: "\(shape)",
        hint: "the checkpoint was made with another recipe")
    }
    return values
  }
}
