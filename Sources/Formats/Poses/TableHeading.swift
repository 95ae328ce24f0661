import Skeleton

/// What the columns of a table are, by its headings or by the user's file of columns.
struct TableHeading {
  /// What a column is.
  enum Column: Equatable {
    case ignored
    case frame
    case body
    /// An axis of a joint; the one behind the last coordinate is its confidence.
    case joint(Int, axis: Int)
  }

  let columns: [Column]
  /// Headings that mean nothing here.
  let ignored: [String]

  private static let frameWords: Set<String> = [
    "frame", "frame id", "frame index", "frame no", "frame number", "frame num", "frameid", "time",
    "timestamp",
    "time s", "t",
  ]
  private static let bodyWords: Set<String> = [
    "body", "body id", "person", "person id", "id", "track", "track id", "trackid", "idx", "skeleton",
  ]
  private static let axes = ["x": 0, "y": 1, "z": 2]
  private static let confidenceWords: Set<String> = [
    "c", "conf", "confidence", "score", "visibility", "likelihood", "v", "p", "presence",
  ]
  private static let jointWords: Set<String> = [
    "joint", "kp", "keypoint", "j", "landmark", "point", "marker",
  ]

  /// Reads headings.
  ///
  /// - Throws: where a joint's column is missing or comes twice, or no heading names a joint.
  init(_ headings: [String], _ form: PoseForm) throws(PoseFileError) {
    if let columns = form.columns {
      try self.init(headings, form, columns)
    } else {
      try self.init(naming: headings, form)
    }
  }

  /// By the names of the columns: `left_knee_x`, `x_LKnee`, `LEFT KNEE (X)`, `joint3_x`, `x3`.
  private init(naming headings: [String], _ form: PoseForm) throws(PoseFileError) {
    let names = JointNames(form.layout.joints)
    var found: [(column: Int, joint: Int?, number: Int?, axis: Int)] = []
    var columns = [Column](repeating: .ignored, count: headings.count)
    for (index, heading) in headings.enumerated() {
      let words = TableHeading.words(heading)
      let plain = words.joined(separator: " ")
      if TableHeading.frameWords.contains(plain) {
        if !columns.contains(.frame) { columns[index] = .frame }
      } else if TableHeading.bodyWords.contains(plain) {
        if !columns.contains(.body) { columns[index] = .body }
      } else if let (axis, rest) = TableHeading.axis(of: words, form.layout.coordinates) {
        let number = TableHeading.number(rest)
        found.append((index, number == nil ? names[rest.joined(separator: " ")] : nil, number, axis))
      }
    }
    // Programs count joints from 0 or from 1; a table of all of them says which.
    let numbers = found.compactMap(\.number)
    let base = numbers.contains(0) ? 0 : numbers.max() == form.layout.jointCount ? 1 : 0
    var strangers: [String] = []
    for one in found {
      let joint = one.joint ?? one.number.map { $0 - base }
      guard let joint, form.layout.joints.indices.contains(joint) else {
        strangers.append(headings[one.column])
        continue
      }
      columns[one.column] = .joint(joint, axis: one.axis)
    }
    self.columns = columns
    ignored = zip(headings, columns).filter { $1 == .ignored && !$0.isEmpty }.map(\.0)
    try check(headings, form, strangers: strangers)
  }

  /// By the user's file.
  private init(_ headings: [String], _ form: PoseForm, _ given: PoseColumns) throws(PoseFileError) {
    var columns = [Column](repeating: .ignored, count: headings.count)
    func place(_ name: String, of use: String) throws(PoseFileError) -> Int {
      if name.hasPrefix("#"), let number = Int(name.dropFirst()), headings.indices.contains(number - 1) {
        return number - 1
      }
      guard let index = headings.firstIndex(of: name) else {
        throw PoseFileError(
          "no-column", found: "no column \"\(name.prefix(60))\" for \(use)",
          expected: TableHeading.some(headings), hint: "the file given with --columns-file names it")
      }
      return index
    }
    if !given.frame.isEmpty { columns[try place(given.frame, of: "the frame")] = .frame }
    if !given.body.isEmpty { columns[try place(given.body, of: "the body")] = .body }
    for joint in given.joints {
      guard let index = form.layout.joints.firstIndex(of: joint.joint) else {
        throw PoseFileError(
          "no-joint", found: "columns of \(joint.joint)", expected: "a joint of \(form.layout.name)")
      }
      for (axis, name) in joint.columns.enumerated() {
        columns[try place(name, of: joint.joint)] = .joint(index, axis: axis)
      }
    }
    self.columns = columns
    ignored = zip(headings, columns).filter { $1 == .ignored && !$0.isEmpty }.map(\.0)
    try check(headings, form, strangers: [])
  }

  /// Every joint has all of its coordinates, once, or none.
  private func check(
    _ headings: [String], _ form: PoseForm, strangers: [String]
  ) throws(PoseFileError) {
    let layout = form.layout
    var counts = [Int](repeating: 0, count: layout.jointCount * (layout.coordinates + 1))
    for (heading, column) in zip(headings, columns) {
      guard case .joint(let joint, let axis) = column else { continue }
      let place = joint * (layout.coordinates + 1) + axis
      counts[place] += 1
      if counts[place] > 1 {
        throw PoseFileError(
          "double-column", at: "column \(heading.prefix(60))",
          found: "\(layout.joints[joint]) for the second time",
          expected: "each coordinate once")
      }
    }
    let axes = ["x", "y", "z"].prefix(layout.coordinates)
    var missing: [String] = []
    for (joint, name) in layout.joints.enumerated() {
      let own = axes.indices.filter { counts[joint * (layout.coordinates + 1) + $0] > 0 }
      if own.isEmpty { missing.append(name) }
      if own.isEmpty || own.count == layout.coordinates { continue }
      let absent = axes.indices.first { !own.contains($0) } ?? 0
      throw PoseFileError(
        "no-column", found: "\(name) without \(axes[absent])",
        expected: "\(layout.coordinates) coordinates of it",
        hint: own == [0, 1] ? "is it recorded in an image? --coordinates 2" : "")
    }
    if missing.count == layout.jointCount || !missing.isEmpty && !strangers.isEmpty {
      throw PoseFileError(
        "no-joint",
        found: strangers.isEmpty
          ? "no column of a joint among \(TableHeading.some(headings))"
          : "the columns \(TableHeading.some(strangers)), which name no joint of \(layout.name)",
        expected: "columns such as \(missing[0])_x, \(missing[0])_y"
          + (layout.coordinates == 3 ? ", \(missing[0])_z" : ""),
        hint: "`skelprep layout \(layout.name)` lists the joints; --columns-file says which column is what")
    }
  }

  /// The words of a heading as they stand, small letters: `leftKneeX` is left knee x.
  private static func words(_ heading: String) -> [String] {
    var words: [String] = []
    var word = ""
    var before: Character = " "
    for letter in heading {
      let isWord = letter.isLetter || letter.isNumber
      if !isWord || letter.isUppercase && before.isLowercase {
        if !word.isEmpty { words.append(word) }
        word = ""
      }
      if isWord { word += letter.lowercased() }
      before = letter
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  /// The axis that a heading ends or begins with, and the words that are left.
  private static func axis(of words: [String], _ coordinates: Int) -> (axis: Int, rest: [String])? {
    func axis(_ word: String) -> Int? {
      if let axis = axes[word] { return axis < coordinates ? axis : nil }
      return confidenceWords.contains(word) ? coordinates : nil
    }
    guard words.count > 1 else {
      // x12
      guard let word = words.first, let first = word.first, let own = axis(String(first)), word.count > 1,
        word.dropFirst().allSatisfy({ ("0"..."9").contains($0) })
      else { return nil }
      return (own, [String(word.dropFirst())])
    }
    if let own = axis(words[words.count - 1]) { return (own, Array(words.dropLast())) }
    return axis(words[0]).map { ($0, Array(words.dropFirst())) }
  }

  /// The number of `3`, `joint 3`, `kp3`.
  private static func number(_ words: [String]) -> Int? {
    guard let last = words.last, words.count <= 2 else { return nil }
    if words.count == 2 { return jointWords.contains(words[0]) ? Int(last) : nil }
    if let number = Int(last) { return number }
    let digits = last.reversed().prefix { ("0"..."9").contains($0) }.count
    return digits > 0 && jointWords.contains(String(last.dropLast(digits))) ? Int(last.suffix(digits)) : nil
  }

  private static func some(_ names: [String]) -> String {
    let shown = names.prefix(6).map { $0.prefix(40) }.joined(separator: ", ")
    return names.count > 6 ? "\(shown) and \(names.count - 6) more" : shown
  }
}
