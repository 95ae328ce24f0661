import Shards

/// What is counted while the shards of a data set pass by: numbers alone, so that memory is that of one shard and a
/// length for each sample.
struct InspectionTally {
  private(set) var lengths: [Int] = []
  private(set) var classes: [Int: Int] = [:]
  private(set) var bodies: [Int: Int] = [:]
  private(set) var cameras: [Int: Int] = [:]
  private(set) var setups: Set<Int> = []
  private(set) var subjects: Set<Int> = []
  private(set) var actions: [Int: Int] = [:]
  /// Frames that are part of an action, each counted once.
  private(set) var coveredFrames = 0
  private(set) var visibility = JointVisibility()

  mutating func add(_ shard: ShardOutline) {
    for sample in shard.samples {
      lengths.append(sample.length)
      classes[sample.label, default: 0] += 1
      bodies[sample.bodies, default: 0] += 1
      if sample.camera >= 0 { cameras[sample.camera, default: 0] += 1 }
      if sample.setup >= 0 { setups.insert(sample.setup) }
      if sample.subject >= 0 { subjects.insert(sample.subject) }
    }
    var covered = (sample: -1, end: 0)
    for action in shard.intervals.sorted(by: { ($0.sample, $0.start) < ($1.sample, $1.start) }) {
      actions[action.label, default: 0] += 1
      if action.sample != covered.sample { covered = (action.sample, 0) }
      coveredFrames += max(0, action.end - max(action.start, covered.end))
      covered.end = max(covered.end, action.end)
    }
    visibility.add(shard)
  }
}
