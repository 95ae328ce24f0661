import Formats
import Skeleton

extension InputError {
  /// The error of inputs without a single file of a wanted kind: what they hold instead, and what to do about it.
  ///
  /// - Parameters:
  ///   - listing: what was found.
  ///   - inputs: what the user gave, for the message.
  ///   - format: what was looked for.
  static func nothingToRead(
    in listing: InputListing, of inputs: [String], format: RecordingFormat
  ) -> InputError {
    let shown = 3
    var found = ["no \(format.extensionText) files"]
    // What would have been read comes before what nobody asked for.
    let refused = listing.refused.filter(\.isWanted) + listing.refused.filter { !$0.isWanted }
    found += refused.prefix(shown).map { "\($0.label): \($0.fault.detail)" }
    if refused.count > shown { found.append("\(refused.count - shown) more of the kind") }
    if !listing.strays.isEmpty {
      found.append(
        listing.strays.count == 1
          ? "another file, \(listing.strays[0])"
          : "\(listing.strays.count) other files, such as \(listing.strays[0])")
    }
    return InputError(
      inputs.joined(separator: " "), found: found.joined(separator: "; "),
      hint: refused.first?.fault.reason.remedy ?? hint(for: listing, format), kind: .noInput)
  }

  /// What to do where nothing was refused: files of the other family are of another data set.
  private static func hint(for listing: InputListing, _ format: RecordingFormat) -> String {
    if listing.strays.contains(where: { $0.hasSuffix("/manifest.json") })
      && listing.strays.contains(where: { $0.hasSuffix("/shards/00000.h5") })
    {
      return "this is a data set that was converted already"
    }
    let other = RecordingFormat.allCases.first { other in
      other != format
        && listing.strays.contains { stray in
          other.fileExtensions.contains { stray.lowercased().hasSuffix("." + $0) }
            && SkeletonDataset.allCases.contains { $0.format == other && $0.names(theFile: stray) }
        }
    }
    guard let other else {
      return "INPUT is a folder of them, an archive with them inside, or single ones"
    }
    let datasets = SkeletonDataset.allCases.filter { $0.format == other }.map(\.rawValue)
    return "the files are named as those of --dataset \(datasets.joined(separator: " or "))"
  }
}

extension SkeletonDataset {
  /// Whether a file's name, with folders and extension, is that of one of its recordings.
  fileprivate func names(theFile label: String) -> Bool {
    let file = label.split(separator: "/").last ?? ""
    return standing(ofRecordingNamed: String(file.prefix { $0 != "." })) == .member
  }
}
