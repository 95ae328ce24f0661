import Foundation
import Recipes
import Skeleton

/// A layout of joints as a YAML file has it.
public struct LayoutFile: RecipeSettings {
  /// A joint.
  public struct Joint: RecipeSettings {
    /// Its name.
    public var name = ""
    /// The joint that its bone starts from; empty for the root.
    public var parent = ""
    /// The part of the body that it is hidden with.
    public var part = ""
    /// The joint on the other side; empty for the one whose name has the other side.
    public var mirror = ""

    /// A joint without a name.
    public init() {}
    /// What an entry is.
    public static let kind = "joint"
    /// What an entry says.
    public static let summary = "A joint of a layout."
    /// What can be said of a joint.
    public static let settings: [Setting<Joint>] = [
      .text("name", \.name, "the joint's name; of two sides left_ and right_ stand in front"),
      .text("parent", \.parent, "the joint that its bone starts from; empty for the root"),
      .text("part", \.part, "the part of the body that it is hidden with"),
      .text("mirror", \.mirror, "the joint on the other side; empty for the one that is named so"),
    ]
  }

  /// A joint of Kinect v2 that the layout tells.
  public struct KinectJoint: RecipeSettings {
    /// Its name.
    public var joint = ""
    /// The joints that it is in the middle of.
    public var from: [String] = []

    /// A joint without a name.
    public init() {}
    /// What an entry is.
    public static let kind = "kinect"
    /// What an entry says.
    public static let summary = "A joint of Kinect v2, and where it is."
    /// What can be said of it.
    public static let settings: [Setting<KinectJoint>] = [
      .text("joint", \.joint, "one of Kinect v2's 25 joints"),
      .texts(
        "from", \.from,
        "the joints in whose middle it is, one as often as it counts; none if it is not visible"),
    ]
  }

  /// The layout's name.
  public var name = ""
  /// Coordinates of a joint.
  public var coordinates = 3
  /// Bodies of a frame.
  public var bodies = 2
  /// Where up is.
  public var up = UpAxis.y
  /// The joint that distances are counted from; empty for the root.
  public var centre = ""
  /// The joints in the order of the files.
  public var joints: [Joint] = []
  /// Joints of Kinect v2 that are called otherwise here, or are in the middle of others.
  public var kinect: [KinectJoint] = []

  /// A layout without joints.
  public init() {}

  /// The file's kind.
  public static let kind = "layout"

  /// What the file is for.
  public static let summary =
    "What bodies are made of: joints, bones, parts, and which of Kinect v2's joints they tell."

  /// All that it says.
  public static let settings: [Setting<LayoutFile>] = [
    .text("name", \.name, "the layout's name"),
    .integer("coordinates", \.coordinates, 2...3, "coordinates of a joint: 3 in space, 2 in an image"),
    .integer("bodies", \.bodies, 1...2, "the most bodies of a frame"),
    .choice("up", \.up, "the axis along which heads are; y counts downwards in images"),
    .text("centre", \.centre, "the joint that distances in the graph are counted from; empty for the root"),
    .items("joints", \.joints, "the joints in the order of the files"),
    .items(
      "kinect", \.kinect,
      "joints of Kinect v2; one that is not here is the joint of the same name, where there is one"),
  ]

  /// The file of a layout.
  public init(_ layout: SkeletonLayout) {
    (name, coordinates, bodies, up) = (layout.name, layout.coordinates, layout.bodies, layout.up)
    centre = layout.joints[layout.centre]
    let own = SkeletonLayout.mirrored(layout.joints)
    joints = layout.joints.enumerated().map { index, name in
      var joint = Joint()
      joint.name = name
      joint.parent = layout.parents[index] == index ? "" : layout.joints[layout.parents[index]]
      joint.part = layout.parts.first { $0.joints.contains(index) }?.name ?? ""
      joint.mirror = layout.mirrored[index] == own[index] ? "" : layout.joints[layout.mirrored[index]]
      return joint
    }
    kinect = zip(Kinect25.jointNames, layout.kinect).compactMap { name, sources in
      guard sources.map({ layout.joints[$0] }) != (layout.joints.contains(name) ? [name] : []) else {
        return nil
      }
      var joint = KinectJoint()
      (joint.joint, joint.from) = (name, sources.map { layout.joints[$0] })
      return joint
    }
  }

  /// The layout, checked.
  ///
  /// - Throws: an `InputError` for a joint that is not there, and for what does not hold together.
  public func layout(of file: String) throws -> SkeletonLayout {
    let names = joints.map(\.name)
    func joint(_ name: String, _ place: String) throws -> Int {
      guard let index = names.firstIndex(of: name) else {
        throw InputError(
          file, at: place, found: "\"\(name.prefix(60))\"", expected: "one of the joints",
          hint: names.prefix(8).joined(separator: ", ") + (names.count > 8 ? " …" : ""))
      }
      return index
    }
    var parts: [(name: String, joints: [Int])] = []
    for (index, one) in joints.enumerated() {
      if let part = parts.firstIndex(where: { $0.name == one.part }) {
        parts[part].joints.append(index)
      } else {
        parts.append((one.part, [index]))
      }
    }
    let parents = try joints.enumerated().map { index, one in
      one.parent.isEmpty ? index : try joint(one.parent, "joints/\(index)/parent")
    }
    var told: [String: [Int]] = [:]
    for (index, one) in kinect.enumerated() {
      guard Kinect25.jointNames.contains(one.joint), told[one.joint] == nil else {
        throw InputError(
          file, at: "kinect/\(index)/joint", found: "\"\(one.joint.prefix(60))\"",
          expected: "a joint of Kinect v2, each once", hint: Kinect25.jointNames.joined(separator: ", "))
      }
      told[one.joint] = try one.from.map { try joint($0, "kinect/\(index)/from") }
    }
    let own = SkeletonLayout.mirrored(names)
    let layout = SkeletonLayout(
      name: name, joints: names, parents: parents,
      parts: parts.map { SkeletonLayout.Part(name: $0.name, joints: $0.joints) },
      centre: centre.isEmpty
        ? parents.indices.first { parents[$0] == $0 } ?? 0 : try joint(centre, "centre"),
      mirrored: try joints.enumerated().map { index, one in
        one.mirror.isEmpty ? own[index] : try joint(one.mirror, "joints/\(index)/mirror")
      },
      coordinates: coordinates, bodies: bodies, up: up,
      kinect: Kinect25.jointNames.map { told[$0] ?? names.firstIndex(of: $0).map { [$0] } ?? [] })
    if let fault = layout.fault {
      throw InputError(file, at: fault.place, found: fault.found, expected: fault.expected)
    }
    return layout
  }

  /// Checks that the joints make a layout.
  public func checkConsistency(in file: String) throws { _ = try layout(of: file) }

  /// The layout that a user names: one of the provided ones, or a YAML file.
  ///
  /// - Throws: an `InputError` if it is neither.
  public static func named(_ argument: String) throws -> SkeletonLayout {
    if let layout = SkeletonLayout.provided(named: argument) { return layout }
    let url = URL(fileURLWithPath: argument)
    guard argument.contains(".") || FileManager.default.fileExists(atPath: url.path) else {
      throw InputError(
        "--layout", found: argument,
        expected: SkeletonLayout.provided.map(\.name).joined(separator: ", ") + ", or a YAML file",
        hint: "`skelprep layout coco17` prints one to start from")
    }
    return try LayoutFile(contentsOf: url).layout(of: url.lastPathComponent)
  }
}
