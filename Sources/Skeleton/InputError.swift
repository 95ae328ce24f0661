/// Something that the user gave is wrong: a file, a setting, an argument.
///
/// One type for all of them, so that every message says the same five things in the same order: which file,
/// where in it, what was found, what was expected, and what to do about it. A wrong *program* traps instead.
public struct InputError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file, folder, member of an archive or setting that is wrong.
  public var file: String
  /// Where in it: `byte 1432`, `line 3, column 9`, `samples/start`. Empty when the whole of it is wrong.
  public var place: String
  /// What stands there.
  public var found: String
  /// What should stand there. Empty when `found` says it all.
  public var expected: String
  /// What the user can do. Empty when there is nothing sensible to say.
  public var hint: String
  /// What sort of trouble it is.
  public var kind: Kind

  /// Sorts of trouble; a command's exit status tells them apart, with the numbers of `sysexits.h`.
  public enum Kind: Int32, Sendable {
    /// What is there is not what it should be.
    case badData = 65
    /// It is not there.
    case noInput = 66
    /// A file or folder cannot be made.
    case cannotCreate = 73
    /// Reading or writing failed: a full disk, a broken one.
    case inputOutput = 74
    /// Somebody else is at it; later it may work.
    case busy = 75
  }

  /// Describes what is wrong.
  public init(
    _ file: String, at place: String = "", found: String, expected: String = "", hint: String = "",
    kind: Kind = .badData
  ) {
    self.file = file
    self.place = place
    self.found = found
    self.expected = expected
    self.hint = hint
    self.kind = kind
  }

  /// `file: place: found, expected …` and the hint on a line of its own, fit to be shown.
  public var description: String {
    var text = file.visibleLine
    if !place.isEmpty { text += ": \(place.visibleLine)" }
    text += ": \(found.visible)"
    if !expected.isEmpty { text += "; expected \(expected.visible)" }
    if !hint.isEmpty { text += "\n  hint: \(hint.visible)" }
    return text
  }
}
