extension String {
  /// The word that needs the fewest changed letters, when that is few enough to be a slip; nil if none is near.
  ///
  /// - Parameter words: what could have been meant; of two that are as near, the first is taken.
  public func nearest(among words: [String]) -> String? {
    let ranked = words.map { (word: $0, distance: editDistance(to: $0)) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= max(2, count / 3),
      best.distance < max(count, best.word.count)
    else { return nil }
    return best.word
  }

  /// `did you mean pretrain?`, or nothing where no word is near: a hint for what was found in place of a word.
  public func hint(among words: [String]) -> String {
    nearest(among: words).map { "did you mean \($0)?" } ?? ""
  }

  /// Letters that are added, left out, replaced, or have changed places with the next one.
  func editDistance(to other: String) -> Int {
    let (left, right) = (Array(self), Array(other))
    var before: [Int] = []
    var last = Array(0...right.count)
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        var least = Swift.min(last[j] + (left[i] == right[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          least = Swift.min(least, before[j - 1] + 1)
        }
        row.append(least)
      }
      (before, last) = (last, row)
    }
    return last[right.count]
  }
}
