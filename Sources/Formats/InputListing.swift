import Foundation
import Skeleton

/// What the given inputs hold, found by names and directories, without reading the files themselves.
public struct InputListing: Sendable {
  /// The files with a wanted extension, ordered by label; the order of the inputs has no influence.
  public private(set) var files: [RawFile] = []
  /// The labels of all other files, in order: read-mes, lists, what file managers leave behind.
  public private(set) var strays: [String] = []
  /// What could not or must not be read, ordered by label.
  public private(set) var refused: [Refusal] = []

  private let extensions: Set<String>
  /// The folder that is going to be written, which is no input though it may lie in one.
  private let output: (path: String, facts: FileFacts)?

  /// Lists folders with all that is below them, zip and tar archives, and single files.
  ///
  /// Archives inside folders are opened too; archives inside archives are refused. A link to a file is followed, one to
  /// a folder below an input is not, and a single file is taken whatever its extension is. `X.skeleton.gz` counts as
  /// `X.skeleton`, wherever it is.
  ///
  /// - Parameters:
  ///   - inputs: paths as the user wrote them.
  ///   - extensions: the wanted extensions, in lower case: `skeleton`.
  ///   - output: the folder that is going to be written: what lies in it is passed over, so that a list is the same
  ///     before and after.
  /// - Throws: `InputError` for an input that is not there, or an archive that cannot be opened, and for an output
  ///   that is an input, or holds files with a wanted extension.
  public init(inputs: [String], extensions: Set<String>, writing output: String? = nil) throws {
    self.extensions = extensions
    self.output = output.flatMap { path in FileFacts(path: path).map { (path, $0) } }
    for input in inputs {
      let url = URL(fileURLWithPath: input).standardizedFileURL
      guard let facts = FileFacts(path: url.path) else {
        throw InputError(input, found: "no such file or folder", kind: .noInput)
      }
      if isOutput(facts) {
        throw InputError(
          input, found: "the folder that is to be written", expected: "another one",
          hint: "a folder in it will do: its files are not read then")
      }
      let label = url.lastPathComponent
      switch (facts.kind, ArchiveKind(name: label)) {
      case (.folder, _): try addFolder(url.resolvingSymlinksInPath().path, label: label)
      case (.file, .zip), (.file, .tar): try addArchive(url.path, label: label)
      case (.file, .other(let hint)):
        throw InputError(input, found: "an archive of a kind that is not read", hint: hint)
      case (.file, nil):
        files.append(
          RawFile(
            origin: .file(path: url.path), label: label, claimedBytes: facts.bytes, stamp: facts.changed))
      default: throw InputError(input, found: "no file and no folder", kind: .noInput)
      }
    }
    files.sort { ($0.label, $0.claimedBytes, $0.stamp) < ($1.label, $1.claimedBytes, $1.stamp) }
    strays.sort()
    refused.sort { ($0.label, $0.fault.reason.rawValue) < ($1.label, $1.fault.reason.rawValue) }
  }

  private mutating func addFolder(_ folder: String, label: String) throws {
    var meetsOutput = false
    let entries = try FolderEntry.all(below: folder) { facts in
      guard isOutput(facts) else { return false }
      meetsOutput = true
      return true
    }
    if meetsOutput, let output { try checkNoInput(in: output.path) }
    for entry in entries {
      let label = entry.name.text.isEmpty ? label : "\(label)/\(entry.name.text)"
      if let fault = entry.fault {
        refuse(label, fault)
        continue
      }
      switch ArchiveKind(name: label) {
      case .zip, .tar: try addArchive(entry.path, label: label)
      case .other(let hint):
        refuse(label, Fault(.archiveKind, "an archive of a kind that is not read; \(hint)"))
      case nil:
        add(
          RawFile(
            origin: .file(path: entry.path), label: label, claimedBytes: entry.bytes, stamp: entry.changed))
      }
    }
  }

  private mutating func addArchive(_ path: String, label: String) throws {
    let file = try RegularFile(path: path)
    let members =
      ArchiveKind(name: path) == .tar ? try TarIndex(of: file).members : try ZipIndex(of: file).members
    let archive = ListedArchive(path: path, facts: file.facts)
    let uses = members.reduce(into: [String: Int]()) { $0[$1.name.text, default: 0] += 1 }
    for member in members where !member.name.isFolder {
      let label = "\(label)/\(member.name.text)"
      if let fault = member.name.fault ?? member.fault {
        refuse(label, fault)
      } else if uses[member.name.text] != 1 {
        refuse(label, Fault(.duplicateName, "several members of the archive have this name"))
      } else if ArchiveKind(name: label) != nil {
        refuse(label, Fault(.nestedArchive, "an archive inside an archive; unpack the outer one"))
      } else {
        add(
          RawFile(
            origin: .member(archive: archive, member.place), label: label, claimedBytes: member.claimedBytes,
            stamp: member.stamp))
      }
    }
  }

  private func isOutput(_ facts: FileFacts) -> Bool {
    output.map { ($0.facts.device, $0.facts.inode) == (facts.device, facts.inode) } ?? false
  }

  /// What is passed over must not be what somebody wants to be read.
  private func checkNoInput(in folder: String) throws {
    for entry in try FolderEntry.all(below: folder) {
      let file = RawFile(origin: .file(path: entry.path), label: entry.name.text, claimedBytes: 0, stamp: 0)
      if isWanted(file) {
        throw InputError(
          entry.path, found: "a recording in the folder that is to be written", expected: "none there",
          hint: "choose another --output")
      }
    }
  }

  private mutating func add(_ file: RawFile) {
    if isWanted(file) { files.append(file) } else { strays.append(file.label) }
  }

  private mutating func refuse(_ label: String, _ fault: Fault) {
    let file = RawFile(origin: .file(path: ""), label: label, claimedBytes: 0, stamp: 0)
    refused.append(Refusal(label: label, stem: file.stem, fault: fault, isWanted: isWanted(file)))
  }

  /// Whether its extension is wanted; macOS leaves files `._X` beside each X, which hold something else.
  private func isWanted(_ file: RawFile) -> Bool {
    extensions.contains(file.fileExtension) && !file.stem.hasPrefix("._")
  }
}

extension InputListing {
  /// Something that could not or must not be read, and why.
  public struct Refusal: Sendable, Equatable {
    /// What reports call it.
    public let label: String
    /// Its name without folders and extension, as ``RawFile/stem``.
    public let stem: String
    /// Why.
    public let fault: Fault
    /// Whether its extension is a wanted one, so that a recording may be missed.
    public let isWanted: Bool
  }

  /// Why something is not read.
  public struct Fault: Sendable, Equatable {
    /// One word for totals.
    public let reason: Reason
    /// A sentence.
    public let detail: String

    init(_ reason: Reason, _ detail: String) {
      self.reason = reason
      self.detail = detail
    }
  }

  /// The reasons for which something is not read.
  public enum Reason: String, Sendable, CaseIterable {
    /// An absolute path, `..`, a backslash or a drive: names of a kind that only an attack or a mistake has.
    case unsafePath = "unsafe-path"
    /// A name that is empty, no UTF-8, or has control characters.
    case badName = "bad-name"
    /// More than one member of an archive has the name.
    case duplicateName = "duplicate-name"
    /// A link inside an archive.
    case link
    /// A link to a folder inside a folder: what it leads to can be given itself.
    case linkedFolder = "linked-folder"
    /// A pipe, a socket, a device.
    case specialFile = "special-file"
    /// A member that needs a password.
    case encrypted
    /// A way of compression other than deflate.
    case compressionMethod = "compression-method"
    /// Sizes that contradict each other, or are beyond the archive's own.
    case sizeMismatch = "size-mismatch"
    /// Bytes that belong to another member as well.
    case overlap
    /// A sparse file of a tar archive.
    case sparse
    /// An archive inside an archive.
    case nestedArchive = "nested-archive"
    /// `.tar.gz`, `.7z`, `.rar` and the like.
    case archiveKind = "archive-kind"
    /// A file or folder that the system does not open.
    case unreadable
  }
}
