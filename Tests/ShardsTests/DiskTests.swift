import Foundation
import Glibc
import Skeleton
import Testing

@testable import Shards

@Suite struct DiskTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("disk-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// A folder whose path has so many bytes.
  private func deep(_ length: Int) throws -> URL {
    var url = folder
    while length - url.path.utf8.count > 202 { url.append(component: String(repeating: "x", count: 100)) }
    while length - url.path.utf8.count > 1 {
      url.append(component: String(repeating: "y", count: min(length - url.path.utf8.count - 1, 100)))
    }
    try Disk.makeFolder(url)
    return url
  }

  @Test func secondNamesAreRightForPathsOfAnyLength() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    for length in [200, 990, 1000, 1021, 1024, 1100, 1300, 2000, 4000] {
      let url = try deep(length)
      let (file, other) = (url.appendingPathComponent("a"), url.appendingPathComponent("b"))
      try AtomicFile.write(Data([1, 2]), to: file)
      for _ in 0..<3 { try Disk.duplicate(file, as: other) }
      #expect(try Disk.names(in: url).prefix(2) == ["a", "b"], "\(length)")
      #expect(try Disk.read(other) == Data([1, 2]))
      let fresh = try Disk.names(in: url)
      #expect(fresh == ["a", "b"])
    }
    #expect { try deep(4200) } throws: { ($0 as? InputError)?.kind == .cannotCreate }
  }

  @Test func nothingButAPlainFileIsOpenedForWriting() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("file")
    try Data("text".utf8).write(to: file)
    let place = folder.appendingPathComponent("place")
    let plants: [() throws -> Void] = [
      { try FileManager.default.createSymbolicLink(at: place, withDestinationURL: file) },
      { #expect(unsafe symlink("nowhere", place.path) == 0) },
      { #expect(unsafe link(file.path, place.path) == 0) },
      { #expect(unsafe mkfifo(place.path, 0o600) == 0) },
      { try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false) },
      { #expect(unsafe symlink("/dev/null", place.path) == 0) },
    ]
    for plant in plants {
      try plant()
      #expect { try Disk.openOwn(place) } throws: { ($0 as? InputError)?.kind == .cannotCreate }
      try FileManager.default.removeItem(at: place)
    }
    #expect(try Disk.read(file) == Data("text".utf8))
    close(try Disk.openOwn(place))
  }

  @Test func nothingIsWaitedForOnReading() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let pipe = folder.appendingPathComponent("pipe")
    #expect(unsafe mkfifo(pipe.path, 0o600) == 0)
    #expect(throws: InputError.self) { try Disk.read(pipe) }
    #expect(throws: InputError.self) { try OpenFile(pipe) }
    #expect(throws: InputError.self) { try OpenFile(URL(fileURLWithPath: "/dev/zero")) }
    #expect { try OpenFile(pipe.appendingPathExtension("none")) } throws: {
      ($0 as? InputError)?.kind == .noInput
    }
  }

  @Test(arguments: [
    (#"{"a":1,"a":2}"#, "a"), (#"{"x":{"b":[{"c":1,"d":2,"c":3}]}}"#, "c"), (#"{"a":1,"\u0061":2}"#, "a"),
    (#"{"\"":1,"b":{},"\"":2}"#, "\""), (#"[{"a":1},{"a":1}]"#, nil),
    (#"{"a":"a","b":["a","a"],"c":{"a":1}}"#, nil),
    (#"{"a":"x\\","b":1}"#, nil), ("{", nil), ("}}", nil), (#"{"a"#, nil), ("", nil),
  ])
  func aNameTwiceIsFound(json: String, name: String?) {
    #expect(JSONNames.repeated(in: Data(json.utf8)) == name)
  }

  @Test func aListTwiceIsRefused() throws {
    struct Lists: Decodable { var train: [String] }
    let url = folder.appendingPathComponent("x.json")
    #expect(throws: InputError.self) {
      try JSONFile.read(Lists.self, Data(#"{"train":["a"],"train":["b"]}"#.utf8), url)
    }
    #expect(try JSONFile.read(Lists.self, Data(#"{"train":["a"]}"#.utf8), url).train == ["a"])
  }
}
