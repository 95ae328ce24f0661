import Formats
import Shards
import Skeleton

/// Recordings of which each frame is a file, as OpenPose writes them.
extension SourceTexts {
  /// Reads the frames of a recording into one list of JSON, in the order of their numbers.
  ///
  /// A frame that cannot be read, or two of a number that differ, make the recording one that cannot be used; so nothing is
  /// missing in the middle of it without a word.
  mutating func readFrames(of source: ConversionPlan.Source, with reader: RawFileReader) throws {
    let files = source.files.map { (number: OwnSources.frame(of: $0), file: $0) }.sorted {
      ($0.number ?? -1, $0.file.label) < ($1.number ?? -1, $1.file.label)
    }
    var joined: [UInt8] = Array("[".utf8)
    var last: (number: Int?, digest: String)?
    var isWhole = true
    var read: [RawFile] = []
    for (number, file) in files {
      do {
        guard number != nil else {
          rows.append(
            ReportRow(
              file.label, sample: source.name, .dropped, reason: "conflict",
              detail: "a recording that has the name of one whose frames are files"))
          isWhole = false
          continue
        }
        var bytes: [UInt8] = []
        try reader.read(file, into: &bytes)
        let digest = SHA256Digest.hex(of: bytes)
        if let last, last.number == number {
          let isSame = last.digest == digest
          isWhole = isWhole && isSame
          rows.append(
            ReportRow(
              file.label, sample: source.name, isSame ? .duplicate : .dropped,
              reason: isSame ? "same-bytes" : "conflict",
              detail: isSame ? nil : "another file of this frame differs"))
          continue
        }
        last = (number, digest)
        guard joined.count + bytes.count <= RawFileReader.sizeLimit else {
          throw SkeletonTextError(.tooLarge(limit: RawFileReader.sizeLimit), at: RawFileReader.sizeLimit)
        }
        if joined.count > 1 { joined.append(UInt8(ascii: ",")) }
        joined += bytes
        read.append(file)
      } catch let error as SkeletonTextError {
        rows.append(ReportRow(file, sample: source.name, error))
        isWhole = false
      }
    }
    joined.append(UInt8(ascii: "]"))
    frames = read
    guard isWhole, !frames.isEmpty else { return }
    let first = frames.removeFirst()
    recording = Text(file: first, bytes: joined, digest: SHA256Digest.hex(of: joined))
  }
}
