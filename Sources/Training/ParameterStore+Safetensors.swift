import NN
import Skeleton
import TensorCore

extension ParameterStore {
  /// All parameters and buffers under their names, as PyTorch's `state_dict` has them.
  public var entries: [Safetensors.Entry] { (parameters + buffers).map(\.entry) }

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

extension Parameter {
  /// The parameter as files keep it.
  var entry: Safetensors.Entry {
    switch number {
    case .real: Safetensors.Entry(name, shape: value.shape, .float32(value.values))
    case .whole, .row: Safetensors.Entry(name, shape: value.shape, .int64(value.values.map(Int64.init)))
    }
  }
}

extension Safetensors {
  /// The numbers of something that a method remembers, which must be there.
  ///
  /// - Throws: an `InputError` that names it.
  func memory(_ parameter: Parameter, file: String) throws -> [Float] {
    let shape = parameter.value.shape
    let limit: Int64
    switch parameter.number {
    case .real: return try floats(parameter.name, shape: shape, file: file)
    case .whole: limit = 1 << 24
    case .row(let count): limit = Int64(count)
    }
    guard let entry = self[parameter.name], entry.shape == shape, case .int64(let values) = entry.values,
      values.allSatisfy({ (0..<limit).contains($0) })
    else {
      throw InputError(
        file, at: parameter.name, found: "no such whole numbers",
        expected: "numbers in 0..<\(limit) of shape \(shape)")
    }
    return values.map(Float.init)
  }

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
