import Batches
import Shards
import Skeleton

/// Two sides of an evaluation: what is learned from or searched, and what is measured.
///
/// A number is worth something if nothing that is measured was learned from. Within a split that holds by construction;
/// here the sides may be of two splits, or of two data sets.
struct SideAgreement {
  let learned: SampleSource
  let measured: SampleSource
  /// What messages call what is measured: `the test samples`.
  let side: String

  /// Whether both are the same samples, of which a search leaves out the one that it is about.
  var isOneSide: Bool { learned.digest == measured.digest && learned.entries == measured.entries }

  /// Throws if the data are not made alike, or a measured sample, or what the protocol keeps apart, was learned from.
  ///
  /// - Parameter isAccepted: whether data that were made otherwise are measured all the same.
  /// - Returns: what was accepted.
  func check(isAccepted: Bool) throws -> DataNotes {
    let notes = try checkKinds(isAccepted: isAccepted)
    try checkApart()
    return notes
  }

  /// Throws if a measured sample, or what the protocol keeps apart, was learned from.
  func checkApart() throws {
    guard !isOneSide else { return }
    try checkSamples()
    // The two sides of one split are apart in whatever way it keeps them apart.
    guard learned.lists.membership != measured.lists.membership else { return }
    if learned.split == measured.split { try checkPlaces() }
    try checkGroups()
  }

  private func checkKinds(isAccepted: Bool) throws -> DataNotes {
    guard measured.kind.family == learned.kind.family else {
      throw InputError(
        side, found: "the data set \(measured.kind.dataset)",
        expected: "classes as those of the training samples, \(learned.kind.dataset)",
        hint: "classes of different data sets have nothing to do with each other")
    }
    var notes = DataNotes()
    guard let (here, there) = measured.kind.difference(from: learned.kind) else { return notes }
    guard isAccepted else {
      throw InputError(
        side, found: here, expected: "\(there), as the training samples are",
        hint:
          "convert the recordings as those were, or go on with --accept-other-profile, which the result will say"
      )
    }
    notes.accepted.append("\(side) are \(here), and the training samples \(there)")
    return notes
  }

  private func checkSamples() throws {
    let names = Set(learned.entries.map(\.name))
    let both = measured.entries.map(\.name).filter(names.contains)
    guard !both.isEmpty else { return }
    throw InputError(
      side, found: "\(both.count) of \(measured.entries.count) are learned from: \(listed(both))",
      expected: "none that is in the \(learned.part.rawValue) samples of \(learned.split)", hint: hint)
  }

  /// Splits of one name have to place the samples that both know on the same side.
  private func checkPlaces() throws {
    let names = measured.entries.map(\.name)
    let places = learned.lists.place(of: names)
    let others = names.filter { name in places[name].map { $0 != measured.part.rawValue } ?? false }
    guard let first = others.first else { return }
    throw InputError(
      side,
      found:
        "\(others.count) of \(names.count) are elsewhere in the split \(learned.split) of the training data: "
        + listed(others),
      expected: "\(first) in \(measured.part.rawValue), not in \(places[first] ?? "")", hint: hint)
  }

  private func checkGroups() throws {
    for scheme in EvaluationProtocol.allCases
    where [learned, measured].contains(where: { $0.lists.protocolName == scheme.rawValue }) {
      let known = Set(learned.entries.compactMap { scheme.group(ofSample: $0.name) })
      let both = Set(measured.entries.compactMap { scheme.group(ofSample: $0.name) }).intersection(known)
      guard !both.isEmpty else { continue }
      throw InputError(
        side, found: "\(listed(both.sorted())), which the training samples are of too",
        expected: "none of them on both sides, by \(scheme.rawValue)", hint: hint)
    }
  }

  private var hint: String {
    "take the test side of \(learned.split); in another data set make it with `skelprep split` by the protocol "
      + learned.lists.protocolName
  }

  private func listed(_ names: [String]) -> String {
    names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
  }
}
