import CKernels

/// softmax(scale x) of each row, and log(sum(exp(scale x))) of each row.
public func softmaxRows(_ a: Storage, width: Int, scale: Float) -> (rows: Storage, logSums: Storage) {
  let rows = a.count / width
  let result = Storage(count: a.count)
  let logSums = Storage(count: rows)
  shareBlocks(rows, size: max(1, elementBlock / width)) { block in
    let offset = block.lowerBound * width
    unsafe ck_softmax_rows(
      block.count, width, scale, a.pointer + offset, result.pointer + offset,
      logSums.pointer + block.lowerBound)
  }
  return (result, logSums)
}

/// A column (rows) in front of a matrix (rows, width): (rows, 1 + width).
public func prependColumn(_ column: Storage, _ matrix: Storage) -> Storage {
  let rows = column.count
  let width = rows == 0 ? 0 : matrix.count / rows
  precondition(rows * width == matrix.count, "a column of \(rows) before \(matrix.count) numbers")
  let result = Storage(count: rows * (width + 1))
  for row in 0..<rows {
    let to = unsafe result.pointer + row * (width + 1)
    unsafe to[0] = column.pointer[row]
    unsafe (to + 1).update(from: matrix.pointer + row * width, count: width)
  }
  return result
}

/// A matrix (rows, 1 + width) as its first column and the rest.
public func splitColumn(_ matrix: Storage, rows: Int) -> (column: Storage, rest: Storage) {
  let width = matrix.count / rows - 1
  let column = Storage(count: rows)
  let rest = Storage(count: rows * width)
  for row in 0..<rows {
    let from = unsafe matrix.pointer + row * (width + 1)
    unsafe column.pointer[row] = from[0]
    unsafe (rest.pointer + row * width).update(from: from + 1, count: width)
  }
  return (column, rest)
}

/// mean over rows of (logSum - scale x[label]): the cross-entropy of softmax(scale x).
public func crossEntropy(_ a: Storage, logSums: Storage, labels: [Int], scale: Float) -> Float {
  let width = a.count / labels.count
  var total = 0.0
  for (row, label) in labels.enumerated() {
    total += unsafe Double(logSums.pointer[row] - scale * a.pointer[row * width + label])
  }
  return Float(total / Double(labels.count))
}

/// factor (p - onehot(label)): the pullback of `crossEntropy`, up to its scale.
public func crossEntropyPullback(_ probabilities: Storage, labels: [Int], factor: Float) -> Storage {
  let result = scale(probabilities, by: factor)
  let width = probabilities.count / labels.count
  for (row, label) in labels.enumerated() { unsafe result.pointer[row * width + label] -= factor }
  return result
}

/// sum of p (log p - log q) over everything, with log p = teacherScale t - teacherLogSum and log q alike.
public func divergence(
  probabilities: Storage, teacher: Storage, teacherScale: Float, teacherLogSums: Storage, student: Storage,
  studentScale: Float, studentLogSums: Storage
) -> Float {
  let rows = teacherLogSums.count
  let width = teacher.count / rows
  var total = 0.0
  for row in 0..<rows {
    // Log p - log q is a sum of two parts, one of which is the same for the whole row.
    let offset = unsafe studentLogSums.pointer[row] - teacherLogSums.pointer[row]
    let p = unsafe probabilities.pointer + row * width
    let t = unsafe teacher.pointer + row * width
    let s = unsafe student.pointer + row * width
    for i in 0..<width {
      unsafe total += Double(p[i] * (teacherScale * t[i] - studentScale * s[i] + offset))
    }
  }
  return Float(total)
}
