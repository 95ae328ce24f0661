/// One step of gradient descent with momentum: d = scale g + decay p; m' = momentum m + d, or d at the first step
/// (m nil); p' = p - rate m', or with Nesterov's look ahead p - rate (d + momentum m').
public func descend(
  _ parameter: Storage, gradient: Storage, scale: Float, momentum buffer: Storage?, rate: Float,
  momentum: Float, decay: Float, nesterov: Bool
) -> (parameter: Storage, momentum: Storage) {
  precondition(
    gradient.count == parameter.count && (buffer?.count ?? parameter.count) == parameter.count,
    "\(parameter.count) parameters, \(gradient.count) gradients, \(buffer?.count ?? 0) in the buffer")
  let newParameter = Storage(count: parameter.count)
  let newBuffer = Storage(count: parameter.count)
  let p = unsafe parameter.pointer
  let g = unsafe gradient.pointer
  let m = unsafe (buffer ?? gradient).pointer
  let isFirst = buffer == nil
  let toP = unsafe newParameter.pointer
  let toM = unsafe newBuffer.pointer
  shareBlocks(parameter.count, size: elementBlock) { block in
    for i in block {
      let d = unsafe scale * g[i] + decay * p[i]
      let next = unsafe isFirst ? d : momentum * m[i] + d
      unsafe toM[i] = next
      unsafe toP[i] = p[i] - rate * (nesterov ? d + momentum * next : next)
    }
  }
  return (newParameter, newBuffer)
}

/// The numbers of one step of Adam that are the same for every parameter.
public struct AdamStep: Sendable {
  /// How far a parameter moves where the direction is 1, after the correction of the first moment.
  public let rate: Float
  /// How much of the moments stays.
  public let beta1: Float
  /// How much of the second moments stays.
  public let beta2: Float
  /// What the second moment is divided by before its root is taken.
  public let correction: Float
  /// What is added to the root.
  public let epsilon: Float
  /// What is added to the gradient for each unit of the parameter.
  public let decay: Float
  /// What the parameter is multiplied by before it moves.
  public let shrink: Float

  /// The numbers of a step; meanings as in the properties.
  public init(
    rate: Float, beta1: Float, beta2: Float, correction: Float, epsilon: Float, decay: Float, shrink: Float
  ) {
    (self.rate, self.beta1, self.beta2) = (rate, beta1, beta2)
    (self.correction, self.epsilon, self.decay, self.shrink) = (correction, epsilon, decay, shrink)
  }
}

/// One step of Adam: d = scale g + decay p; m' = β₁ m + (1 - β₁) d; v' = β₂ v + (1 - β₂) d²;
/// p' = shrink p - rate m' / (√(v' / correction) + ε). Without moments (nil) they are 0.
public func adam(
  _ parameter: Storage, gradient: Storage, scale: Float, moments: (first: Storage, second: Storage)?,
  _ step: AdamStep
) -> (parameter: Storage, first: Storage, second: Storage) {
  let count = parameter.count
  precondition(
    gradient.count == count && (moments.map { $0.first.count == count && $0.second.count == count } ?? true),
    "\(count) parameters, \(gradient.count) gradients, moments of another count")
  let (first, second) = (
    moments?.first ?? Storage(repeating: 0, count: count),
    moments?.second ?? Storage(repeating: 0, count: count)
  )
  let result = (
    parameter: Storage(count: count), first: Storage(count: count), second: Storage(count: count)
  )
  let (p, g) = unsafe (parameter.pointer, gradient.pointer)
  let (m, v) = unsafe (first.pointer, second.pointer)
  let toP = unsafe result.parameter.pointer
  let (toM, toV) = unsafe (result.first.pointer, result.second.pointer)
  let correction = step.correction.squareRoot()
  shareBlocks(count, size: elementBlock) { block in
    for i in block {
      let d = unsafe scale * g[i] + step.decay * p[i]
      let nextM = unsafe step.beta1 * m[i] + (1 - step.beta1) * d
      let nextV = unsafe step.beta2 * v[i] + (1 - step.beta2) * d * d
      unsafe toM[i] = nextM
      unsafe toV[i] = nextV
      unsafe toP[i] =
        step.shrink * p[i] - step.rate * nextM / (nextV.squareRoot() / correction + step.epsilon)
    }
  }
  return result
}

/// momentum a + (1 - momentum) b.
public func interpolate(_ a: Storage, towards b: Storage, momentum: Float) -> Storage {
  precondition(a.count == b.count, "\(a.count) numbers towards \(b.count)")
  return combine(a, b) { momentum * $0 + (1 - momentum) * $1 }
}
