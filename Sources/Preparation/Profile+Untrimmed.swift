extension Profile {
  /// The profile for untrimmed recordings: without the steps that leave out, move or repeat frames, since labels count
  /// them.
  var keepingTime: Profile {
    Profile(
      name: name, bodies: bodies,
      steps: steps.filter { step in
        switch step {
        case .cut, .closeGaps: false
        case .centre, .rotate: true
        }
      })
  }
}
