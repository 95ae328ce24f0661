/// How far data may grow when they are unpacked.
///
/// Text deflates to a third, and rows of zeros to a thousandth, so that a ratio alone says little about small files.
/// What is neither small nor of a plausible ratio is made to waste time.
enum Expansion {
  /// More than this many times its packed size is too much.
  static let ratio = 200
  /// As much as anything may grow to.
  private static let harmless = 8 << 20

  /// The most bytes that so many packed ones may become.
  static func limit(packed: Int) -> Int { max(harmless, ratio * packed) }
}
