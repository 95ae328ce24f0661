import HDF5
import Skeleton

/// Opens the datasets of a shard, and refuses what is not as the format says.
struct ShardColumns: ~Copyable {
  let file: HDF5File
  let name: String

  init(file: consuming HDF5File, name: String) {
    self.file = file
    self.name = name
  }

  /// The root's attributes; the format and its version first.
  func attributes() throws -> ShardAttributes {
    let format: String = try attribute("format")
    let version: Int = try attribute("format_version")
    guard format == ShardLayout.format, version == ShardLayout.version else {
      throw InputError(
        name, at: "format", found: "\(format) \(version)",
        expected: "\(ShardLayout.format) \(ShardLayout.version)",
        hint: "convert the recordings with this version of skelprep, or read them with the one that made them"
      )
    }
    let attributes = ShardAttributes(
      dataset: try attribute("dataset"), profile: try attribute("profile"),
      recipe: try attribute("recipe"), jointNames: try attribute("joint_names"),
      frameRate: try attribute("frame_rate"), units: try attribute("units"),
      generator: try attribute("generator"))
    // Bones, body parts and what is up are told by a joint's number.
    guard attributes.jointNames == Kinect25.jointNames else {
      let other = zip(attributes.jointNames, Kinect25.jointNames).first { $0 != $1 }
      throw InputError(
        name, at: "joint_names",
        found: other.map { "\($0.0) in place of \($0.1)" } ?? "\(attributes.jointNames.count) names",
        expected: "the \(Kinect25.jointCount) joints of Kinect v2 in their order")
    }
    guard attributes.frameRate.isFinite, attributes.frameRate > 0 else {
      throw InputError(name, at: "frame_rate", found: "\(attributes.frameRate)", expected: "more than 0")
    }
    return attributes
  }

  /// A dataset of rows of the shape given.
  func dataset(_ path: String, _ element: ElementType?, row: [Int]) throws -> HDF5Dataset {
    let dataset = try inFile(name, at: path) { () throws(HDF5Error) in try file.dataset(path) }
    let found = dataset.description
    let isText = if case .fixedString = found.element { true } else { false }
    guard element.map({ $0 == found.element }) ?? isText else {
      throw InputError(
        name, at: path, found: "\(found.element)", expected: element.map { "\($0)" } ?? "fixed-length text")
    }
    guard !found.shape.isEmpty, Array(found.shape.dropFirst()) == row else {
      throw InputError(name, at: path, found: "the shape \(found.shape)", expected: "rows of \(row)")
    }
    let allowed: Set<Int> = [
      DatasetDescription.Filter.shuffle, DatasetDescription.Filter.deflate,
      DatasetDescription.Filter.fletcher32,
    ]
    guard Set(found.filters).isSubset(of: allowed), Set(found.filters).count == found.filters.count else {
      throw InputError(
        name, at: path, found: "the filters \(found.filters)",
        expected: "some of shuffle (2), deflate (1) and fletcher32 (3)")
    }
    guard !found.chunk.isEmpty, found.filters.contains(DatasetDescription.Filter.fletcher32) else {
      throw InputError(name, at: path, found: "no checksums", expected: "chunks with fletcher32")
    }
    guard found.isAllocated else {
      throw InputError(name, at: path, found: "chunks that were never written")
    }
    return dataset
  }

  /// The samples, each sound by itself, one after another, with as many frames as there are rows.
  ///
  /// - Parameter classes: how many classes the data set has.
  func samples(frameCount: Int, classes: Int) throws -> [SampleRecord] {
    let names = try texts(ShardLayout.name)
    let digests = try texts(ShardLayout.digest)
    var samples = names.map { SampleRecord(name: $0, digest: "") }
    guard digests.count == samples.count else {
      throw wrongCount(ShardLayout.digest, digests.count, samples.count)
    }
    for index in samples.indices { samples[index].digest = digests[index] }
    for column in SampleColumn.all {
      let values = try integers("\(ShardLayout.samples)/\(column.name)", column.type, count: samples.count)
      for index in samples.indices { samples[index][keyPath: column.value] = Int(values[index]) }
    }
    for column in SampleColumn.optional where file.exists("\(ShardLayout.samples)/\(column.name)") {
      let values = try integers("\(ShardLayout.samples)/\(column.name)", column.type, count: samples.count)
      for index in samples.indices { samples[index][keyPath: column.value] = Int(values[index]) }
    }
    var next = 0
    for (index, sample) in samples.enumerated() {
      if let fault = sample.fault(classes: classes) {
        throw InputError(
          name, at: "\(ShardLayout.samples)/\(fault.place)[\(index)]", found: fault.found,
          expected: fault.expected)
      }
      guard sample.start == next, sample.length <= frameCount - next else {
        throw InputError(
          name, at: "\(ShardLayout.samples)/start[\(index)]",
          found: "rows \(sample.start) ..< \(sample.start)+\(sample.length) of \(frameCount)",
          expected: "a start of \(next)")
      }
      next += sample.length
    }
    guard next == frameCount else {
      throw InputError(
        name, at: ShardLayout.frames, found: "\(frameCount) rows", expected: "\(next), as the samples have")
    }
    guard Set(names).count == names.count else {
      throw InputError(name, at: ShardLayout.name, found: "a name that comes twice")
    }
    return samples
  }

  /// The intervals, or none where the shard has no such group.
  func intervals(of samples: [SampleRecord], classes: Int) throws -> [ActionInterval] {
    guard file.exists(ShardLayout.intervals) else { return [] }
    let dataset = try dataset(ShardLayout.confidence, .float32, row: [])
    let confidences = try inFile(name, at: ShardLayout.confidence) { () throws(HDF5Error) in
      try dataset.floats()
    }
    var intervals = confidences.map { ActionInterval(start: 0, end: 0, label: 0, confidence: $0) }
    for column in IntervalColumn.all {
      let path = "\(ShardLayout.intervals)/\(column.name)"
      let values = try integers(path, .int32, count: intervals.count)
      for index in intervals.indices { intervals[index][keyPath: column.value] = Int(values[index]) }
    }
    for (index, interval) in intervals.enumerated() {
      guard samples.indices.contains(interval.sample),
        interval.isSound(length: samples[interval.sample].length, classes: classes)
      else {
        throw InputError(
          name, at: "\(ShardLayout.intervals)[\(index)]", found: "\(interval)",
          expected: "an action within its sample, of one of \(classes) classes")
      }
    }
    return intervals
  }

  /// The loops, or none where the shard has no such group.
  func loops(of samples: [SampleRecord]) throws -> [BodyLoops] {
    guard file.exists(ShardLayout.loops) else { return [] }
    let dataset = try dataset(ShardLayout.origins, .float32, row: [Kinect25.coordinateCount])
    let origins = try inFile(name, at: ShardLayout.origins) { () throws(HDF5Error) in
      try dataset.floats()
    }
    let samplesOfLoops = try integers("\(ShardLayout.loops)/\(LoopColumn.all[0].name)", .int32)
    var loops = Array(repeating: BodyLoops(first: 0, second: 0, origins: []), count: samplesOfLoops.count)
    for column in LoopColumn.all {
      let values = try integers("\(ShardLayout.loops)/\(column.name)", .int32, count: loops.count)
      for index in loops.indices { loops[index][keyPath: column.value] = Int(values[index]) }
    }
    var next = 0
    for index in loops.indices {
      let (sample, count) = (loops[index].sample, loops[index].first * Kinect25.coordinateCount)
      let isInOrder = index == 0 || loops[index - 1].sample < sample
      guard samples.indices.contains(sample), isInOrder, (0...(origins.count - next)).contains(count) else {
        throw unsound(loops[index], index)
      }
      loops[index].origins = Array(origins[next..<(next + count)])
      next += count
      guard loops[index].isSound(length: samples[sample].length) else { throw unsound(loops[index], index) }
    }
    guard next == origins.count else {
      throw wrongCount(ShardLayout.origins, origins.count, next)
    }
    return loops
  }

  private func unsound(_ loops: BodyLoops, _ index: Int) -> InputError {
    InputError(
      name, at: "\(ShardLayout.loops)[\(index)]",
      found: "\(loops.first) and \(loops.second) frames of sample \(loops.sample)",
      expected: "two numbers of frames within its sample, and as many origins as the first says")
  }

  private func attribute(_ key: String) throws -> String {
    try inFile(name, at: key) { () throws(HDF5Error) in try file.attribute(key) }
  }

  private func attribute(_ key: String) throws -> [String] {
    try inFile(name, at: key) { () throws(HDF5Error) in try file.attribute(key) }
  }

  private func attribute(_ key: String) throws -> Double {
    try inFile(name, at: key) { () throws(HDF5Error) in try file.attribute(key) }
  }

  private func attribute(_ key: String) throws -> Int {
    try inFile(name, at: key) { () throws(HDF5Error) in try file.attribute(key) }
  }

  private func texts(_ path: String) throws -> [String] {
    let dataset = try dataset(path, nil, row: [])
    return try inFile(name, at: path) { () throws(HDF5Error) in try dataset.strings() }
  }

  /// Whole numbers, as many as are expected, if it is known how many.
  private func integers(_ path: String, _ element: ElementType, count: Int? = nil) throws -> [Int64] {
    let dataset = try dataset(path, element, row: [])
    let found = dataset.description.shape[0]
    if let count, found != count { throw wrongCount(path, found, count) }
    return try inFile(name, at: path) { () throws(HDF5Error) in try dataset.integers() }
  }

  private func wrongCount(_ path: String, _ found: Int, _ expected: Int) -> InputError {
    InputError(name, at: path, found: "\(found) values", expected: "\(expected)")
  }
}
