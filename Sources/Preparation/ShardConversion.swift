import Formats
import Shards
import Skeleton

/// Makes a shard of a run of recordings: the work of one thread.
struct ShardConversion {
  let options: ConversionOptions
  let attributes: ShardAttributes

  /// What is left of a run.
  struct Result {
    /// Holds the samples; nil if there are none.
    var shard: ShardBuilder?
    var rows: [ReportRow] = []
  }

  /// Reads, normalizes and collects the run's samples.
  ///
  /// - Parameters:
  ///   - run: the recordings.
  ///   - reader: the thread's reader.
  ///   - report: is given the rows of each recording as soon as they are known.
  /// - Throws: what the shard's builder throws. Unusable files are rows and not errors.
  func convert(
    _ run: ConversionPlan.Run, reader: RawFileReader, report: (ConversionPlan.Source, [ReportRow]) -> Void
  ) throws -> Result {
    let conversion = RecordingConversion(options)
    var shard = ShardBuilder(attributes: attributes, compression: options.compression)
    var result = Result()
    for source in run.sources {
      let converted = conversion.convert(source, with: reader)
      for sample in converted.samples {
        try shard.append(
          sample.record, frames: sample.clip.joints, visible: sample.clip.visible,
          intervals: sample.intervals)
      }
      result.rows += converted.rows
      report(source, converted.rows)
    }
    if shard.sampleCount > 0 { result.shard = shard }
    return result
  }
}
