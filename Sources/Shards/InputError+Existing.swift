import Skeleton

extension InputError {
  /// What an output that is there already is refused with.
  ///
  /// - Parameters:
  ///   - path: the file or folder.
  ///   - found: what it is, such as `the result of another evaluation`.
  public static func exists(_ path: String, _ found: String) -> InputError {
    InputError(
      path, found: "\(found) is there already", hint: "choose another --output, or replace it with --force",
      kind: .cannotCreate)
  }
}
