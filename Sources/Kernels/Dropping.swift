import CKernels

/// Where random words come from: a key and a place of the counter of Philox4x32-10.
public struct WordSource: Sendable {
  let key: (UInt32, UInt32)
  let stream: (UInt32, UInt32, UInt32)

  /// The words that a generator of this key and stream gives from its start.
  public init(key: (UInt32, UInt32), stream: (UInt32, UInt32, UInt32)) {
    (self.key, self.stream) = (key, stream)
  }
}

/// Each number with its word w of the source: 0 where w < share · 2³², else times 1 / (1 - share).
///
/// The pullback is the same function of the gradient, so nothing has to be kept.
public func drop(_ a: Storage, share: Float, _ source: WordSource) -> Storage {
  let result = Storage(count: a.count)
  let threshold = UInt32(clamping: Int64((Double(share) * 0x1p32).rounded()))
  let factor = 1 / (1 - share)
  shareBlocks(a.count, size: elementBlock) { block in
    unsafe ck_drop(
      block.count, a.pointer + block.lowerBound, result.pointer + block.lowerBound, threshold, factor,
      source.key.0, source.key.1, UInt32(block.lowerBound / 4), source.stream.0, source.stream.1,
      source.stream.2)
  }
  return result
}
