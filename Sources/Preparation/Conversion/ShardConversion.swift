import Shards

/// Collects what recordings became to the shard of a run.
struct ShardConversion {
  let options: ConversionOptions
  let attributes: ShardAttributes

  /// What is left of a run.
  struct Result: Sendable {
    var shard: ShardBuilder
    var rows: [ReportRow] = []
  }

  /// The result of a run of which nothing has been read yet.
  func emptyResult() -> Result {
    Result(
      shard: ShardBuilder(attributes: attributes, compression: options.compression, columns: options.columns))
  }

  /// Adds the samples of a recording to a run's result.
  ///
  /// - Returns: the chunks that they fill; somebody has to compress them.
  /// - Throws: what the shard's builder throws.
  func add(_ recording: RecordingConversion.Result, to result: inout Result) throws -> [ShardChunk] {
    var filled: [ShardChunk] = []
    for sample in recording.samples {
      try result.shard.append(
        sample.record, frames: sample.clip.joints, visible: sample.clip.visible, intervals: sample.intervals,
        loops: sample.loops, columns: sample.columns
      ) { filled.append($0) }
    }
    result.rows += recording.rows
    return filled
  }
}
