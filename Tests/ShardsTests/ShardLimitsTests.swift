import Foundation
import Shards
import Skeleton
import Testing

/// What no value of a shard goes beyond is refused where it would be written. `ForeignFileTests` reads files that
/// other programs wrote.
@Suite struct ShardLimitsTests {
  private let sample = ExampleShard(samples: 1, frames: 20...20).content[0]

  /// Appends the sample with one thing changed.
  private func append(
    dataset: String = "ntu60", label: Int = 0, coordinate: Float = 0, interval: ActionInterval? = nil
  ) throws {
    var attributes = ExampleShard.attributes
    attributes.dataset = dataset
    var builder = ShardBuilder(attributes: attributes, compression: 1)
    var (record, frames) = (sample.record, sample.frames)
    record.label = label
    frames[7] = coordinate
    try builder.append(
      record, frames: frames, visible: sample.visible, intervals: interval.map { [$0] } ?? [])
  }

  @Test func aLabelIsOfAClassOfTheDataSet() throws {
    for (dataset, classes) in [
      ("ntu60", 60), ("ntu120", 120), ("pkummd1", 51), ("pkummd2", 51), ("another", ShardLimits.mostClasses),
    ] {
      for label in [-1, 0, classes - 1] { try append(dataset: dataset, label: label) }
      for label in [-2, classes, 1_000_000, Int(Int32.max)] {
        #expect("\(dataset), class \(label)") { try append(dataset: dataset, label: label) } throws: {
          "\($0)".contains("label: \(label)")
        }
      }
      func interval(_ label: Int) -> ActionInterval { ActionInterval(start: 1, end: 5, label: label) }
      try append(dataset: dataset, interval: interval(classes - 1))
      for label in [-1, classes, Int(Int32.max)] {
        #expect(throws: InputError.self) { try append(dataset: dataset, interval: interval(label)) }
      }
    }
  }

  @Test func aCoordinateIsAPlaceThatSomebodyCanBeAt() throws {
    for coordinate in [ShardLimits.farthest, -ShardLimits.farthest, 1e-30] {
      try append(coordinate: coordinate)
    }
    for coordinate in [ShardLimits.farthest.nextUp, -1e6, 1e30, .infinity, .nan] as [Float] {
      #expect("\(coordinate)") { try append(coordinate: coordinate) } throws: {
        "\($0)".contains("\(coordinate)") && "\($0)".contains("metres")
      }
    }
  }
}
