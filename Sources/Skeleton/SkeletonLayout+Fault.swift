extension SkeletonLayout {
  /// The most joints that a layout may have: more than hands, faces and feet together have.
  public static let mostJoints = 256

  /// What of a layout contradicts the rest, and what should stand there; nil where it holds together.
  public var fault: (place: String, found: String, expected: String)? {
    if name.isEmpty || name.utf8.count > 100 || !name.utf8.allSatisfy({ (33...126).contains($0) }) {
      return ("name", "\"\(name)\"", "1 to 100 letters, digits and signs without blanks")
    }
    let count = joints.count
    guard (2...SkeletonLayout.mostJoints).contains(count) else {
      return ("joints", "\(count) joints", "2 to \(SkeletonLayout.mostJoints)")
    }
    if let twice = joints.enumerated().first(where: { joints.firstIndex(of: $1) != $0 }) {
      return ("joints", "\(twice.element) twice", "each name once")
    }
    if let bad = joints.first(where: { $0.isEmpty || $0.utf8.count > 100 }) {
      return ("joints", "\"\(bad.prefix(40))\"", "1 to 100 characters")
    }
    if !(2...3).contains(coordinates) { return ("coordinates", "\(coordinates)", "2 or 3") }
    if !(1...2).contains(bodies) { return ("bodies", "\(bodies)", "1 or 2") }
    if parents.count != count || parents.contains(where: { !joints.indices.contains($0) }) {
      return ("parents", "\(parents.count) of \(count)", "a joint for each")
    }
    if !joints.indices.contains(centre) { return ("centre", "joint \(centre)", "0 to \(count - 1)") }
    if let loose = joints.indices.first(where: { !reachesRoot($0) }) {
      return (
        "parents", "a ring that \(joints[loose]) hangs on", "bones that lead to a joint that names itself"
      )
    }
    if mirrored.count != count
      || mirrored.enumerated().contains(where: { !joints.indices.contains($1) || mirrored[$1] != $0 })
    {
      return ("mirrored", "\(mirrored)", "pairs of joints that name each other")
    }
    if parts.flatMap(\.joints).sorted() != Array(joints.indices) {
      return ("parts", "joints in no part, or in two", "each joint in exactly one part")
    }
    if kinect.count != Kinect25.jointCount
      || kinect.contains(where: { $0.count > 64 || $0.contains { !joints.indices.contains($0) } })
    {
      return ("kinect", "\(kinect.count) lists", "\(Kinect25.jointCount), of joints of the layout")
    }
    if kinect.allSatisfy(\.isEmpty) {
      return ("kinect", "none of Kinect v2's joints", "at least one that a joint of the layout tells")
    }
    return nil
  }

  private func reachesRoot(_ joint: Int) -> Bool {
    var joint = joint
    for _ in joints.indices {
      if parents[joint] == joint { return true }
      joint = parents[joint]
    }
    return false
  }
}
