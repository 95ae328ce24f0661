import Foundation

/// Coordinates as 16-bit whole numbers of a step: what a page carries in place of floats.
struct QuantizedJoints {
  /// Metres a unit: the greatest coordinate becomes 32,767.
  let step: Double
  /// The coordinates in units of `step`, in their own order.
  let values: [Int16]

  /// The most that a coordinate is off by, in metres.
  var error: Double { step / 2 }

  init(_ metres: [Float]) {
    let most = metres.reduce(Float(0)) { max($0, abs($1)) }
    let step = most > 0 ? Double(most) / Double(Int16.max) : 0.001
    self.step = step
    values = metres.map { Int16((Double($0) / step).rounded()) }
  }

  /// The values, two bytes each, low byte first.
  var base64: String {
    var data = Data(capacity: values.count * 2)
    for value in values {
      data.append(UInt8(truncatingIfNeeded: value))
      data.append(UInt8(truncatingIfNeeded: value >> 8))
    }
    return data.base64EncodedString()
  }
}
