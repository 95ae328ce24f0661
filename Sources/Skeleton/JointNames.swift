/// Names of joints as people write them: `left_shoulder`, `LShoulder`, `Shoulder Left`, `shoulderLeft` are one.
public struct JointNames: Sendable {
  private let places: [[String]: Int]

  /// The names of a layout.
  public init(_ names: [String]) {
    places = Dictionary(
      names.enumerated().map { (JointNames.words($1), $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The joint that a name means; nil where it means none.
  public subscript(name: some StringProtocol) -> Int? { places[JointNames.words(name)] }

  /// The words of a name, in order: what is between signs, and between small and capital letters; `l` and `r` are sides.
  static func words(_ name: some StringProtocol) -> [String] {
    var words: [String] = []
    var word = ""
    var before: Character = " "
    func isSide(_ word: String) -> Bool { word == "l" || word == "r" }
    func end(_ word: inout String) {
      if !word.isEmpty { words.append(word == "l" ? "left" : word == "r" ? "right" : word) }
      word = ""
    }
    for letter in name {
      guard letter.isLetter || letter.isNumber else {
        end(&word)
        before = letter
        continue
      }
      // LShoulder is a side and a name, NECK is one word.
      let begins = letter.isUppercase && before.isLowercase
      let splitsSide =
        letter.isLowercase && before.isUppercase && word.count == 2 && isSide(String(word.prefix(1)))
      if begins { end(&word) }
      if splitsSide {
        let rest = word.removeLast()
        end(&word)
        word.append(rest)
      }
      word.append(contentsOf: letter.lowercased())
      before = letter
    }
    end(&word)
    return words.sorted()
  }
}
