import Skeleton

extension InputError {
  /// Refuses a number that another one does not divide.
  ///
  /// - Throws: an `InputError` that names the setting.
  static func requireMultiple(
    _ value: Int, at key: String, of divisor: Int, _ name: String? = nil, in file: String
  ) throws {
    guard !value.isMultiple(of: divisor) else { return }
    throw InputError(
      file, at: key, found: "\(value)",
      expected: "a multiple of " + (name.map { "\($0), \(divisor)" } ?? "\(divisor)"))
  }
}
