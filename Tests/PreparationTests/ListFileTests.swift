import Foundation
import Skeleton
import Testing

@testable import Preparation

/// Lists that users give, as editors and spreadsheets leave them.
@Suite struct ListFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func file(_ bytes: [UInt8]) throws -> String {
    let path = folder.path("list.txt")
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test func otherSpellingsOfTheSameAreRead() throws {
    let names = ["S001C001P001R001A001", "S001C002P003R002A013"]
    for text in [
      names.joined(separator: "\n"), names.joined(separator: ","), names.joined(separator: "; "),
      "\u{FEFF}" + names.joined(separator: "\r\n"), names.map { "raw/\($0).skeleton\n" }.joined(),
    ] {
      #expect(try Exclusion(argument: try file(Array(text.utf8))) == .list(names), "\(text.debugDescription)")
    }
    #expect(try ClassList.labels(try file(Array("\u{FEFF}60;A062\n".utf8)), of: .ntu120) == [60, 61])
    #expect(try ClassNames(argument: try file(Array("\u{FEFF}one\ntwo\n".utf8))) == .list(["one", "two"]))
    let videos = "\u{FEFF}Training videos:\n0002-L; 0003-L\nValidataion videos:\n0004-L\n"
    let list = try VideoList(contentsOf: try file(Array(videos.utf8)), for: .pkummd1)
    #expect(list.part(of: try #require(VideoName("0003-L"))) == .train)
  }

  @Test func textThatIsNoneIsNamed() throws {
    var utf16: [UInt8] = [0xff, 0xfe]
    for byte in "S001C001P001R001A001".utf8 { utf16 += [byte, 0] }
    let error = #expect(throws: InputError.self) { try Exclusion(argument: try file(utf16)) }
    #expect(error?.found.contains("UTF-16") == true)
    #expect(throws: InputError.self) { try Exclusion(argument: try file([0xc3, 0x28])) }
    let none = #expect(throws: InputError.self) { try Exclusion(argument: folder.path("none.txt")) }
    #expect(none?.kind == .noInput && none?.hint.contains("--exclude") == true)
  }
}
