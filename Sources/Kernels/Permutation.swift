/// The array with its axes in another order: axis i of the result is axis order[i] of `a`.
public func permute(_ a: Storage, shape: [Int], order: [Int]) -> Storage {
  precondition(a.count == shape.reduce(1, *), "\(a.count) numbers of shape \(shape)")
  var strides = [Int](repeating: 1, count: shape.count)
  for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
  // The result's axes, as few as tell the same: neighbours that stay neighbours are one.
  var axes: [(length: Int, stride: Int)] = []
  for axis in order where shape[axis] != 1 {
    if let last = axes.last, last.stride == shape[axis] * strides[axis] {
      axes[axes.count - 1] = (last.length * shape[axis], strides[axis])
    } else {
      axes.append((shape[axis], strides[axis]))
    }
  }
  guard let last = axes.last, axes.count > 1 && a.count > 0 else { return a }
  let result = Storage(count: a.count)
  if last.stride == 1 {
    copyRows(a, to: result, rows: Array(axes.dropLast()), width: last.length)
  } else {
    transposeTiles(a, to: result, axes)
  }
  return result
}

/// Rows of `width` neighbours, one after the other.
private func copyRows(_ a: Storage, to result: Storage, rows axes: [(length: Int, stride: Int)], width: Int) {
  let x = unsafe a.pointer
  let y = unsafe result.pointer
  shareBlocks(a.count / width, size: max(1, elementBlock / width)) { rows in
    for row in rows {
      let from = unsafe x + offset(row, axes)
      let to = unsafe y + row * width
      for j in 0..<width { unsafe to[j] = from[j] }
    }
  }
}

/// The place of the entry number `index` of these axes.
private func offset(_ index: Int, _ axes: [(length: Int, stride: Int)]) -> Int {
  var (rest, place) = (index, 0)
  for axis in axes.indices.reversed() {
    place += rest % axes[axis].length * axes[axis].stride
    rest /= axes[axis].length
  }
  return place
}

/// Where the last axis is not the one whose numbers lie together: tiles of that axis and the last, so that a line of the
/// cache is used as a whole on both sides.
private func transposeTiles(_ a: Storage, to result: Storage, _ axes: [(length: Int, stride: Int)]) {
  guard let near = axes.firstIndex(where: { $0.stride == 1 }) else { return }
  let last = axes[axes.count - 1]
  let others = axes.indices.dropLast().filter { $0 != near }.map { axes[$0] }
  var steps = [Int](repeating: 1, count: axes.count)  // in the result
  for axis in axes.indices.dropLast().reversed() { steps[axis] = steps[axis + 1] * axes[axis + 1].length }
  let targets = axes.indices.dropLast().filter { $0 != near }.map { (axes[$0].length, steps[$0]) }
  let (nearLength, nearStep) = (axes[near].length, steps[near])
  let x = unsafe a.pointer
  let y = unsafe result.pointer
  let plane = nearLength * last.length
  shareBlocks(a.count / plane, size: max(1, elementBlock / plane)) { planes in
    for index in planes {
      let from = unsafe x + offset(index, others)
      let to = unsafe y + offset(index, targets.map { (length: $0.0, stride: $0.1) })
      for first in stride(from: 0, to: nearLength, by: 16) {
        let end = min(nearLength, first + 16)
        for j in 0..<last.length {
          let source = unsafe from + j * last.stride
          let target = unsafe to + j
          for i in first..<end { unsafe target[i * nearStep] = source[i] }
        }
      }
    }
  }
}
