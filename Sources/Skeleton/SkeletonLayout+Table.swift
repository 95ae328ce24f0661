extension SkeletonLayout {
  /// The parts that the tables of the provided layouts name, in the order of ``Kinect25/parts``.
  private static let partNames = Kinect25.parts.map(\.name)

  /// A layout written as lines of words; a line that makes no sense is a fault of the program.
  ///
  /// - Parameters:
  ///   - rows: for each joint its name, its parent and its part.
  ///   - kinect: for joints of Kinect v2 the joints that they are in the middle of. One that is not named here is the
  ///     joint of the same name, where there is one.
  static func table(
    _ name: String, coordinates: Int = 3, up: UpAxis, centre: String, _ rows: String, kinect: String
  ) -> SkeletonLayout {
    let rows = rows.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    let joints = rows.map { $0[0] }
    func joint(_ word: String) -> Int {
      guard let joint = joints.firstIndex(of: word) else {
        preconditionFailure("\(name) has no joint \(word)")
      }
      return joint
    }
    let told = Dictionary(
      uniqueKeysWithValues: kinect.split(separator: "\n").map { line in
        let words = line.split(separator: " ").map(String.init)
        precondition(Kinect25.jointNames.contains(words[0]), "Kinect v2 has no joint \(words[0])")
        return (words[0], words.dropFirst().map(joint))
      })
    let layout = SkeletonLayout(
      name: name, joints: joints, parents: rows.map { joint($0[1]) },
      parts: partNames.map { part in
        Part(name: part, joints: rows.indices.filter { rows[$0][2] == part })
      },
      centre: joint(centre), mirrored: mirrored(joints), coordinates: coordinates, bodies: Kinect25.bodyCount,
      up: up,
      kinect: Kinect25.jointNames.map { told[$0] ?? joints.firstIndex(of: $0).map { [$0] } ?? [] })
    if let fault = layout.fault { preconditionFailure("\(name): \(fault.place): \(fault.found)") }
    return layout
  }
}
