import Foundation
import Reporting
import Shards
import Skeleton
import Training

extension RunPage {
  /// What the page is of, which it says in its head, so that a later page of the same run may take its place.
  var subject: String { "run \(name) with recipe \(SHA256Digest.hex(of: Data(run.recipe.utf8)))" }

  /// Writes the page. A page of the same run is brought up to date.
  ///
  /// - Parameter isReplacing: whether anything else that is there is replaced too.
  /// - Throws: an `InputError` if something else is there.
  public func write(to url: URL, isReplacing: Bool = false) throws {
    if !isReplacing, let start = try Self.start(of: url) {
      let mark = #"<meta name="subject" content="\#(HTML.escaped(subject))">"#
      guard start.range(of: Data(mark.utf8)) != nil else {
        throw InputError.exists(url.path, "something else than a page of this run")
      }
    }
    try AtomicFile.write(Data(html.utf8), to: url)
  }

  /// The first bytes of what is there, which have a page's head; nil if nothing is.
  private static func start(of url: URL) throws -> Data? {
    do { return try Disk.start(of: url.path, upTo: 16384).bytes } catch let error as InputError
      where error.kind == .noInput
    { return nil }
  }
}
