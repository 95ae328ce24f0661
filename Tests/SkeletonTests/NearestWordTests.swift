import Testing

@testable import Skeleton

@Suite struct NearestWordTests {
  @Test func slipsAreTaken() {
    #expect("convret".nearest(among: ["convert", "compare"]) == "convert")
    #expect("xveiw".nearest(among: ["xsub", "xview", "xset"]) == "xview")
    #expect("shoe".nearest(among: ["benchmark", "pretrain"]) == nil)
    #expect("ab".nearest(among: ["xy"]) == nil)
    #expect("a".nearest(among: []) == nil)
    #expect("cdm".hint(among: ["cmd"]) == "did you mean cmd?")
  }

  @Test func distancesCountChangedLetters() {
    for (left, right, distance) in [
      ("", "", 0), ("abc", "", 3), ("", "ab", 2), ("kitten", "sitting", 3), ("ab", "ba", 1),
      ("abcd", "acbd", 1),
      ("größe", "grösse", 2),
    ] {
      #expect(left.editDistance(to: right) == distance, "\(left) \(right)")
      #expect(right.editDistance(to: left) == distance, "\(right) \(left)")
    }
  }
}
