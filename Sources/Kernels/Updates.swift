/// One step of gradient descent with momentum: d = g + decay p; m' = momentum m + d, or d at the first step
/// (m nil); p' = p - rate m', or with Nesterov's look ahead p - rate (d + momentum m').
public func descend(
  _ parameter: Storage, gradient: Storage, momentum buffer: Storage?, rate: Float, momentum: Float,
  decay: Float,
  nesterov: Bool
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
      let d = unsafe g[i] + decay * p[i]
      let next = unsafe isFirst ? d : momentum * m[i] + d
      unsafe toM[i] = next
      unsafe toP[i] = p[i] - rate * (nesterov ? d + momentum * next : next)
    }
  }
  return (newParameter, newBuffer)
}

/// momentum a + (1 - momentum) b.
public func interpolate(_ a: Storage, towards b: Storage, momentum: Float) -> Storage {
  precondition(a.count == b.count, "\(a.count) numbers towards \(b.count)")
  return combine(a, b) { momentum * $0 + (1 - momentum) * $1 }
}
