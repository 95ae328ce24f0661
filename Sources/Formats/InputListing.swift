import Foundation
import Skeleton

/// What the given inputs hold, found without reading any of it.
public struct InputListing: Sendable {
  /// The files with the wanted extension, ordered by label; the order of the inputs has no influence.
  public private(set) var files: [RawFile] = []
  /// The labels of all other files, in order: read-mes, lists, what file managers leave behind.
  public private(set) var strays: [String] = []

  /// Lists folders with all that is below them, zip archives, and single files.
  ///
  /// Archives inside folders are opened too; archives inside archives are strays. A link to a
  /// file is followed, one to a folder below an input is not, and a single file is taken whatever its extension is.
  ///
  /// - Parameters:
  ///   - inputs: paths as the user wrote them.
  ///   - fileExtension: the wanted extension, in lower case: `skeleton`.
  /// - Throws: ``InputError`` for an input that is not there, or an archive that cannot be opened.
  public init(inputs: [String], fileExtension: String) throws {
    for input in inputs {
      let url = URL(fileURLWithPath: input).standardizedFileURL
      guard let facts = FileFacts(path: url.path) else {
        throw InputError(input, found: "no such file or folder", kind: .noInput)
      }
      if facts.isFolder {
        try addFolder(url, label: url.lastPathComponent, fileExtension: fileExtension)
      } else if url.pathExtension.lowercased() == "zip" {
        try addArchive(url.path, label: url.lastPathComponent, fileExtension: fileExtension)
      } else {
        files.append(InputListing.file(url.path, facts, label: url.lastPathComponent))
      }
    }
    files.sort { ($0.label, $0.claimedBytes, $0.stamp) < ($1.label, $1.claimedBytes, $1.stamp) }
    strays.sort()
  }

  private mutating func addFolder(_ folder: URL, label: String, fileExtension: String) throws {
    let resolved = folder.resolvingSymlinksInPath()
    guard let paths = FileManager.default.enumerator(atPath: resolved.path) else {
      throw InputError(folder.path, found: "a folder that cannot be read", kind: .noInput)
    }
    while let path = paths.nextObject() as? String {
      let full = resolved.appendingPathComponent(path).path
      guard let facts = FileFacts(path: full), !facts.isFolder else { continue }
      switch URL(fileURLWithPath: path).pathExtension.lowercased() {
      case fileExtension: files.append(InputListing.file(full, facts, label: "\(label)/\(path)"))
      case "zip": try addArchive(full, label: "\(label)/\(path)", fileExtension: fileExtension)
      default: strays.append("\(label)/\(path)")
      }
    }
  }

  private mutating func addArchive(_ path: String, label: String, fileExtension: String) throws {
    for member in try ZipArchive(path: path).members() where !member.name.hasSuffix("/") {
      let file = RawFile(
        origin: .member(archive: path, index: member.index), label: "\(label)/\(member.name)",
        claimedBytes: member.claimedBytes, stamp: UInt64(member.checksum))
      if file.fileExtension == fileExtension { files.append(file) } else { strays.append(file.label) }
    }
  }

  private static func file(_ path: String, _ facts: FileFacts, label: String) -> RawFile {
    RawFile(origin: .file(path: path), label: label, claimedBytes: facts.bytes, stamp: facts.changed)
  }
}
