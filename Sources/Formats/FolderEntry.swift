import Foundation
import Skeleton

/// A file below a folder.
struct FolderEntry {
  /// Its path from the folder on.
  let name: MemberName
  let path: String
  let bytes: UInt64
  let changed: UInt64
  /// Why it is not to be read, where that is so.
  let fault: InputListing.Fault?

  /// All files below a folder, in no particular order. Links to files are followed, links to folders are faults, and so
  /// is whatever cannot be read or is not a regular file.
  ///
  /// - Parameter isLeftOut: whether a folder is passed over, with all that is in it.
  /// - Throws: ``InputError`` if the folder itself cannot be listed.
  static func all(
    below root: String, except isLeftOut: (FileFacts) -> Bool = { _ in false }
  ) throws(InputError) -> [FolderEntry] {
    var entries: [FolderEntry] = []
    var folders = [""]
    while let folder = folders.popLast() {
      guard let names = names(in: root + "/" + folder) else {
        let fault = try unreadable(root + "/" + folder, "cannot be listed")
        if folder.isEmpty { throw InputError(root, found: fault.detail, kind: .noInput) }
        entries.append(FolderEntry(folder, in: root, nil, fault: fault))
        continue
      }
      for name in names {
        let whole = folder.isEmpty ? name[...] : folder.utf8 + [UInt8(ascii: "/")] + name
        let shown = MemberName(whole)
        // A name that is no text cannot be opened by what it is shown as, which may be another file's name.
        if shown.fault?.reason == .badName {
          entries.append(FolderEntry(shown, in: root, nil, fault: shown.fault))
          continue
        }
        let path = String(decoding: whole, as: UTF8.self)
        let (facts, fault) = try look(at: root + "/" + path)
        if let facts, facts.kind == .folder, fault == nil {
          if !isLeftOut(facts) { folders.append(path) }
        } else {
          entries.append(FolderEntry(path, in: root, facts, fault: fault))
        }
      }
    }
    return entries
  }

  private init(_ name: String, in root: String, _ facts: FileFacts?, fault: InputListing.Fault?) {
    self.init(MemberName(name.utf8), in: root, facts, fault: fault)
  }

  private init(_ name: MemberName, in root: String, _ facts: FileFacts?, fault: InputListing.Fault?) {
    self.name = name
    path = root + "/" + name.text
    bytes = facts?.bytes ?? 0
    changed = facts?.changed ?? 0
    self.fault = fault
  }

  private static func look(at path: String) throws(InputError) -> (FileFacts?, InputListing.Fault?) {
    guard let facts = FileFacts(path: path) else { return (nil, try unreadable(path, "cannot be opened")) }
    switch facts.kind {
    case .file: return (facts, nil)
    case .folder:
      let isLink = FileFacts(path: path, followingLinks: false)?.kind == .link
      return (facts, isLink ? .init(.linkedFolder, "a link to a folder, which is not entered") : nil)
    default: return (facts, .init(.specialFile, "a pipe, a socket or a device"))
    }
  }

  /// What the system's last error makes of a path; a system that fails is an error of its own.
  private static func unreadable(_ path: String, _ what: String) throws(InputError) -> InputListing.Fault {
    let found = "\(what): \(FileFacts.lastError)"
    if FileFacts.lastErrorIsOfThePath { return .init(.unreadable, found) }
    throw InputError(path, found: found, kind: .inputOutput)
  }

  /// The names in a folder as bytes, the folder itself and its parent left out; nil, with `errno` set, if there is none.
  private static func names(in folder: String) -> [[UInt8]]? {
    // The stream is used and closed here alone.
    guard let stream = unsafe opendir(folder) else { return nil }
    defer { unsafe closedir(stream) }
    var names: [[UInt8]] = []
    while true {
      errno = 0
      // An entry is the system's until the next one is asked for; its name is copied out of it at once.
      guard let entry = unsafe readdir(stream) else { break }
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
      if name != [UInt8(ascii: ".")] && name != [UInt8](repeating: UInt8(ascii: "."), count: 2) {
        names.append(name)
      }
    }
    // A list that breaks off looks like one that ends, but for this.
    if errno != 0 { return nil }
    return names
  }
}
