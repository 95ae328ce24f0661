import Skeleton

/// Poses in JSON, in the forms that programs write.
///
/// - frames of bodies of joints as lists in lists: T × V × C, T × M × V × C, or the numbers of a body in one list; with a
///   confidence behind the coordinates of each joint, or without. NW-UCLA as CTR-GCN distributes it is such a list under
///   `skeletons`.
/// - OpenPose: `people` with `pose_keypoints_2d` or `_3d`; a file for each frame, or a list of them.
/// - MMPose: a list, or `instance_info`, of frames with `instances`, each with `keypoints` and `keypoint_scores`.
/// - AlphaPose and COCO's results: a list of bodies with `image_id` and `keypoints`, and the track in `idx`.
/// - objects that name joints, `{"nose": [x, y, z], …}`, and landmarks `{"x": …, "y": …, "z": …, "visibility": …}`.
public struct PoseJSON {
  /// Reads a text.
  ///
  /// - Throws: the first thing that does not belong: its byte where it is no JSON, its place where it is no pose.
  public static func parse(_ text: Span<UInt8>, _ form: PoseForm) throws(PoseFileError) -> Poses {
    var reader = PoseJSON(form)
    try reader.read(try JSONTree.parse(text))
    return reader.poses
  }

  private static let listKeys = [
    "instance_info", "skeletons", "frames", "keypoints", "joints", "poses", "landmarks", "pose_landmarks",
    "data",
    "annotations", "people",
  ]
  private static let groupKeys = ["people", "instances", "bodies", "persons", "skeletons", "tracks"]
  private static let flatBodies = ["pose_keypoints_2d", "pose_keypoints_3d"]
  private static let bodyKeys = [
    "keypoints", "joints", "landmarks", "pose_landmarks", "pose", "skeleton", "keypoints_3d",
    "pose_world_landmarks",
  ]
  private static let scoreKeys = [
    "keypoint_scores", "scores", "confidences", "keypoints_score", "visibility",
  ]
  private static let trackKeys = ["person_id", "track_id", "idx", "id", "body_id", "instance_id", "person"]
  private static let frameKeys = ["image_id", "frame_id", "frame", "frame_index"]

  private let form: PoseForm
  private let names: JointNames
  private var poses: Poses
  private var ids: [String: UInt64] = [:]

  private init(_ form: PoseForm) {
    (self.form, names, poses) = (form, JointNames(form.layout.joints), form.poses)
  }

  /// A body of a frame, as the file has it.
  private struct Body {
    var track: String?
    let joints: [Double]
  }

  private mutating func read(_ root: JSONTree) throws(PoseFileError) {
    var (tree, place) = (root, "")
    // What stands around the frames.
    while case .object = tree, tree["people"] == nil || tree.first(["frames", "instance_info"]) != nil,
      let found = tree.first(PoseJSON.listKeys), !isBody(tree)
    {
      (tree, place) = (found.value, place + found.name + "/")
    }
    switch tree {
    case .object:
      guard tree.first(PoseJSON.groupKeys + PoseJSON.bodyKeys + PoseJSON.flatBodies) != nil || isBody(tree)
      else {
        throw unknown(tree, place)
      }
      try add(try bodies(tree, place))
    case .list(let items):
      if items.allSatisfy({ $0.first(PoseJSON.frameKeys) != nil && $0.first(PoseJSON.groupKeys) == nil }),
        !items.isEmpty
      {
        try readGrouped(items, place)
      } else {
        for (index, item) in items.enumerated() { try add(try bodies(item, "\(place)\(index)")) }
      }
    default: throw unknown(tree, place)
    }
  }

  /// Bodies that say in which frame they are, in any order; frames in which nobody was found are empty.
  private mutating func readGrouped(_ items: [JSONTree], _ place: String) throws(PoseFileError) {
    var order: [String] = []
    var found: [String: [Body]] = [:]
    for (index, item) in items.enumerated() {
      let frame = item.first(PoseJSON.frameKeys).map { PoseJSON.word($0.value) } ?? ""
      if found[frame] == nil { order.append(frame) }
      found[frame, default: []] += try bodies(item, "\(place)\(index)")
    }
    // 12, 12.jpg and frame_000012.png have a number.
    let numbers = order.map { name in
      let stem = name.lastIndex(of: ".").map { name[..<$0] } ?? name[...]
      return Int(String(stem.reversed().prefix { ("0"..."9").contains($0) }.reversed()).suffix(12))
    }
    guard numbers.allSatisfy({ $0 != nil }), Set(numbers).count == numbers.count else {
      for name in order { try add(found[name] ?? []) }
      return
    }
    let sorted = zip(numbers.compactMap(\.self), order).sorted { $0.0 < $1.0 }
    var last: Int?
    for (number, name) in sorted {
      if let last, number - last <= 10 * sorted.count {
        for _ in 0..<(number - last - 1) { try add([]) }
      }
      try add(found[name] ?? [])
      last = number
    }
  }

  private mutating func add(_ bodies: [Body]) throws(PoseFileError) {
    if poses.isFull {
      throw PoseFileError(
        "too-long", found: "more than \(Recording.frameLimit) frames or \(Poses.mostBodies) bodies",
        expected: "a recording of some minutes")
    }
    for (index, body) in bodies.enumerated() {
      if poses.bodyIDs.count >= Poses.mostBodies { break }
      let id = body.track.map { ids[$0] ?? UInt64(ids.count) } ?? UInt64(index)
      if let track = body.track { ids[track] = id }
      poses.appendBody(id: id, body.joints)
    }
    poses.endFrame()
  }

  /// The bodies of a frame, or of a part of one.
  private func bodies(_ tree: JSONTree, _ place: String) throws(PoseFileError) -> [Body] {
    if isBody(tree) { return [Body(joints: try joints(tree, place))] }
    switch tree {
    case .word: return []
    case .object:
      if let group = tree.first(PoseJSON.groupKeys) {
        return try bodies(group.value, "\(place)/\(group.name)")
      }
      let track = tree.first(PoseJSON.trackKeys).map { PoseJSON.word($0.value) }
      let own = flat(tree) ?? tree.first(PoseJSON.bodyKeys)
      guard let own else { throw unknown(tree, place) }
      if case .list(let empty) = own.value, empty.isEmpty { return [] }
      var body = try joints(own.value, "\(place)/\(own.name)")
      if let scores = tree.first(PoseJSON.scoreKeys), case .numbers(let values) = scores.value {
        guard values.count == form.layout.jointCount else {
          throw shape("\(place)/\(scores.name)", "\(values.count) numbers", "\(form.layout.jointCount)")
        }
        for (joint, value) in values.enumerated() where !(value > form.leastConfidence) {
          form.hide(joint, in: &body)
        }
      }
      // OpenPose counts people who are not tracked as -1.
      return [Body(track: track == "-1" || track == "" ? nil : track, joints: body)]
    case .list(let items):
      var all: [Body] = []
      for (index, item) in items.enumerated() { all += try bodies(item, "\(place)/\(index)") }
      return all
    default: return [Body(joints: try joints(tree, place))]
    }
  }

  /// OpenPose's lists: that of the layout's coordinates, or the one that has anything.
  private func flat(_ tree: JSONTree) -> (name: String, value: JSONTree)? {
    let all = PoseJSON.flatBodies.compactMap { name in tree[name].map { (name: name, value: $0) } }
    let filled = all.filter { if case .list = $0.value { false } else { true } }
    return filled.first { $0.name.hasSuffix("\(form.layout.coordinates)d") } ?? filled.first ?? all.first
  }

  /// Whether a value is the joints of one body.
  private func isBody(_ tree: JSONTree) -> Bool {
    switch tree {
    case .numbers(let numbers): numbers.count > form.layout.coordinates + 1
    case .list(let items):
      items.count == form.layout.jointCount && items.allSatisfy { isJoint($0) || $0 == .word }
        && items.contains { isJoint($0) }
        || !items.isEmpty && items.allSatisfy(isJoint)
    case .object(let entries):
      entries.contains { names[$0.name] != nil && (isJoint($0.value) || $0.value == .word) }
    default: false
    }
  }

  /// Whether a value is one joint: a few numbers, or `{"x": …}`.
  private func isJoint(_ tree: JSONTree) -> Bool {
    switch tree {
    case .numbers(let numbers): numbers.count <= form.layout.coordinates + 1
    case .object: tree["x"] != nil && tree["y"] != nil
    default: false
    }
  }

  /// (V, C) of a body.
  private func joints(_ tree: JSONTree, _ place: String) throws(PoseFileError) -> [Double] {
    let (count, axes) = (form.layout.jointCount, form.layout.coordinates)
    var body = form.nobody
    switch tree {
    case .numbers(let numbers):
      guard let width = [axes, axes + 1].first(where: { numbers.count == count * $0 }) else {
        throw shape(
          place, "\(numbers.count) numbers", "\(count * axes), or \(count * (axes + 1)) with confidences,")
      }
      for joint in 0..<count {
        form.put(numbers[(joint * width)..<((joint + 1) * width)], joint: joint, into: &body)
      }
    case .list(let items):
      guard items.count == count else { throw shape(place, "\(items.count) joints", "\(count)") }
      for (joint, item) in items.enumerated() { try put(item, joint, "\(place)/\(joint)", into: &body) }
    case .object(let entries):
      for entry in entries {
        guard let joint = names[entry.name] else { continue }
        try put(entry.value, joint, "\(place)/\(entry.name)", into: &body)
      }
    default: throw unknown(tree, place)
    }
    return body
  }

  private func put(_ tree: JSONTree, _ joint: Int, _ place: String, into body: inout [Double])
    throws(PoseFileError)
  {
    let axes = form.layout.coordinates
    switch tree {
    case .word: break
    case .numbers(let numbers):
      guard (axes...axes + 1).contains(numbers.count) else {
        throw PoseFileError(
          "shape", at: place, found: "\(numbers.count) numbers",
          expected: "\(axes), or \(axes + 1) with a confidence",
          hint: "--coordinates says whether joints have 2 or 3")
      }
      form.put(numbers, joint: joint, into: &body)
    case .object:
      var numbers: [Double] = []
      for axis in ["x", "y", "z"].prefix(axes) {
        guard case .number(let value)? = tree[axis] else {
          throw PoseFileError(
            "shape", at: place, found: "no number \(axis)", expected: "x, y" + (axes > 2 ? ", z" : ""))
        }
        numbers.append(value)
      }
      if let score = tree.first(["visibility", "score", "confidence"]), case .number(let value) = score.value
      {
        numbers.append(value)
      }
      form.put(numbers, joint: joint, into: &body)
    default: throw unknown(tree, place)
    }
  }

  private func shape(_ place: String, _ found: String, _ expected: String) -> PoseFileError {
    PoseFileError(
      "joint-count", at: place, found: found,
      expected: "\(expected) for the \(form.layout.jointCount) joints of "
        + form.layout.name,
      hint: "is --layout \(form.layout.name) right? --coordinates says whether joints have 2 or 3")
  }

  private func unknown(_ tree: JSONTree, _ place: String) -> PoseFileError {
    let found =
      switch tree {
      case .object(let entries):
        "an object of \(entries.prefix(6).map { $0.name.prefix(30) }.joined(separator: ", "))"
      case .list(let items): "a list of \(items.count) values"
      case .numbers(let numbers): "a list of \(numbers.count) numbers"
      case .text: "a text"
      case .number: "a number"
      case .word: "nothing"
      }
    return PoseFileError(
      "unknown-form", at: place, found: found,
      expected: "frames of bodies of joints, as lists, or as OpenPose, MMPose or AlphaPose write them")
  }

  /// What a value says where it is a name: of a list its first.
  private static func word(_ tree: JSONTree) -> String {
    switch tree {
    case .text(let text): text
    case .number(let number):
      number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
    case .numbers(let numbers): numbers.first.map { word(.number($0)) } ?? ""
    case .list(let items): items.first.map(word) ?? ""
    default: ""
    }
  }
}
