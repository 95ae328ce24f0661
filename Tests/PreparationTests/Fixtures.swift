import Foundation
import Skeleton

/// Folders of outside data; tests that need them say so and pass where they are not there.
enum Outside {
  static let oracles = folder("SKELETON_ORACLES", "oracles")
  static let data = folder("SKELETON_DATA", "data")
  static let protocols = folder("SKELETON_PROTOCOLS", "protocols")

  private static func folder(_ variable: String, _ name: String) -> URL {
    if let path = ProcessInfo.processInfo.environment[variable] { return URL(fileURLWithPath: path) }
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return package.deletingLastPathComponent().appendingPathComponent("shared/\(name)")
  }

  static func has(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }
}

/// A folder that goes when the test is over.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("skeleton-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// All files below a folder of this one, by relative path, and what is in them.
  func contents(of name: String) throws -> [String: Data] {
    let root = url.appendingPathComponent(name)
    var contents: [String: Data] = [:]
    for path in FileManager.default.enumerator(atPath: root.path)?.compactMap({ $0 as? String }) ?? [] {
      let file = root.appendingPathComponent(path)
      var isFolder = false
      if let type = try FileManager.default.attributesOfItem(atPath: file.path)[.type] as? FileAttributeType {
        isFolder = type == .typeDirectory
      }
      if !isFolder { contents[path] = try Data(contentsOf: file) }
    }
    return contents
  }
}

/// Texts in the form of NTU's, written out here so that tests do not depend on the writer.
enum Texts {
  /// A joint line of twelve words.
  static func joint(_ x: String, _ y: String, _ z: String) -> String { "\(x) \(y) \(z) 1 2 3 4 0 0 0 0 2\n" }

  /// A body of 25 joints whose coordinates are given by a function.
  static func body(id: UInt64 = 7, joint: (Int) -> (Double, Double, Double)) -> String {
    "\(id) 0 1 1 1 1 0 0.1 0.2 2\n25\n"
      + (0..<25).map { index in
        let (x, y, z) = joint(index)
        return Texts.joint("\(x)", "\(y)", "\(z)")
      }.joined()
  }

  /// One frame, one body, joint v at (v, v + 0.25, −v).
  static let small = "1\n1\n" + body { (Double($0), Double($0) + 0.25, -Double($0)) }
}
